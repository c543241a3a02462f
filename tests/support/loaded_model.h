// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/json.h"
#include "core/model/model.h"
#include "core/tokenizer/tokenizer.h"

#include <QtTest>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace support {

/** A model in float32 on the CPU with its tokenizer. */
struct LoadedModel
{
    std::shared_ptr<const core::Model> model;
    std::shared_ptr<const core::Tokenizer> tokenizer;
};

inline LoadedModel loadModel(const std::filesystem::path& folder)
{
    core::Progress progress;
    return {core::Model::load(core::ModelFiles::open(folder), {}, progress), core::loadTokenizer(folder)};
}

/** Rows "model" (its name among the reference files) and "folder" (below the shared one) of what a reference program has run. */
inline void addReferenceModels()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("folder");
    for (const auto& [model, folder] : {std::pair("stories260k", "data/models/stories260k/hf"),
                                        std::pair("babyllama-char105", "data/models/babyllama-char105/hf"),
                                        std::pair("novels-8m", "data/models/novels-8m")})
        QTest::newRow(model) << model << folder;
}

/** SHA-256 of ids written as little-endian int32, as the reference files give it. */
inline std::string idsChecksum(const std::vector<int>& ids)
{
    std::string bytes;
    for (const int id : ids)
        for (int shift = 0; shift < 32; shift += 8)
            bytes.push_back(static_cast<char>(static_cast<std::uint32_t>(id) >> shift & 0xffu));
    return core::sha256(bytes);
}

} // namespace support
