// SPDX-License-Identifier: Apache-2.0
#include "core/base/ids.h"

#include "core/base/error.h"

#include <charconv>

namespace core {

namespace {

struct BlockAndName
{
    int block;
    std::string_view name;
};

BlockAndName splitAtDot(std::string_view text, std::string_view expected)
{
    const auto dot = text.find('.');
    int block = -1;
    if (dot != std::string_view::npos) {
        const auto [end, status] = std::from_chars(text.data(), text.data() + dot, block);
        if (status == std::errc() && end == text.data() + dot && block >= 0)
            return {block, text.substr(dot + 1)};
    }
    throw Error(ErrorKind::InvalidArgument,
                "'" + std::string(text) + "' is not of the form BLOCK." + std::string(expected));
}

} // namespace

Site inputSite(Role role)
{
    switch (role) {
    case Role::O: return Site::AttentionOut;
    case Role::Gate:
    case Role::Up: return Site::MlpIn;
    case Role::Down: return Site::MlpOut;
    default: return Site::AttentionIn;
    }
}

ModuleKind moduleOf(Role role)
{
    return role == Role::Gate || role == Role::Up || role == Role::Down ? ModuleKind::Mlp : ModuleKind::Attention;
}

ModuleKind moduleOf(Site site)
{
    return site == Site::MlpIn || site == Site::MlpOut ? ModuleKind::Mlp : ModuleKind::Attention;
}

std::string_view toString(ModuleKind kind)
{
    return kind == ModuleKind::Attention ? "attention" : "mlp";
}

std::string_view toString(Site site)
{
    constexpr std::string_view names[] = {"AttentionIn", "AttentionOut", "KeyCache", "ValueCache", "MlpIn", "MlpOut"};
    return names[static_cast<int>(site)];
}

std::string_view toString(Role role)
{
    constexpr std::string_view names[] = {"q", "k", "v", "o", "gate", "up", "down", "embedding", "head"};
    return names[static_cast<int>(role)];
}

std::string toString(const ModuleId& id)
{
    return std::to_string(id.block) + "." + std::string(toString(id.kind));
}

std::string toString(const LayerId& id)
{
    if (id.role == Role::Embedding || id.role == Role::Head)
        return std::string(toString(id.role));
    return std::to_string(id.block) + "." + std::string(toString(id.role));
}

std::string toString(const SiteId& id)
{
    return std::to_string(id.block) + "." + std::string(toString(id.site));
}

ModuleId parseModuleId(std::string_view text)
{
    const auto [block, name] = splitAtDot(text, "attention|mlp");
    for (const auto kind : {ModuleKind::Attention, ModuleKind::Mlp})
        if (name == toString(kind))
            return {block, kind};
    throw Error(ErrorKind::InvalidArgument,
                "'" + std::string(text) + "' is not a module: BLOCK.attention or BLOCK.mlp");
}

LayerId parseLayerId(std::string_view text)
{
    for (const auto role : {Role::Embedding, Role::Head})
        if (text == toString(role))
            return {-1, role};
    const auto [block, name] = splitAtDot(text, "q|k|v|o|gate|up|down");
    for (const auto role : kBlockRoles)
        if (name == toString(role))
            return {block, role};
    throw Error(ErrorKind::InvalidArgument,
                "'" + std::string(text) + "' is not a layer: BLOCK.q|k|v|o|gate|up|down, embedding or head");
}

SiteId parseSiteId(std::string_view text)
{
    const auto [block, name] = splitAtDot(text, "AttentionIn|AttentionOut|KeyCache|ValueCache|MlpIn|MlpOut");
    for (const auto site : kSites)
        if (name == toString(site))
            return {block, site};
    throw Error(ErrorKind::InvalidArgument,
                "'" + std::string(text)
                    + "' is not a site: BLOCK.AttentionIn|AttentionOut|KeyCache|ValueCache|MlpIn|MlpOut");
}

} // namespace core
