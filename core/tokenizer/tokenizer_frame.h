// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/tokenizer/added_tokens.h"
#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/tokenizer_settings.h"
#include "core/tokenizer/vocabulary.h"

namespace core {

/** What every kind of tokenizer keeps around its vocabulary: the ids in front of and behind a text, and the chat template. */
struct TokenizerFrame
{
    std::optional<int> bos;
    std::optional<int> eos;
    std::vector<int> before; // what SpecialTokens::Add puts around a text
    std::vector<int> behind;
    std::vector<int> endIds; // ids after which a reply is complete: eos first, then those of generation_config.json
    std::string chatTemplate;
};

/** The part of a tokenizer that does not depend on how pieces are found. */
class FramedTokenizer : public Tokenizer
{
public:
    std::vector<int> encode(std::string_view text, SpecialTokens special) const override;
    std::string decode(std::span<const int> ids) const override;

    std::optional<int> bosId() const override { return m_frame.bos; }
    std::optional<int> eosId() const override { return m_frame.eos; }
    std::vector<int> endIds() const override { return m_frame.endIds; }
    const std::string& chatTemplate() const override { return m_frame.chatTemplate; }
    Vocabulary vocabulary() const override;

protected:
    explicit FramedTokenizer(TokenizerFrame frame)
        : m_frame(std::move(frame))
    {
    }

    /** Appends the ids of `text`, which is well-formed UTF-8 and not empty. */
    virtual void encodeText(std::string_view text, std::vector<int>& ids) const = 0;

    /** The vocabulary without what stands around a text. */
    virtual Vocabulary pieces() const = 0;

    /** Throws Error(InvalidArgument) for an id outside the vocabulary. */
    void requireId(int id) const;

private:
    TokenizerFrame m_frame;
};

/** Fills bos, eos, endIds and the template from what the files say: the token named by the tokenizer's configuration, else
    the vocabulary's own, else the model's configuration. `idOf` turns a token into its id. */
template <typename IdOf>
void frameFromSettings(const TokenizerSettings& settings, std::optional<int> ownBos, std::optional<int> ownEos,
                       IdOf idOf, TokenizerFrame& frame)
{
    const auto named = [&idOf](const std::optional<std::string>& token) -> std::optional<int> {
        return token ? idOf(*token) : std::nullopt;
    };
    frame.bos = named(settings.bosToken);
    if (!frame.bos)
        frame.bos = ownBos ? ownBos : settings.bosId;
    frame.eos = named(settings.eosToken);
    if (!frame.eos)
        frame.eos = ownEos;
    if (!frame.eos && !settings.endIds.empty())
        frame.eos = settings.endIds.front();
    if (frame.eos)
        frame.endIds.push_back(*frame.eos);
    for (const int id : settings.endIds) {
        if (id != frame.eos)
            frame.endIds.push_back(id);
    }
    frame.chatTemplate = settings.chatTemplate;
}

} // namespace core
