// SPDX-License-Identifier: Apache-2.0
#include "core/chat/generator.h"

#include "core/base/error.h"
#include "core/chat/sampler.h"
#include "core/io/utf8.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace core {

namespace {

/** One model with its cache: ids in, the next token's logits out. */
class Decoder
{
public:
    Decoder(const Model& model, std::int64_t capacity)
        : m_model(model)
        , m_cache(model.info(), capacity)
    {
    }

    /** Logits after the last of `ids`, float32 [vocab] on the CPU. */
    at::Tensor next(const std::vector<int>& ids, Progress& progress)
    {
        const auto input = at::tensor(ids, at::kLong).unsqueeze(0).to(m_model.device());
        const Tap checkpoint = [&progress](const SiteId&, const at::Tensor&) { progress.checkpoint(); };
        const auto hidden = m_model.hiddenStates(input, &m_cache, &checkpoint);
        const auto last = hidden.select(1, hidden.size(1) - 1);
        return m_model.logits(last).squeeze(0).to(at::kFloat).cpu().contiguous();
    }

private:
    const Model& m_model;
    KvCache m_cache;
};

/** The piece as a reader sees it: SentencePiece spells a space as U+2581. */
std::string shownPiece(const Tokenizer& tokenizer, int id)
{
    static const std::string kSpaceMark = "\xe2\x96\x81";
    if (!tokenizer.isSpecial(id))
        if (auto bytes = tokenizer.bytesOf(id); !bytes.empty() && firstBadUtf8(bytes) == std::string_view::npos)
            return bytes;
    auto text = tokenizer.piece(id);
    for (auto at = text.find(kSpaceMark); at != std::string::npos; at = text.find(kSpaceMark, at + 1))
        text.replace(at, kSpaceMark.size(), " ");
    return text;
}

std::vector<TokenAlternative> mostProbable(const at::Tensor& logProbabilities, int count, const Tokenizer& tokenizer)
{
    std::vector<TokenAlternative> result;
    const auto [values, ids] = logProbabilities.topk(std::min<std::int64_t>(count, logProbabilities.numel()));
    for (std::int64_t i = 0; i < ids.numel(); ++i) {
        const auto id = static_cast<int>(ids[i].item<std::int64_t>());
        result.push_back({id, shownPiece(tokenizer, id), std::exp(values[i].item<double>())});
    }
    return result;
}

/** `logits`, `otherLogits` [vocab]. */
TokenDivergence divergence(int id, const at::Tensor& logits, const at::Tensor& otherLogits, int alternatives,
                           const Tokenizer& tokenizer)
{
    const auto logP = logits.to(at::kDouble).log_softmax(0);
    const auto logQ = otherLogits.to(at::kDouble).log_softmax(0);
    const auto p = logP.exp();
    const auto terms = at::where(p.eq(0.0), at::zeros({}, p.options()), p * (logP - logQ));
    TokenDivergence result{.id = id,
                           .kl = terms.sum().item<double>(),
                           .otherTop = static_cast<int>(otherLogits.argmax().item<std::int64_t>())};
    if (alternatives > 0) {
        result.otherText = shownPiece(tokenizer, result.otherTop);
        result.alternatives = mostProbable(logP, alternatives, tokenizer);
        result.otherAlternatives = mostProbable(logQ, alternatives, tokenizer);
    }
    return result;
}

std::int64_t checkedRoom(const Model& model, const GenerationRequest& request, const GenerationOptions& options,
                         const Model* compared)
{
    if (request.prompt.empty())
        throw Error(ErrorKind::InvalidArgument, "the prompt has no tokens");
    if (options.maxTokens < 0)
        throw Error(ErrorKind::InvalidArgument,
                    "a reply of " + std::to_string(options.maxTokens) + " tokens makes no sense");
    if (compared && compared->info().vocab != model.info().vocab)
        throw Error(ErrorKind::InvalidArgument,
                    "the models have vocabularies of " + std::to_string(model.info().vocab) + " and "
                        + std::to_string(compared->info().vocab) + ": they cannot be compared token by token");
    for (const int id : request.prompt)
        if (id < 0 || id >= model.info().vocab)
            throw Error(ErrorKind::InvalidArgument,
                        "id " + std::to_string(id) + " of the prompt is outside the model's vocabulary of "
                            + std::to_string(model.info().vocab));
    const auto context = compared ? std::min(model.info().context, compared->info().context) : model.info().context;
    const auto room = context - static_cast<std::int64_t>(request.prompt.size());
    if (room < 1 && options.maxTokens > 0)
        throw Error(ErrorKind::InvalidArgument,
                    "the prompt has " + std::to_string(request.prompt.size())
                        + " tokens and leaves no room in the model's context of " + std::to_string(context));
    return std::min<std::int64_t>(room, options.maxTokens);
}

StreamingDecoder textAfter(const std::shared_ptr<const Tokenizer>& tokenizer, const GenerationRequest& request)
{
    StreamingDecoder decoder(tokenizer);
    if (request.text == GenerationRequest::Text::Continuation)
        for (const int id : request.prompt)
            decoder.push(id);
    return decoder;
}

void tell(ChatResult& result, const TokenObserver& observer, GeneratedToken token)
{
    result.text += token.text;
    if (observer)
        observer(token);
}

} // namespace

ChatResult generate(const Model& model, const std::shared_ptr<const Tokenizer>& tokenizer,
                    const GenerationRequest& request, const GenerationOptions& options, const Model* compared,
                    const TokenObserver& observer, Progress& progress)
{
    const at::NoGradGuard withoutGradients;
    const auto room = checkedRoom(model, request, options, compared);
    Sampler sampler(options);
    ChatResult result;
    result.promptIds = request.prompt;
    result.promptTokens = static_cast<int>(request.prompt.size());
    result.stopReason = "length";
    if (room == 0)
        return result;

    // The last token is chosen and never read, so the caches hold one less.
    const auto capacity = static_cast<std::int64_t>(request.prompt.size()) + room - 1;
    Decoder decoder(model, capacity);
    auto other = compared ? std::make_unique<Decoder>(*compared, capacity) : nullptr;
    auto text = textAfter(tokenizer, request);
    auto ids = request.prompt;
    std::chrono::duration<double> decoding{0.0}; // of `model` alone
    int passes = 0;
    for (std::int64_t written = 0; written < room; ++written) {
        progress.checkpoint();
        const auto before = std::chrono::steady_clock::now();
        const auto logits = decoder.next(ids, progress);
        // Rows beyond the tokenizer's vocabulary only pad the model's head to a round size.
        const auto known = std::min<std::int64_t>(logits.numel(), tokenizer->vocabSize());
        const auto choice = sampler.choose({logits.const_data_ptr<float>(), static_cast<std::size_t>(known)});
        if (written > 0) {
            decoding += std::chrono::steady_clock::now() - before;
            ++passes;
        }
        const auto otherLogits = other ? other->next(ids, progress) : at::Tensor();
        if (std::find(request.endIds.begin(), request.endIds.end(), choice.id) != request.endIds.end()) {
            result.stopReason = "eos";
            if (auto rest = text.finish(); !rest.empty())
                tell(result, observer,
                     {.id = choice.id, .text = std::move(rest), .logProbability = choice.logProbability});
            break;
        }
        result.ids.push_back(choice.id);
        std::optional<TokenDivergence> apart;
        if (other) {
            apart = divergence(choice.id, logits, otherLogits, options.alternatives, *tokenizer);
            result.divergence.push_back(*apart);
        }
        auto piece = text.push(choice.id);
        if (written + 1 == room)
            piece += text.finish();
        tell(result, observer, {choice.id, std::move(piece), choice.logProbability, std::move(apart)});
        progress.report(static_cast<double>(written + 1) / static_cast<double>(room),
                        std::to_string(written + 1) + " tokens");
        ids.assign(1, choice.id);
    }
    if (passes > 0 && decoding.count() > 0.0)
        result.tokensPerSecond = passes / decoding.count();
    return result;
}

} // namespace core
