// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/export/folder_parts.h"
#include "core/io/gguf_writer.h"
#include "core/tokenizer/tokenizer.h"

namespace core {

/** Type of most matrices, size and losses of the file that writeGguf would write. */
FolderContents ggufOutlook(const BundleHeader& header, const FolderOptions& options);

/** A file for llama.cpp on its way. */
struct GgufExport
{
    std::unique_ptr<GgufStream> file; // written whole; verify() and commit() are the caller's
    FolderContents contents;          // as ggufOutlook says
};

/** A bundle as one GGUF file. The matrices of modules without a transform keep their codes (core/export/gguf_blocks.h); what no block type holds, and every
    matrix behind a transform, is folded back and stored as floats of `options.dtype` (F16 where none is asked for), with embedding and head. Norms and biases are
    float32. Throws Error(Unsupported) for what GGUF cannot carry: see gguf_keys.h. */
GgufExport writeGguf(const std::filesystem::path& bundle, const std::filesystem::path& path, const Tokenizer& tokenizer,
                     const FolderOptions& options, Progress& progress);

/** Whether `path` is a file that writeGguf made. */
bool isGgufExport(const std::filesystem::path& path);

/** Largest |value read from the file - folded back in float64| over all matrices of the blocks. */
double largestGgufDifference(const std::filesystem::path& bundle, const std::filesystem::path& file,
                             Progress& progress);

} // namespace core
