// SPDX-License-Identifier: Apache-2.0
// Makes the demo model from nothing: text, tokenizer, weights, planted outliers, task items, manifest.
#include "app/train_demo/demo_folder.h"
#include "core/base/error.h"

#include <CLI/CLI.hpp>

#include <cstdio>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace {

/** Keeps freed tensors in the process: giving their pages back and taking them again each step costs a tenth of the
    time. */
void keepFreedMemory()
{
#if defined(__GLIBC__)
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}

} // namespace

int main(int argc, char** argv)
{
    keepFreedMemory();
    CLI::App app("Trains the demo model and writes its folder.");
    std::filesystem::path out;
    demo::DemoOptions options;
    app.add_option("--out", out, "folder to write")->required();
    app.add_option("--seed", options.seed, "seed of world, text and weights")->capture_default_str();
    app.add_option("--steps", options.training.steps, "optimizer steps")->capture_default_str();
    app.add_option("--batch", options.training.batch, "rows of a step")->capture_default_str();
    app.add_option("--muon-rate", options.training.optimizer.muonRate)->capture_default_str();
    app.add_option("--adam-rate", options.training.optimizer.adamRate)->capture_default_str();
    app.add_option("--workers", options.training.workers, "threads, each with its rows of a batch; 0: one a core")
        ->capture_default_str();
    app.add_option("--checkpoint", options.training.checkpoint, "file to go on from, written once a minute");
    CLI11_PARSE(app, argc, argv);
    try {
        demo::makeDemoFolder(out, options);
    } catch (const core::Error& error) {
        std::fprintf(stderr, "error: %s\n", core::describe(error).c_str());
        return 1;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "error: %s\n", error.what());
        return 1;
    }
    return 0;
}
