// SPDX-License-Identifier: Apache-2.0
#include "core/session/model_store.h"

#include "core/base/error.h"

#include <algorithm>

namespace core {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKeptModels = 2;

/** When the model at `path` last changed: a folder's own time tells when a bundle was replaced. */
fs::file_time_type changeTime(const std::string& path)
{
    std::error_code error;
    const auto time = fs::last_write_time(path, error);
    if (error)
        throw Error(ErrorKind::NotFound, "no such file or folder", path);
    return time;
}

} // namespace

void ModelStore::setDevice(at::Device device)
{
    if (device != m_device)
        m_kept.clear();
    m_device = device;
}

ModelStore::Kept& ModelStore::entry(const std::string& path)
{
    const auto changed = changeTime(path);
    const auto found = std::find_if(m_kept.begin(), m_kept.end(), [&](const Kept& kept) { return kept.path == path; });
    if (found != m_kept.end() && found->changed == changed) {
        m_kept.splice(m_kept.begin(), m_kept, found);
        return m_kept.front();
    }
    if (found != m_kept.end())
        m_kept.erase(found);
    m_kept.push_front({path, changed, nullptr, nullptr});
    while (m_kept.size() > kKeptModels)
        m_kept.pop_back();
    return m_kept.front();
}

std::shared_ptr<const Model> ModelStore::model(const std::string& path, Progress& progress)
{
    if (const auto& known = entry(path).model)
        return known;
    const auto model = isBundle(path)
        ? loadBundle(path, m_device, progress)
        : Model::load(ModelFiles::open(path), {.dtype = at::kFloat, .device = m_device}, progress);
    entry(path).model = model; // looked for again: at a checkpoint another question may have been answered
    return model;
}

std::shared_ptr<const Tokenizer> ModelStore::tokenizer(const std::string& path)
{
    auto& kept = entry(path);
    if (!kept.tokenizer)
        kept.tokenizer = loadTokenizer(path);
    return kept.tokenizer;
}

} // namespace core
