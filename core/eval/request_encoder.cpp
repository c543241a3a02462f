// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/eval/python_text.h"
#include "core/eval/scoring.h"

#include <algorithm>

namespace core {

namespace {

std::vector<int> encodeOnce(const Tokenizer& tokenizer, const std::string& text)
{
    const auto bos = tokenizer.bosId();
    const auto spelled = bos ? tokenizer.piece(*bos) : std::string();
    const bool hasBos = !spelled.empty() && text.starts_with(spelled);
    return tokenizer.encode(text, hasBos ? SpecialTokens::Omit : SpecialTokens::Add);
}

int prefixToken(const Tokenizer& tokenizer)
{
    if (const auto bos = tokenizer.bosId())
        return *bos;
    if (const auto eos = tokenizer.eosId())
        return *eos;
    throw Error(ErrorKind::InvalidArgument,
                "a request without context needs a tokenizer with a BOS or EOS token, and this one has neither");
}

EncodedRequest encodeWithoutContext(const Tokenizer& tokenizer, const std::string& continuation)
{
    const int prefix = prefixToken(tokenizer);
    EncodedRequest encoded{{prefix}, tokenizer.encode(continuation, SpecialTokens::Omit)};
    if (!encoded.continuation.empty() && encoded.continuation.front() == prefix)
        encoded.continuation.erase(encoded.continuation.begin());
    return encoded;
}

} // namespace

EncodedRequest RequestEncoder::encode(const ScoreRequest& request)
{
    if (request.continuation.empty())
        throw Error(ErrorKind::InvalidArgument, "the continuation is empty: there is nothing to score");
    EncodedRequest encoded;
    if (request.context.empty()) {
        encoded = encodeWithoutContext(m_tokenizer, request.continuation);
    } else {
        const auto whole = encodeOnce(m_tokenizer, request.context + request.continuation);
        const auto context = request.context.substr(0, lengthWithoutTrailingWhitespace(request.context));
        if (m_contextIds.empty() || context != m_context) {
            m_contextIds = encodeOnce(m_tokenizer, context);
            m_context = context;
        }
        encoded.context = m_contextIds;
        const auto cut = std::min(encoded.context.size(), whole.size());
        encoded.continuation.assign(whole.begin() + static_cast<std::ptrdiff_t>(cut), whole.end());
        // Whitespace alone, and a tokenizer that puts nothing in front: something must still precede the continuation.
        if (encoded.context.empty())
            encoded.context.push_back(prefixToken(m_tokenizer));
    }
    if (encoded.continuation.empty())
        throw Error(ErrorKind::InvalidArgument, "the continuation has no tokens of its own after its context");
    return encoded;
}

EncodedRequest encodeRequest(const Tokenizer& tokenizer, const ScoreRequest& request)
{
    return RequestEncoder(tokenizer).encode(request);
}

ScoringRow makeRow(const EncodedRequest& encoded, std::int64_t maxLength, std::int64_t vocab)
{
    const auto scored = static_cast<std::int64_t>(encoded.continuation.size());
    if (scored > maxLength)
        throw Error(ErrorKind::InvalidArgument,
                    "its continuation of " + std::to_string(scored) + " tokens is longer than the model's "
                        + std::to_string(maxLength));
    ScoringRow row{encoded.context, scored};
    row.ids.insert(row.ids.end(), encoded.continuation.begin(), encoded.continuation.end());
    if (row.inputs() > maxLength)
        row.ids.erase(row.ids.begin(), row.ids.end() - (maxLength + 1));
    for (const int id : row.ids)
        if (id < 0 || id >= vocab)
            throw Error(ErrorKind::InvalidArgument,
                        "id " + std::to_string(id) + " is outside the model's vocabulary of " + std::to_string(vocab));
    return row;
}

} // namespace core
