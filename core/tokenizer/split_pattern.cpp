// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/split_pattern.h"

#include "core/base/error.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <array>
#include <cstdint>
#include <limits>

namespace core {
namespace {

// Unicode's White_Space. PCRE2's own \s takes U+180E too, which stopped being a space in Unicode 6.3.
constexpr std::string_view kWhiteSpace =
    R"(\x{9}-\x{d}\x{20}\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000})";

std::string withUnicodeWhiteSpace(std::string_view pattern)
{
    std::string changed;
    bool inClass = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        if (c == '\\' && i + 1 < pattern.size()) {
            const char next = pattern[++i];
            if (next == 's')
                changed += inClass ? std::string(kWhiteSpace) : "[" + std::string(kWhiteSpace) + "]";
            else if (next == 'S' && !inClass)
                changed += "[^" + std::string(kWhiteSpace) + "]";
            else
                (changed += c) += next;
            continue;
        }
        if (c == '[' && !inClass)
            inClass = true;
        else if (c == ']' && inClass && !changed.ends_with('[') && !changed.ends_with("[^"))
            inClass = false;
        changed += c;
    }
    return changed;
}

std::string pcreMessage(int code)
{
    std::array<PCRE2_UCHAR, 256> text{};
    pcre2_get_error_message(code, text.data(), text.size());
    return reinterpret_cast<const char*>(text.data());
}

struct Matcher
{
    explicit Matcher(const pcre2_code* code)
        : data(pcre2_match_data_create_from_pattern(code, nullptr), pcre2_match_data_free)
        , context(pcre2_match_context_create(nullptr), pcre2_match_context_free)
    {
        if (!data || !context)
            throw Error(ErrorKind::OutOfMemory, "no memory for matching a pattern");
        pcre2_set_match_limit(context.get(), std::numeric_limits<std::uint32_t>::max());
    }

    std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)> data;
    std::unique_ptr<pcre2_match_context, decltype(&pcre2_match_context_free)> context;
};

} // namespace

SplitPattern::SplitPattern(const std::string& pattern, const std::string& origin)
    : m_origin(origin)
{
    const std::string translated = withUnicodeWhiteSpace(pattern);
    const std::unique_ptr<pcre2_compile_context, decltype(&pcre2_compile_context_free)> context(
        pcre2_compile_context_create(nullptr), pcre2_compile_context_free);
    pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
    int problem = 0;
    PCRE2_SIZE position = 0;
    pcre2_code* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(translated.data()), translated.size(),
                                     PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE, &problem, &position, context.get());
    if (!code)
        throw Error(ErrorKind::Unsupported, "the pattern " + pattern + " cannot be used: " + pcreMessage(problem),
                    origin);
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); // where there is no JIT, pcre2_match interprets
    m_code = std::shared_ptr<const void>(
        code, [](const void* owned) { pcre2_code_free(static_cast<pcre2_code*>(const_cast<void*>(owned))); });
}

std::vector<std::pair<std::size_t, std::size_t>> SplitPattern::matches(std::string_view text) const
{
    const auto* code = static_cast<const pcre2_code*>(m_code.get());
    const Matcher matcher(code);
    const auto subject = reinterpret_cast<PCRE2_SPTR>(text.data());
    const PCRE2_SIZE* found = pcre2_get_ovector_pointer(matcher.data.get());
    std::vector<std::pair<std::size_t, std::size_t>> all;
    for (std::size_t start = 0; start < text.size();) {
        const auto match = [&](std::uint32_t options) {
            return pcre2_match(code, subject, text.size(), start, PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY | options,
                               matcher.data.get(), matcher.context.get());
        };
        int result = match(0);
        if (result == PCRE2_ERROR_JIT_STACKLIMIT)
            result = match(PCRE2_NO_JIT);
        if (result == PCRE2_ERROR_NOMATCH)
            break;
        if (result < 0)
            throw Error(ErrorKind::Unsupported, "splitting a text failed: " + pcreMessage(result), m_origin);
        all.emplace_back(found[0], found[1]);
        start = found[1];
    }
    return all;
}

std::string literalPattern(std::string_view text)
{
    std::string pattern;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x80 && !std::isalnum(static_cast<unsigned char>(c)) && c > ' ')
            pattern += '\\';
        pattern += c;
    }
    return pattern;
}

} // namespace core
