// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/tokenizer.h"

#include "core/base/error.h"
#include "core/io/json.h"
#include "core/tokenizer/gguf_vocabulary.h"
#include "core/tokenizer/sentencepiece_tokenizer.h"

namespace core {
namespace {

using Path = std::filesystem::path;

std::shared_ptr<const Tokenizer> loadFile(const Path& file, const TokenizerSettings& settings)
{
    if (file.extension() == ".gguf")
        return loadGgufVocabulary(file);
    return loadSentencePiece(file, settings);
}

std::shared_ptr<const Tokenizer> loadFolder(const Path& folder)
{
    const TokenizerSettings settings = readTokenizerSettings(folder);
    if (std::filesystem::exists(folder / "tokenizer.model"))
        return loadFile(folder / "tokenizer.model", settings);
    throw Error(ErrorKind::NotFound, "no tokenizer here", folder.string());
}

} // namespace

std::shared_ptr<const Tokenizer> loadTokenizer(const std::filesystem::path& path)
{
    try {
        if (!std::filesystem::exists(path))
            throw Error(ErrorKind::NotFound, "no such file or folder", path.string());
        if (std::filesystem::is_directory(path))
            return loadFolder(path);
        return loadFile(path, readTokenizerSettings(path.parent_path()));
    } catch (const Json::exception& error) {
        throw Error(ErrorKind::Corrupt, std::string("a value of another kind than expected: ") + error.what(), path.string());
    }
}

} // namespace core
