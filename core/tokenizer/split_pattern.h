// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace core {

/** A regular expression over UTF-8 text, as tokenizer files write them (Oniguruma's syntax, run by PCRE2). `\s` and `\S` are
    Unicode's White_Space, `^` and `$` match at every line. Immutable and safe to share between threads. */
class SplitPattern
{
public:
    /** Throws Error(Unsupported) with PCRE2's message, the pattern and `origin` where it does not compile. */
    SplitPattern(const std::string& pattern, const std::string& origin);

    /** Begin and end of all matches that are not empty, left to right. `text` must be well-formed UTF-8. */
    std::vector<std::pair<std::size_t, std::size_t>> matches(std::string_view text) const;

private:
    std::shared_ptr<const void> m_code;
    std::string m_origin;
};

/** A pattern that matches exactly `text`. */
std::string literalPattern(std::string_view text);

} // namespace core
