// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/quant/packed_tensor.h"

namespace core {

/** What a layer reads, as GPTQ needs it: H = 2 / N sum x x^T over N token vectors. Products in float32, the sum in float64. */
class InputMoments
{
public:
    /** `x` [..., columns]. */
    void add(const at::Tensor& x);

    /** [columns, columns] float64 on the CPU. Throws Error(InvalidArgument) where nothing was added. */
    at::Tensor hessian() const;

private:
    at::Tensor m_sum;
    std::int64_t m_count = 0;
};

/** Rounds `weight` [out, in] column by column and spreads each column's rounding error over the columns not yet rounded, so that the
    layer's output moves least (Frantar et al., GPTQ, arXiv 2210.17323, as FlatQuant's gptq_utils.py runs it): `hessian` [in, in]
    damped by 1 % of its mean diagonal, lazy updates in blocks of 128 columns, natural order. A row's scale is that of the
    weight as it comes; a group's (`group` > 0) is taken when its first column is reached. Columns whose input was always 0
    become 0. Arithmetic in float64. Throws Error(Numeric) where the damped Hessian is not positive definite, else as
    packWeight. */
PackedTensor gptqWeight(const at::Tensor& weight, const at::Tensor& hessian, int bits, int group,
                        bool asymmetric = false);

/** tr(D H D^T) / tr(W H W^T) with D = W - Q: the squared error of the layer's output relative to the output's square. */
double outputError(const at::Tensor& weight, const at::Tensor& rounded, const at::Tensor& hessian);

} // namespace core
