// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <string>
#include <string_view>

namespace core {

/** The unit of choice: the attention or the feed-forward half of one decoder block. */
enum class ModuleKind { Attention, Mlp };

struct ModuleId
{
    int block = 0;
    ModuleKind kind = ModuleKind::Attention;

    auto operator<=>(const ModuleId&) const = default;
};

/** Where a transform and an activation quantizer act inside a block. */
enum class Site { AttentionIn, AttentionOut, KeyCache, ValueCache, MlpIn, MlpOut };
inline constexpr std::array kSites{Site::AttentionIn, Site::AttentionOut, Site::KeyCache,
                                   Site::ValueCache,  Site::MlpIn,        Site::MlpOut};

struct SiteId
{
    int block = 0;
    Site site = Site::AttentionIn;

    auto operator<=>(const SiteId&) const = default;
};

/** The matrices of a model. The first seven belong to a block, the last two to the model. */
enum class Role { Q, K, V, O, Gate, Up, Down, Embedding, Head };
inline constexpr std::array kBlockRoles{Role::Q, Role::K, Role::V, Role::O, Role::Gate, Role::Up, Role::Down};

struct LayerId
{
    int block = -1; // -1 for Embedding and Head
    Role role = Role::Embedding;

    auto operator<=>(const LayerId&) const = default;
};

/** Where an activation is taken: the site whose values enter the matrix of `role`. */
Site inputSite(Role role);
ModuleKind moduleOf(Role role); // of a block role
ModuleKind moduleOf(Site site);

// The spelling of the command line: "3.attention", "3.q", "embedding", "3.AttentionIn", "q", "mlp".
std::string toString(const ModuleId& id);
std::string toString(const LayerId& id);
std::string toString(const SiteId& id);
std::string_view toString(ModuleKind kind);
std::string_view toString(Site site);
std::string_view toString(Role role);

/** The way back; throws Error(InvalidArgument) that names what was read and what is allowed. */
ModuleId parseModuleId(std::string_view text);
LayerId parseLayerId(std::string_view text);
SiteId parseSiteId(std::string_view text);

} // namespace core
