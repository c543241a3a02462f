// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace core {

enum class UnicodeForm { C, D, Kc, Kd };

/** What is done to a text before it is cut: the normalizers of tokenizer.json that language models use, in order. */
class TextNormalizer
{
public:
    struct Prepend
    {
        std::string text; // in front of a text that is not empty
    };

    struct Replace
    {
        std::string from;
        std::string to;
    };

    using Step = std::variant<UnicodeForm, Prepend, Replace>;

    void add(const Step& step) { m_steps.push_back(step); }
    bool empty() const { return m_steps.empty(); }

    /** `text` must be well-formed UTF-8; so is the result. */
    std::string normalize(std::string_view text) const;

private:
    std::vector<Step> m_steps;
};

std::string replaceAll(std::string_view text, std::string_view from, std::string_view to);

} // namespace core
