// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/progress.h"
#include "core/export/native_bundle.h"
#include "core/tokenizer/tokenizer.h"

#include <list>

namespace core {

/** Models and tokenizers by path, loaded when first asked for and again when their files change. Keeps the two models used
    last: a quantized one and its reference. */
class ModelStore
{
public:
    void setDevice(at::Device device); // forgets what is on another device

    std::shared_ptr<const Model> model(const std::string& path, Progress& progress);
    std::shared_ptr<const Tokenizer> tokenizer(const std::string& path);

    at::Device device() const { return m_device; }

private:
    struct Kept
    {
        std::string path;
        std::filesystem::file_time_type changed;
        std::shared_ptr<const Model> model;
        std::shared_ptr<const Tokenizer> tokenizer;
    };

    Kept& entry(const std::string& path);

    std::list<Kept> m_kept; // the one used last in front
    at::Device m_device = at::kCPU;
};

} // namespace core
