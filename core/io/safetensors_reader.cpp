// SPDX-License-Identifier: Apache-2.0
#include "core/io/safetensors_reader.h"

#include "core/base/error.h"
#include "core/io/json.h"
#include "core/io/safetensors_header.h"

#include <fstream>
#include <set>

namespace core {

namespace {

namespace fs = std::filesystem;

constexpr const char* kSingle = "model.safetensors";
constexpr const char* kIndex = "model.safetensors.index.json";

/** By name, and for the ambiguous .bin by the first bytes: a zip archive, or a bare pickle of protocol 2 to 5. */
bool isPickle(const fs::path& path)
{
    const auto extension = path.extension();
    if (extension == ".pt" || extension == ".pth" || path.filename().string().starts_with("pytorch_model"))
        return true;
    if (extension != ".bin" || !fs::is_regular_file(path))
        return false;
    char start[4] = {};
    std::ifstream(path, std::ios::binary).read(start, sizeof start);
    const std::string_view bytes(start, sizeof start);
    return bytes == std::string_view("PK\x03\x04", 4) || (start[0] == '\x80' && start[1] >= 2 && start[1] <= 5);
}

[[noreturn]] void refusePickle(const fs::path& path)
{
    throw Error(ErrorKind::Unsupported,
                "holds its weights as a pickle file of PyTorch; these can run code and are never read: "
                "convert the model to safetensors",
                path.string());
}

std::shared_ptr<const TensorSet> readOne(const fs::path& path)
{
    auto file = MappedFile::open(path);
    auto header = parseSafetensors(file->bytes(), path.string());
    return std::make_shared<const TensorSet>(std::vector{std::move(file)}, std::move(header.tensors),
                                             std::move(header.metadata));
}

/** A shard is named relative to the folder and must stay in it. Links are followed: caches are made of them. */
fs::path shardPath(const fs::path& index, const std::string& name)
{
    const fs::path relative(name);
    const auto normal = relative.lexically_normal();
    const bool inside = !name.empty() && !relative.has_root_path() && normal != "." && normal.has_filename()
        && *normal.begin() != ".." && name.find('\0') == std::string::npos;
    if (!inside)
        throw Error(ErrorKind::Corrupt,
                    "the index names the shard " + Json(name).dump() + ", which leaves the folder of the model",
                    index.string());
    return index.parent_path() / normal;
}

std::map<std::string, std::string> readWeightMap(const fs::path& index)
{
    const auto json = readJson(index);
    const auto found = json.is_object() ? json.find("weight_map") : json.end();
    if (!json.is_object() || found == json.end() || !found->is_object())
        throw Error(ErrorKind::Corrupt, "has no 'weight_map' object", index.string());
    std::map<std::string, std::string> weightMap;
    for (const auto& [tensor, shard] : found->items()) {
        if (!shard.is_string())
            throw Error(ErrorKind::Corrupt, "the shard of tensor '" + tensor + "' is not a text", index.string());
        weightMap.emplace(tensor, shard.get<std::string>());
    }
    return weightMap;
}

std::shared_ptr<const TensorSet> readShards(const fs::path& index)
{
    const auto weightMap = readWeightMap(index);
    std::set<fs::path> shards; // as paths: "./a" and "a" are one shard
    for (const auto& [tensor, shard] : weightMap)
        shards.insert(shardPath(index, shard));

    std::vector<std::shared_ptr<const MappedFile>> files;
    std::vector<TensorView> tensors;
    std::map<std::string, std::string> metadata;
    std::set<std::pair<std::string, std::string>> present; // tensor, file
    for (const auto& path : shards) {
        if (!fs::exists(path))
            throw Error(ErrorKind::NotFound,
                        "shard '" + path.string() + "', one of " + std::to_string(shards.size()) + ", is missing",
                        index.string());
        auto file = MappedFile::open(path);
        auto header = parseSafetensors(file->bytes(), path.string());
        files.push_back(std::move(file));
        metadata.merge(header.metadata);
        for (auto& tensor : header.tensors) {
            present.emplace(tensor.name, tensor.file);
            tensors.push_back(std::move(tensor));
        }
    }
    for (const auto& [tensor, shard] : weightMap) {
        const auto path = shardPath(index, shard).string();
        if (!present.contains({tensor, path}))
            throw Error(ErrorKind::NotFound,
                        "the index promises tensor '" + tensor + "' in '" + shard + "', which does not hold it",
                        path + ": " + tensor);
    }
    return std::make_shared<const TensorSet>(std::move(files), std::move(tensors), std::move(metadata));
}

std::shared_ptr<const TensorSet> readFolder(const fs::path& folder)
{
    if (fs::exists(folder / kSingle))
        return readOne(folder / kSingle);
    if (fs::exists(folder / kIndex))
        return readShards(folder / kIndex);
    std::string other; // a model under another name, to be opened by it
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (isPickle(entry.path()))
            refusePickle(entry.path());
        const auto extension = entry.path().extension();
        if (other.empty() && (extension == ".safetensors" || extension == ".gguf"))
            other = "; it holds '" + entry.path().filename().string() + "': open that file itself";
    }
    throw Error(ErrorKind::NotFound, std::string("folder holds neither ") + kSingle + " nor " + kIndex + other,
                folder.string());
}

} // namespace

std::shared_ptr<const TensorSet> readSafetensors(const fs::path& path)
{
    try {
        if (fs::is_directory(path))
            return readFolder(path);
        if (path.filename().string().ends_with(".index.json"))
            return readShards(path);
        if (fs::exists(path) && isPickle(path))
            refusePickle(path);
        return readOne(path);
    } catch (const fs::filesystem_error& error) {
        throw Error(ErrorKind::Io, "cannot look into the folder: " + error.code().message(), path.string());
    }
}

} // namespace core
