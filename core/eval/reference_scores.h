// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/eval/perplexity.h"
#include "core/io/tensor_view.h"

#include <filesystem>

namespace core {

/** What a stored run of a reference model was made from. */
struct ReferenceRun
{
    std::string model;     // path, for people
    std::string modelHash; // ModelFiles::hash
    std::string textHash;  // SHA-256 of the text
    std::string idsHash;   // SHA-256 of the windows' ids as little-endian int64
    PerplexityConvention convention = PerplexityConvention::Gptq;
    std::int64_t windows = 0;
    std::int64_t seqlen = 0;
    std::int64_t scored = 0; // tokens a window
    std::int64_t vocab = 0;

    std::int64_t rows() const { return windows * scored; }
};

/** A reference model's log-probabilities over the whole vocabulary at every scored position of a text, in one safetensors file of
    2 bytes a value: `codes` U16 [rows, vocab], `range` F32 [rows, 2], `loss` F64 [rows]; the run is in its metadata.

    ln p = top - spread * (code / 65535)^2, renormalised when it is read; top and spread (largest minus smallest ln p) are the
    row's `range`. The steps are finest where p is large: ln p is off by at most e = sqrt((top - ln p) * spread) / 65535, about
    1e-4 at ln p = top - 1 over a spread of 30. Renormalising takes out the error's mean, so that a KL against another model
    is off by at most max(e) * sum p |ln p / q|, relatively about 1e-4. `loss` is exact. Nothing is cut off: small
    probabilities keep their place. */
class ReferenceScores
{
public:
    /** Throws Error(NotFound | Corrupt | Unsupported) naming the file and what is wrong with it. */
    static ReferenceScores open(const std::filesystem::path& path);

    const ReferenceRun& run() const { return m_run; }

    /** Normalised log-probabilities of rows [begin, begin + count): [count, vocab] float64. */
    at::Tensor logProbabilities(std::int64_t begin, std::int64_t count) const;

    /** -ln p of those rows' tokens, as the model gave it: [count] float64. */
    at::Tensor losses(std::int64_t begin, std::int64_t count) const;

private:
    ReferenceRun m_run;
    std::shared_ptr<const TensorSet> m_tensors;
};

/** True where the file is a stored run and not a model. */
bool isReferenceScores(const std::filesystem::path& path);

/** SHA-256 of the ids of all windows, which names what was scored. */
std::string idsHash(const TextWindows& windows);

/** Measures the perplexity and writes the run to `path`, aside and renamed when it is whole. Of `run` the names and hashes of model
    and text are taken, the rest is filled in. Passes run side by side as those of measurePerplexity; with a journal what is finished is
    found again as long as the file aside (".NAME.part") is there, without one that does not outlive a run. Memory does not grow with
    the text but for a mean a window. Throws
    Error(Numeric) for logits that are not finite, Error(Io) where the disk is full. */
PerplexityResult saveReferenceScores(const Model& model, std::span<const int> ids, const PerplexityOptions& options,
                                     ReferenceRun run, const std::filesystem::path& path, Progress& progress);

} // namespace core
