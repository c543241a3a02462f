// SPDX-License-Identifier: Apache-2.0
// Zero-shot tasks and perplexity beside transformers and lm-evaluation-harness on the same requests, in one run on one thread:
// seconds of processor time, which other work on the machine disturbs little, without loading, and each process's peak memory.
//
//     bench_evaluation MODEL TASKS-DIR TEXT PYTHON [LIMIT [TOKENS-IN-PASS [BATCH...]]]
//
// PYTHON "none" leaves the comparison out.
#include "core/eval/perplexity.h"
#include "core/eval/task_evaluation.h"
#include "core/io/json.h"
#include "core/io/text_reader.h"
#include "tests/support/paths.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>

using namespace core;

namespace {

namespace fs = std::filesystem;

struct Measured
{
    double seconds = 0.0;
    double value = 0.0; // sum of log-probabilities, or the perplexity
};

double megabytes(const rusage& usage)
{
    return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

template <typename Work>
double secondsOf(const Work& work)
{
    const auto start = std::clock();
    work();
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

struct Workload
{
    std::vector<TaskItems> tasks;
    std::vector<int> ids; // of the text
    std::int64_t window = 0;
};

void writeRequests(const Workload& workload, const fs::path& folder)
{
    auto tasks = Json::object();
    for (const auto& task : workload.tasks) {
        auto& pairs = tasks[task.task] = Json::array();
        for (const auto& item : task.items)
            for (const auto& request : item.requests)
                pairs.push_back({request.context, request.continuation});
    }
    writeFileAtomically(folder / "requests.json", tasks.dump());
    auto windows = Json::array();
    const auto length = static_cast<std::size_t>(workload.window);
    for (std::size_t begin = 0; begin + length <= workload.ids.size(); begin += length)
        windows.push_back(std::vector<int>(workload.ids.begin() + std::ptrdiff_t(begin),
                                           workload.ids.begin() + std::ptrdiff_t(begin + length)));
    writeFileAtomically(folder / "windows.json", windows.dump());
}

std::map<std::string, Measured> measureOurs(const std::string& path, const Workload& workload, std::int64_t tokens)
{
    Progress progress;
    const auto model = Model::load(ModelFiles::open(path), {}, progress);
    const auto tokenizer = loadTokenizer(path);
    std::map<std::string, Measured> figures;
    for (auto task : workload.tasks) {
        auto& figure = figures[task.task];
        task.hasPerplexity = false; // its bootstrap is not timed there either
        TaskResult result;
        figure.seconds =
            secondsOf([&] { result = evaluateTask(*model, *tokenizer, task, {.tokensInPass = tokens}, progress); });
        for (const auto& item : result.itemResults)
            for (const double value : item.logProbabilities)
                figure.value += value;
    }
    auto& figure = figures["perplexity"];
    figure.seconds = secondsOf(
        [&] { figure.value = measurePerplexity(*model, workload.ids, {.seqlen = workload.window}, progress).value; });
    return figures;
}

/** Runs the script as a process of its own; its peak memory comes from the system. */
Json runPython(const std::vector<std::string>& command, const fs::path& output, double& peak)
{
    const auto child = fork();
    if (child == 0) {
        if (!std::freopen(output.c_str(), "w", stdout))
            std::_Exit(126);
        std::vector<char*> arguments;
        for (const auto& word : command)
            arguments.push_back(const_cast<char*>(word.c_str()));
        arguments.push_back(nullptr);
        execv(arguments[0], arguments.data());
        std::_Exit(127);
    }
    int status = 0;
    rusage usage{};
    if (wait4(child, &status, 0, &usage) != child || status != 0)
        throw std::runtime_error("the script of transformers did not run: see what it says above");
    peak = megabytes(usage);
    const auto text = readFile(output);
    return parseJson(std::string_view(text).substr(text.rfind("\n{") + 1), output.string());
}

void print(const std::string& name, const Measured& ours, double seconds, double value)
{
    std::printf("| %s | %.2f | %.2f | %.2f | %.6g | %.6g |\n", name.c_str(), ours.seconds, seconds,
                seconds / ours.seconds, ours.value, value);
}

} // namespace

int main(int count, char** arguments)
{
    if (count < 5) {
        std::fprintf(stderr, "bench_evaluation MODEL TASKS-DIR TEXT PYTHON [LIMIT [TOKENS-IN-PASS [BATCH...]]]\n");
        return 2;
    }
    at::set_num_threads(1);
    const std::string model = arguments[1];
    const auto limit = count > 5 ? std::atoll(arguments[5]) : 200;
    Workload workload;
    for (const auto* task : {"arc_easy", "hellaswag", "lambada_openai", "winogrande"}) {
        const auto definition = findTask(task);
        workload.tasks.push_back(readTaskItems(definition, findTaskFile(definition, arguments[2]), limit));
    }
    workload.window = std::min<std::int64_t>(512, ModelFiles::open(model)->info().context);
    workload.ids = loadTokenizer(model)->encode(readText(arguments[3]), SpecialTokens::Add);
    workload.ids.resize(std::min<std::size_t>(workload.ids.size(), std::size_t(limit) * 256));
    const auto folder = fs::temp_directory_path() / ("bench_evaluation." + std::to_string(getpid()));
    fs::create_directories(folder);
    writeRequests(workload, folder);

    const auto tokens = count > 6 ? std::atoll(arguments[6]) : 4096;
    const auto ours = measureOurs(model, workload, tokens);
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::vector<std::string> batches(arguments + std::min(count, 7), arguments + count);
    if (std::string(arguments[4]) == "none") {
        for (const auto& [name, figure] : ours)
            std::printf("%s %.2f s\n", name.c_str(), figure.seconds);
        std::printf("peak memory %.0f MB\n", megabytes(usage));
        return 0;
    }
    if (batches.empty())
        batches = {"1", "16"};
    for (const auto& batch : batches) {
        double peak = 0.0;
        const auto theirs =
            runPython({arguments[4], support::sourceFolder() + "/tests/bench/transformers_evaluation.py", model,
                       folder / "requests.json", folder / "windows.json", batch},
                      folder / "result.json", peak);
        std::printf(
            "%s, first %lld items of each task, %zu tokens of text; transformers in batches of %s, attention %s\n\n",
            model.c_str(), static_cast<long long>(limit), workload.ids.size(), batch.c_str(),
            theirs.at("attention").get<std::string>().c_str());
        std::printf(
            "| | ours, s | transformers, s | ratio | ours, value | transformers, value |\n|---|---|---|---|---|---|\n");
        for (const auto& [task, figure] : theirs.at("tasks").items())
            print(task, ours.at(task), figure.at("seconds"), figure.at("sum"));
        print("perplexity", ours.at("perplexity"), theirs.at("perplexity").at("seconds"),
              theirs.at("perplexity").at("value"));
        std::printf("\npeak memory: ours %.0f MB, transformers %.0f MB\n\n", megabytes(usage), peak);
        std::fflush(stdout);
    }
    fs::remove_all(folder);
}
