// SPDX-License-Identifier: Apache-2.0
#include "core/eval/task_file.h"

#include "core/base/error.h"
#include "core/eval/delimited_table.h"
#include "core/io/unpack.h"
#include "core/io/utf8.h"

#include <algorithm>
#include <array>

namespace core {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = std::size_t{1} << 30;
constexpr std::array<std::string_view, 3> kPacked{"", ".gz", ".bz2"};

/** The extension before a packer's: ".jsonl" of "a.jsonl.gz". */
std::string innerExtension(fs::path path)
{
    if (path.extension() == ".gz" || path.extension() == ".bz2")
        path = path.stem();
    return path.extension().string();
}

std::vector<std::string_view> linesOf(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        lines.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string lineNumber(std::size_t index)
{
    return "line " + std::to_string(index + 1);
}

std::vector<TaskRow> readJsonLines(std::string_view text, const std::string& name)
{
    std::vector<TaskRow> rows;
    const auto lines = linesOf(text);
    for (std::size_t i = 0; i < lines.size(); ++i)
        if (lines[i].find_first_not_of(" \t") != std::string_view::npos)
            rows.push_back({parseJson(lines[i], name + ": " + lineNumber(i)), lineNumber(i)});
    return rows;
}

std::vector<TaskRow> readJsonList(std::string_view text, const std::string& name)
{
    std::vector<TaskRow> rows;
    for (const auto& item : parseJson(text, name))
        rows.push_back({item, "item " + std::to_string(rows.size() + 1)});
    return rows;
}

Json cellValue(const std::string& cell)
{
    if (cell.starts_with('[') || cell.starts_with('{')) {
        auto json = Json::parse(cell, nullptr, false);
        if (!json.is_discarded())
            return json;
    }
    return cell;
}

std::vector<TaskRow> readTable(std::string_view text, char delimiter, const std::string& name)
{
    const auto table = parseTable(text, delimiter, name);
    std::vector<TaskRow> rows;
    for (std::size_t i = 1; i < table.size(); ++i) {
        const auto place = "line " + std::to_string(table[i].line);
        if (table[i].cells.size() != table[0].cells.size())
            throw Error(ErrorKind::Corrupt,
                        place + " has " + std::to_string(table[i].cells.size()) + " columns, the first line "
                            + std::to_string(table[0].cells.size()),
                        name);
        auto item = Json::object();
        for (std::size_t column = 0; column < table[i].cells.size(); ++column)
            item[table[0].cells[column]] = cellValue(table[i].cells[column]);
        rows.push_back({std::move(item), place});
    }
    return rows;
}

std::vector<TaskRow> readPlainLines(std::string_view text)
{
    std::vector<TaskRow> rows;
    const auto lines = linesOf(text);
    for (std::size_t i = 0; i < lines.size(); ++i)
        rows.push_back({std::string(lines[i]), lineNumber(i)});
    return rows;
}

std::string readUnpacked(const fs::path& path, const std::string& raw)
{
    auto text = unpack(raw, path.string(), kLargestFile);
    if (text.starts_with("PAR1"))
        throw Error(
            ErrorKind::Unsupported,
            "is a Parquet file, which this program does not read; this line makes one that it does (it needs pandas "
            "and pyarrow): python3 -c \"import pandas; pandas.read_parquet('"
                + path.string() + "').to_json('" + fs::path(path).replace_extension(".jsonl").string()
                + "', orient='records', lines=True)\"",
            path.string());
    const auto bad = firstBadUtf8(text);
    if (bad != std::string_view::npos)
        throw Error(ErrorKind::Corrupt,
                    lineNumber(static_cast<std::size_t>(
                        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(bad), '\n')))
                        + " is not UTF-8",
                    path.string());
    if (text.starts_with("\xef\xbb\xbf")) // a byte order mark is no part of the data
        text.erase(0, 3);
    return text;
}

bool isDataFile(const fs::path& path)
{
    static constexpr std::array<std::string_view, 6> kExtensions{".jsonl", ".json", ".csv", ".tsv", ".txt", ".parquet"};
    return std::find(kExtensions.begin(), kExtensions.end(), innerExtension(path)) != kExtensions.end();
}

/** Names that any data set's folder has: they say nothing about the task. */
bool isSplitName(const std::string& name)
{
    static constexpr std::array<std::string_view, 6> kSplits{"test.",  "dev.",        "val.",
                                                             "valid.", "validation.", "train."};
    return std::any_of(kSplits.begin(), kSplits.end(), [&](auto split) { return name.starts_with(split); });
}

std::vector<fs::path> dataFilesIn(const fs::path& folder)
{
    std::vector<fs::path> files;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none))
        if (entry.is_regular_file(none) && isDataFile(entry.path()))
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace

TaskFile readTaskFile(const fs::path& path)
{
    const auto name = path.string();
    const auto raw = readFile(path);
    const auto text = readUnpacked(path, raw);
    TaskFile file;
    file.hash = sha256(raw);
    const auto first = text.find_first_not_of(" \t\r\n");
    const auto extension = innerExtension(path);
    if (first == std::string::npos)
        throw Error(ErrorKind::Corrupt, "holds no items", name);
    if (extension == ".csv" || extension == ".tsv") {
        file.rows = readTable(text, extension == ".csv" ? ',' : '\t', name);
    } else if (text[first] == '{') {
        file.rows = readJsonLines(text, name);
    } else if (text[first] == '[') {
        file.rows = readJsonList(text, name);
    } else {
        file.rows = readPlainLines(text);
        file.plainLines = true;
    }
    if (file.rows.empty())
        throw Error(ErrorKind::Corrupt, "holds no items", name);
    return file;
}

std::vector<std::string> readLabels(const fs::path& path)
{
    const auto text = readUnpacked(path, readFile(path));
    std::vector<std::string> labels;
    for (const auto line : linesOf(text))
        labels.emplace_back(line);
    while (!labels.empty() && labels.back().empty())
        labels.pop_back();
    return labels;
}

fs::path labelsBeside(const fs::path& path, const std::string& suffix)
{
    const auto name = path.filename().string();
    const auto extension = name.find(innerExtension(path), 1);
    return path.parent_path() / (name.substr(0, extension) + suffix);
}

fs::path findTaskFile(const TaskDefinition& definition, const fs::path& folder)
{
    std::error_code none;
    if (!fs::is_directory(folder, none))
        throw Error(ErrorKind::NotFound, "the folder of the tasks' items is not there", folder.string());
    const bool isOwn = fs::canonical(folder, none).filename() == definition.task;
    const auto own = isOwn ? folder : folder / definition.task;
    for (const auto& place : {own, folder})
        for (const auto& name : definition.files)
            for (const auto packed : kPacked) {
                if (place != own && isSplitName(name))
                    continue;
                const auto path = place / (name + std::string(packed));
                if (fs::is_regular_file(path, none))
                    return path;
            }
    const auto found = dataFilesIn(own);
    if (found.size() == 1)
        return found.front();
    std::string what = "task " + definition.task + ": ";
    if (found.empty()) {
        what += "no file of items found in " + own.string();
    } else {
        what += "which of the files in " + own.string() + " holds its items?";
        for (const auto& path : found)
            what += " " + path.filename().string();
    }
    what += "; name it as " + definition.task + "=FILE";
    if (!definition.source.empty())
        what += ", or have it from " + definition.source;
    throw Error(ErrorKind::NotFound, what, folder.string());
}

} // namespace core
