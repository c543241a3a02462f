// SPDX-License-Identifier: Apache-2.0
#include "core/export/source_files.h"

#include "core/base/error.h"
#include "core/io/json.h"
#include "core/io/safetensors_reader.h"
#include "core/model/config.h"
#include "core/tokenizer/vocabulary_files.h"

#include <algorithm>
#include <cstring>

namespace core {

namespace {

namespace fs = std::filesystem;

/** The part of a GGUF file in front of its first tensor. */
std::string_view ggufHead(const TensorSet& tensors)
{
    const auto bytes = tensors.files().at(0)->bytes();
    auto end = bytes.size();
    for (const auto& tensor : tensors.tensors())
        end = std::min(end, std::size_t(tensor.bytes.data() - bytes.data()));
    return {reinterpret_cast<const char*>(bytes.data()), end};
}

void copyFile(const fs::path& from, const fs::path& to, const fs::path& name)
{
    if (fs::is_regular_file(from / name))
        writeFileAtomically(to / name, readFile(from / name));
}

} // namespace

void copySourceFiles(const ModelFiles& source, const fs::path& folder)
{
    if (!fs::is_directory(source.path())) {
        writeFileAtomically(folder / "config.json", configFromInfo(source.info()).dump(1) + "\n");
        writeFileAtomically(folder / "tokenizer.gguf", ggufHead(source.tensors()));
        return;
    }
    copyFile(source.path(), folder, "config.json");
    copyTokenizerFiles(source.path(), folder);
}

void copyTokenizerFiles(const fs::path& from, const fs::path& to)
{
    constexpr const char* kNames[] = {
        "generation_config.json",  "tokenizer.model",   "tokenizer.json", "tokenizer_config.json",
        "special_tokens_map.json", "added_tokens.json", "vocab.json",     "merges.txt",
        "chat_template.jinja",     "chat_template.json"};
    for (const auto* name : kNames)
        copyFile(from, to, name);
    for (const auto& entry : fs::directory_iterator(from))
        if (entry.path().extension() == ".tiktoken")
            copyFile(from, to, entry.path().filename());
    if (fs::is_regular_file(from / "tokenizer.gguf"))
        writeVocabularyFiles(from / "tokenizer.gguf", to);
}

void verifyTensors(const fs::path& path, const std::vector<TensorToWrite>& written, Progress& progress)
{
    const auto read = readSafetensors(path);
    for (const auto& tensor : written) {
        progress.checkpoint();
        const auto& view = read->at(tensor.name);
        if (view.dtype != tensor.dtype || view.shape != tensor.shape || view.bytes.size() != tensor.bytes.size()
            || std::memcmp(view.bytes.data(), tensor.bytes.data(), view.bytes.size()) != 0)
            throw Error(ErrorKind::Io, "what was read back differs from what was written",
                        path.string() + ": " + tensor.name);
    }
}

} // namespace core
