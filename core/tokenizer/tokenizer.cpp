// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/tokenizer.h"

#include "core/base/error.h"
#include "core/io/json.h"
#include "core/tokenizer/bpe_files.h"
#include "core/tokenizer/gguf_vocabulary.h"
#include "core/tokenizer/sentencepiece_tokenizer.h"

#include <algorithm>
#include <fstream>

namespace core {
namespace {

using Path = std::filesystem::path;

// The first bytes of a file, enough to tell a tiktoken line from a SentencePiece model.
std::string headOf(const Path& file)
{
    std::string head(4096, '\0');
    std::ifstream stream(file, std::ios::binary);
    stream.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(stream.gcount()));
    return head;
}

std::vector<Path> filesEndingIn(const Path& folder, const std::string& extension)
{
    std::vector<Path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == extension)
            files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::shared_ptr<const Tokenizer> loadModelFile(const Path& file, const TokenizerSettings& settings)
{
    return looksLikeRanks(headOf(file)) ? loadRanks(file, settings) : loadSentencePiece(file, settings);
}

std::shared_ptr<const Tokenizer> loadFile(const Path& file)
{
    const std::string head = headOf(file);
    if (file.extension() == ".gguf" || head.starts_with("GGUF"))
        return loadGgufVocabulary(file);
    const Path folder = file.parent_path();
    const TokenizerSettings settings = readTokenizerSettings(folder);
    if (file.filename() == "vocab.json" || file.filename() == "merges.txt")
        return loadVocabAndMerges(folder, settings);
    if (file.extension() == ".json")
        return loadTokenizerJson(file, settings);
    if (file.extension() == ".tiktoken")
        return loadRanks(file, settings);
    return loadModelFile(file, settings);
}

std::shared_ptr<const Tokenizer> loadFolder(const Path& folder)
{
    const TokenizerSettings settings = readTokenizerSettings(folder);
    const auto has = [&folder](const char* name) { return std::filesystem::exists(folder / name); };
    // A SentencePiece model says most; a rank file says least, since its pattern and special tokens stand elsewhere.
    const bool isSentencePiece = has("tokenizer.model") && !looksLikeRanks(headOf(folder / "tokenizer.model"));
    if (has("tokenizer.json") && !isSentencePiece)
        return loadTokenizerJson(folder / "tokenizer.json", settings);
    if (has("tokenizer.model"))
        return loadModelFile(folder / "tokenizer.model", settings);
    if (has("vocab.json") && has("merges.txt"))
        return loadVocabAndMerges(folder, settings);
    for (const char* extension : {".tiktoken", ".gguf"}) {
        const std::vector<Path> files = filesEndingIn(folder, extension);
        if (files.size() > 1)
            throw Error(ErrorKind::InvalidArgument,
                        std::to_string(files.size()) + " files end in " + extension + ": name the one to use",
                        folder.string());
        if (files.size() == 1)
            return extension == std::string_view(".gguf") ? loadGgufVocabulary(files[0])
                                                          : loadRanks(files[0], settings);
    }
    throw Error(ErrorKind::NotFound,
                "no tokenizer here: tokenizer.model, tokenizer.json, vocab.json with merges.txt, "
                "*.tiktoken or *.gguf is needed",
                folder.string());
}

} // namespace

std::shared_ptr<const Tokenizer> loadTokenizer(const std::filesystem::path& path)
{
    try {
        if (!std::filesystem::exists(path))
            throw Error(ErrorKind::NotFound, "no such file or folder", path.string());
        return std::filesystem::is_directory(path) ? loadFolder(path) : loadFile(path);
    } catch (const Json::exception& error) {
        throw Error(ErrorKind::Corrupt, std::string("a value of another kind than expected: ") + error.what(),
                    path.string());
    } catch (const std::filesystem::filesystem_error& error) {
        throw Error(ErrorKind::Io, error.what(), path.string());
    }
}

} // namespace core
