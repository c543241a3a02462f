// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/ids.h"
#include "core/io/tensor_view.h"
#include "core/model/layer_names.h"
#include "core/model/model_info.h"

#include <memory>
#include <string>
#include <utility>

namespace core {

/** Rows and columns of a matrix: [out, in]; of embedding and head [vocabulary, hidden]. */
std::pair<std::int64_t, std::int64_t> matrixSize(const ModelInfo& info, Role role);

/** A full-precision model on disk, opened header-first: a Hugging Face folder or a .gguf file of the LLaMA family. Nothing
    is read until a tensor is asked for. */
class ModelFiles
{
public:
    /** Throws Error(NotFound | Corrupt | Unsupported): no weights, unknown architecture, configuration that contradicts the
        tensors' shapes, weights kept as pickle. */
    static std::shared_ptr<const ModelFiles> open(const std::filesystem::path& path);

    const std::filesystem::path& path() const { return m_path; }
    const ModelInfo& info() const { return m_info; }
    const TensorSet& tensors() const { return *m_tensors; }

    const TensorView& matrix(const LayerId& layer) const;  // [out, in]; a tied head is the embedding
    const TensorView* extra(int block, Extra extra) const; // null where the family has none
    const TensorView& finalNorm() const;

    /** True where rows of q and k are stored for interleaved RoPE pairs (GGUF of architecture llama); readers reorder each
        head's rows to the half-split order used here. */
    bool interleavedRope() const { return m_interleavedRope; }

    /** SHA-256 over configuration, tensor headers and the first and last kilobyte of each tensor: names the model in plans
        and bundles without reading all of it. */
    std::string hash() const;

private:
    ModelFiles() = default;

    void openHuggingFace();
    void openGguf();
    void checkShapes() const;
    void countParameters();

    std::filesystem::path m_path;
    ModelInfo m_info;
    std::shared_ptr<const TensorSet> m_tensors;
    Naming m_naming = Naming::HuggingFace;
    bool m_interleavedRope = false;
    std::string m_configuration; // the text that the hash covers
};

} // namespace core
