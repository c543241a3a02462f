// SPDX-License-Identifier: Apache-2.0
#include "app/cli/arguments.h"
#include "app/cli/program.h"
#include "app/cli/table.h"
#include "core/base/error.h"
#include "core/session/result_json.h"

#include <limits>

namespace cli {

namespace {

struct ScoreOptions
{
    std::string model;
    std::string requests;
    std::string out;
};

core::ScoreRequest parseRequest(const core::Json& json)
{
    core::ScoreRequest request;
    if (!json.is_object())
        throw core::Error(core::ErrorKind::InvalidArgument, "is not a JSON object");
    if (json.contains("ids")) {
        for (const auto& id : json.at("ids")) {
            if (!id.is_number_integer() || id < 0 || id > std::numeric_limits<int>::max())
                throw core::Error(core::ErrorKind::InvalidArgument, "has the id " + id.dump() + ", which no token has");
            request.ids.push_back(id.get<int>());
        }
        if (request.ids.size() < 2)
            throw core::Error(core::ErrorKind::InvalidArgument, "has fewer than 2 ids");
        return request;
    }
    if (!json.contains("context") || !json.contains("continuation"))
        throw core::Error(core::ErrorKind::InvalidArgument, "has neither \"ids\" nor \"context\" and \"continuation\"");
    request.context = json.at("context").get<std::string>();
    request.continuation = json.at("continuation").get<std::string>();
    return request;
}

std::vector<core::ScoreRequest> readRequests(const std::string& path)
{
    const auto content = core::readFile(path);
    std::vector<core::ScoreRequest> requests;
    int number = 0;
    for (std::size_t begin = 0; begin < content.size();) {
        auto end = content.find('\n', begin);
        end = end == std::string::npos ? content.size() : end;
        const auto line = content.substr(begin, end - begin);
        begin = end + 1;
        ++number;
        if (line.find_first_not_of(" \t\r") == std::string::npos)
            continue;
        const auto place = path + ": line " + std::to_string(number);
        try {
            requests.push_back(parseRequest(core::parseJson(line, place)));
        } catch (const core::Json::exception& error) {
            throw core::Error(core::ErrorKind::InvalidArgument,
                              std::string("a request has a value of the wrong type: ") + error.what(), place);
        } catch (const core::Error& error) {
            const auto* is = error.kind() == core::ErrorKind::Corrupt ? "is " : ""; // not valid JSON
            throw core::Error(error.kind(), std::string("a request ") + is + error.what(), place);
        }
    }
    return requests;
}

Result score(Program& program, const ScoreOptions& options)
{
    const auto requests = readRequests(options.requests);
    const auto results = program.session().score(options.model, requests, program.progress());
    Table table({"request", "tokens", "log p", "<greedy"});
    for (std::size_t i = 0; i < results.size(); ++i)
        table.add({std::to_string(i + 1), std::to_string(results[i].logprobs.size()), number(results[i].sum, 8),
                   results[i].greedy ? "yes" : "no"});
    return {core::toJson(results), table.text(), options.out};
}

} // namespace

void addScoreVerb(CLI::App& app, Program& program)
{
    addVerb<ScoreOptions>(
        app, program, "score", "log-probabilities of given continuations",
        [](CLI::App& verb, ScoreOptions& options) {
            addModelArgument(verb, options.model);
            verb.add_option("--requests", options.requests,
                            "a request a line: {\"ids\": [...]} or {\"context\": \"...\", \"continuation\": \"...\"}")
                ->required()
                ->type_name("FILE.jsonl");
            addJsonFileOption(verb, options.out);
        },
        score);
}

} // namespace cli
