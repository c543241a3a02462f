// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/io/json.h"
#include "core/tokenizer/bpe_files.h"
#include "core/tokenizer/bpe_tokenizer.h"

namespace core {
namespace {

std::vector<std::string> readVocab(const std::filesystem::path& file)
{
    constexpr std::int64_t kMostTokens = 1 << 24;
    const Json vocab = readJson(file);
    if (!vocab.is_object() || vocab.empty())
        throw Error(ErrorKind::Corrupt, "not a vocabulary: an object of pieces and ids is needed", file.string());
    std::vector<std::string> pieces;
    for (const auto& [piece, value] : vocab.items()) {
        const std::int64_t id = value.is_number_integer() ? value.get<std::int64_t>() : -1;
        if (id < 0 || id >= kMostTokens)
            throw Error(ErrorKind::Corrupt, "the piece \"" + piece + "\" has no usable id", file.string());
        if (id >= static_cast<std::int64_t>(pieces.size()))
            pieces.resize(static_cast<std::size_t>(id) + 1);
        pieces[static_cast<std::size_t>(id)] = piece;
    }
    return pieces;
}

std::vector<BpeMerge> readMerges(const std::filesystem::path& file, const std::unordered_map<std::string, int>& ids)
{
    const std::string content = readFile(file);
    MergeReader reader(ids, file.string());
    for (std::size_t begin = 0; begin < content.size();) {
        const std::size_t end = std::min(content.find('\n', begin), content.size());
        std::string_view line = std::string_view(content).substr(begin, end - begin);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (!line.empty() && !(begin == 0 && line.starts_with("#version")))
            reader.add(line);
        begin = end + 1;
    }
    return reader.take();
}

std::vector<AddedToken> addedTokensOf(const TokenizerSettings& settings,
                                      const std::unordered_map<std::string, int>& ids)
{
    std::vector<AddedToken> tokens = settings.addedTokens;
    std::vector<AddedToken> more;
    for (AddedToken token : settings.specialTokens) {
        const auto piece = ids.find(token.content);
        const auto added = settings.addedTokenIds.find(token.content);
        if (piece == ids.end() && added == settings.addedTokenIds.end())
            continue;
        token.id = piece != ids.end() ? piece->second : added->second;
        more.push_back(std::move(token));
    }
    for (const auto& [content, id] : settings.addedTokenIds)
        more.push_back({.id = id, .content = content});
    if (const auto end = ids.find("<|endoftext|>"); end != ids.end()) // the one special token of GPT-2's files
        more.push_back({.id = end->second, .content = end->first, .special = true});
    addMissing(tokens, more);
    return tokens;
}

} // namespace

std::shared_ptr<const Tokenizer> loadVocabAndMerges(const std::filesystem::path& folder,
                                                    const TokenizerSettings& settings)
{
    BpeSpec spec;
    spec.pieces = readVocab(folder / "vocab.json");
    spec.added = addedTokensOf(settings, idsByPiece(spec));
    const std::unordered_map<std::string, int> ids = idsByPiece(spec);
    spec.merges = readMerges(folder / "merges.txt", ids);
    const bool isQwen = settings.tokenizerClass.starts_with("Qwen2");
    if (isQwen)
        spec.normalizer.add(UnicodeForm::C);
    spec.prependSpace = !isQwen && settings.addPrefixSpace.value_or(false);
    spec.preTokenizer.addStep(isQwen ? kQwen2Pattern : kGpt2Pattern, SplitBehavior::Isolated, false, folder.string());

    const auto idOf = [&ids](const std::string& token) -> std::optional<int> {
        const auto found = ids.find(token);
        return found == ids.end() ? std::nullopt : std::optional(found->second);
    };
    const std::optional<int> end = idOf("<|endoftext|>");
    TokenizerFrame frame;
    frameFromSettings(settings, isQwen ? std::nullopt : end, end, idOf, frame);
    if (frame.bos && settings.addBos.value_or(false))
        frame.before.push_back(*frame.bos);
    if (frame.eos && settings.addEos.value_or(false))
        frame.behind.push_back(*frame.eos);
    return makeBpe(std::move(spec), std::move(frame), folder.string());
}

} // namespace core
