// SPDX-License-Identifier: Apache-2.0
#include "core/eval/evaluation_journal.h"

#include "core/base/error.h"
#include "core/io/json.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace core {

namespace {

constexpr std::string_view kHeader = "{\"planish_journal\":1}\n";

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& action)
{
    throw Error(ErrorKind::Io, "cannot " + action + " the journal: " + std::strerror(errno), path.string());
}

void writeWhole(int file, std::string_view text, const std::filesystem::path& path)
{
    while (!text.empty()) {
        const auto written = ::write(file, text.data(), text.size());
        if (written < 0 && errno != EINTR)
            fail(path, "write");
        text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(0, written)));
    }
}

std::string passLine(const std::string& key, const std::vector<ScoreResult>& results)
{
    auto rows = Json::array();
    for (const auto& result : results) {
        auto values = Json::array();
        for (const double value : result.logprobs)
            values.push_back(jsonNumber(value));
        rows.push_back({{"greedy", result.greedy}, {"logprobs", std::move(values)}});
    }
    return Json{{"pass", key}, {"rows", std::move(rows)}}.dump() + "\n";
}

std::vector<ScoreResult> resultsFromJson(const Json& rows)
{
    std::vector<ScoreResult> results;
    for (const auto& row : rows) {
        ScoreResult result;
        result.greedy = row.at("greedy").get<bool>();
        for (const auto& value : row.at("logprobs")) {
            result.logprobs.push_back(numberFromJson(value));
            result.sum += result.logprobs.back();
        }
        results.push_back(std::move(result));
    }
    return results;
}

} // namespace

EvaluationJournal::EvaluationJournal(const std::filesystem::path& path, std::string model)
    : m_path(path)
    , m_model(std::move(model))
    , m_file(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666))
{
    if (m_file.get() < 0)
        fail(path, "open");
    if (::flock(m_file.get(), LOCK_EX | LOCK_NB) != 0)
        throw Error(ErrorKind::InvalidArgument, "another process is writing to this journal", path.string());
    const auto content = readFile(path);
    const auto whole = content.rfind('\n') == std::string::npos ? 0 : content.rfind('\n') + 1;
    const bool begun = std::string_view(content).starts_with(kHeader);
    if (!begun && !kHeader.starts_with(content)) // killed at its first line, it holds a part of that
        throw Error(ErrorKind::InvalidArgument, "is no journal of an evaluation; it is left alone", path.string());
    if (begun)
        read(std::string_view(content).substr(kHeader.size(), whole - kHeader.size()));
    if (::ftruncate(m_file.get(), static_cast<off_t>(begun ? whole : 0)) != 0)
        fail(path, "cut the unfinished line of");
    if (!begun)
        writeWhole(m_file.get(), kHeader, path);
}

void EvaluationJournal::read(std::string_view content)
{
    for (std::size_t line = 2; !content.empty(); ++line) {
        const auto end = content.find('\n');
        const auto place = m_path.string() + ": line " + std::to_string(line);
        const auto json = parseJson(content.substr(0, end), place);
        try {
            m_passes[json.at("pass").get<std::string>()] = resultsFromJson(json.at("rows"));
        } catch (const Json::exception& error) {
            throw Error(ErrorKind::Corrupt, std::string("a line of a journal is damaged: ") + error.what(), place);
        }
        content.remove_prefix(end + 1);
    }
}

std::string EvaluationJournal::key(std::string_view kind, std::span<const std::vector<int>> rows) const
{
    std::string bytes = m_model + '\0' + std::string(kind) + '\0';
    for (const auto& row : rows) {
        bytes += std::to_string(row.size()) + ':';
        bytes.append(reinterpret_cast<const char*>(row.data()), row.size() * sizeof(int));
    }
    return sha256(bytes).substr(0, 32);
}

const std::vector<ScoreResult>* EvaluationJournal::find(const std::string& key) const
{
    const auto found = m_passes.find(key);
    return found == m_passes.end() ? nullptr : &found->second;
}

void EvaluationJournal::add(const std::string& key, std::vector<ScoreResult> results)
{
    writeWhole(m_file.get(), passLine(key, results), m_path);
    m_passes[key] = std::move(results);
}

} // namespace core
