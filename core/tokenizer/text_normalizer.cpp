// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/text_normalizer.h"

#include "core/base/error.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace core {
namespace {

std::string inForm(UnicodeForm form, std::string_view text)
{
    if (std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
        return std::string(text);
    const bool composed = form == UnicodeForm::C || form == UnicodeForm::Kc;
    const bool compatible = form == UnicodeForm::Kc || form == UnicodeForm::Kd;
    const int options =
        UTF8PROC_STABLE | (composed ? UTF8PROC_COMPOSE : UTF8PROC_DECOMPOSE) | (compatible ? UTF8PROC_COMPAT : 0);
    utf8proc_uint8_t* mapped = nullptr;
    const utf8proc_ssize_t length =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                     &mapped, static_cast<utf8proc_option_t>(options));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, std::free);
    if (length < 0)
        throw Error(ErrorKind::Internal, std::string("Unicode normalization failed: ") + utf8proc_errmsg(length));
    return {reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(length)};
}

std::string applyStep(const TextNormalizer::Step& step, std::string text)
{
    if (const auto* form = std::get_if<UnicodeForm>(&step))
        return inForm(*form, text);
    if (const auto* prepend = std::get_if<TextNormalizer::Prepend>(&step))
        return text.empty() ? text : prepend->text + text;
    const auto& replace = std::get<TextNormalizer::Replace>(step);
    return replaceAll(text, replace.from, replace.to);
}

} // namespace

std::string TextNormalizer::normalize(std::string_view text) const
{
    std::string normalized(text);
    for (const Step& step : m_steps)
        normalized = applyStep(step, std::move(normalized));
    return normalized;
}

std::string replaceAll(std::string_view text, std::string_view from, std::string_view to)
{
    if (from.empty())
        return std::string(text);
    std::string replaced;
    replaced.reserve(text.size());
    for (std::size_t begin = 0;;) {
        const std::size_t found = text.find(from, begin);
        replaced += text.substr(begin, found - begin);
        if (found == std::string_view::npos)
            return replaced;
        replaced += to;
        begin = found + from.size();
    }
}

} // namespace core
