// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/model_files.h"
#include "core/session/inspection.h"
#include "core/session/model_store.h"

#include <ATen/core/Tensor.h>

#include <functional>
#include <span>

namespace core {

/** The values that a ValueSource names, row by row: a matrix of a file is decoded a few rows at a time, everything else is in
    memory. The activations of the block used last are kept, so that looking closer at one does not run the model again. */
class ValueRows
{
public:
    explicit ValueRows(ModelStore& store)
        : m_store(store)
    {
    }

    /** Makes `source` what size() and forEachRow() mean. Throws Error(InvalidArgument) for a block or site that the model
        does not have, or a text without tokens. */
    void open(const ValueSource& source, Progress& progress);

    std::int64_t rows() const { return m_rows; }
    std::int64_t columns() const { return m_columns; }
    const std::vector<std::string>& tokens() const { return m_tokens; } // of the rows; empty for weights

    using RowVisitor = std::function<void(std::int64_t row, std::span<const float> values)>;
    void forEachRow(std::int64_t begin, std::int64_t end, const RowVisitor& visit, Progress& progress) const;

private:
    struct Activations
    {
        ValueSource source; // of any site of the block
        std::array<at::Tensor, kSites.size()> original;
        std::array<at::Tensor, kSites.size()> transformed; // undefined without a hook
        std::vector<std::string> tokens;
    };

    void openMatrix(const ValueSource& source, Progress& progress);
    void openActivations(const ValueSource& source, Progress& progress);
    void readActivations(const ValueSource& source, Progress& progress);

    ModelStore& m_store;
    std::shared_ptr<const ModelFiles> m_files; // of `m_view`
    const TensorView* m_view = nullptr;
    at::Tensor m_values; // where there is no view: float32 on the CPU, contiguous
    std::int64_t m_rows = 0;
    std::int64_t m_columns = 0;
    std::vector<std::string> m_tokens;
    std::optional<Activations> m_activations;
};

} // namespace core
