// SPDX-License-Identifier: Apache-2.0
// Zero-shot tasks and perplexity beside transformers and lm-evaluation-harness on the same requests, with as many threads each,
// without loading. The two take turns, task by task; medians of the rounds, in seconds of processor time, which other work on the machine
// disturbs little, and by the clock; and each process's peak memory.
//
//     bench_evaluation MODEL TASKS-DIR TEXT PYTHON [LIMIT [ROUNDS [THREADS [BATCH...]]]]
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
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>

using namespace core;

namespace {

namespace fs = std::filesystem;

struct Measured
{
    double cpu = 0.0;
    double wall = 0.0;
    double value = 0.0; // sum of log-probabilities, or the perplexity
};

/** What one side took for a part in each round. */
struct Rounds
{
    std::vector<double> cpu, wall;
    double value = 0.0;

    void add(const Measured& measured)
    {
        cpu.push_back(measured.cpu);
        wall.push_back(measured.wall);
        value = measured.value;
    }
    static double median(std::vector<double> values)
    {
        const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
        std::nth_element(values.begin(), middle, values.end());
        return *middle;
    }
};

double megabytes(const rusage& usage)
{
    return static_cast<double>(usage.ru_maxrss) / 1024.0;
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

/** Our side: the model in this process. */
class Ours
{
public:
    Ours(const std::string& path, const Workload& workload)
        : m_workload(workload)
        , m_model(Model::load(ModelFiles::open(path), {}, m_progress))
        , m_tokenizer(loadTokenizer(path))
    {
    }

    Measured measure(const std::string& part)
    {
        Measured measured;
        const auto cpu = std::clock();
        const auto wall = std::chrono::steady_clock::now();
        measured.value = part == "perplexity" ? perplexity() : task(part);
        measured.cpu = static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC;
        measured.wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count();
        return measured;
    }

private:
    double perplexity()
    {
        return measurePerplexity(*m_model, m_workload.ids,
                                 {.seqlen = m_workload.window, .tokens = tokensInPass(*m_model, 2048)}, m_progress)
            .value;
    }

    double task(const std::string& name)
    {
        auto items = *std::find_if(m_workload.tasks.begin(), m_workload.tasks.end(),
                                   [&](const TaskItems& task) { return task.task == name; });
        items.hasPerplexity = false; // its bootstrap is not timed there either
        double sum = 0.0;
        for (const auto& item : evaluateTask(*m_model, *m_tokenizer, items, {}, m_progress).itemResults)
            for (const double value : item.logProbabilities)
                sum += value;
        return sum;
    }

    const Workload& m_workload;
    Progress m_progress;
    std::shared_ptr<const Model> m_model;
    std::shared_ptr<const Tokenizer> m_tokenizer;
};

/** The script as a process of its own that answers line by line; its peak memory comes from the system. */
class Theirs
{
public:
    explicit Theirs(const std::vector<std::string>& command)
    {
        int questions[2], answers[2];
        if (pipe(questions) != 0 || pipe(answers) != 0)
            throw std::runtime_error("no pipe to the script of transformers");
        m_child = fork();
        if (m_child == 0) {
            dup2(questions[0], STDIN_FILENO);
            dup2(answers[1], STDOUT_FILENO);
            close(questions[1]);
            close(answers[0]);
            std::vector<char*> arguments;
            for (const auto& word : command)
                arguments.push_back(const_cast<char*>(word.c_str()));
            arguments.push_back(nullptr);
            execv(arguments[0], arguments.data());
            std::_Exit(127);
        }
        close(questions[0]);
        close(answers[1]);
        m_questions = fdopen(questions[1], "w");
        m_answers = fdopen(answers[0], "r");
        attention = answer().at("attention").get<std::string>();
    }

    Measured measure(const std::string& part)
    {
        std::fprintf(m_questions, "%s\n", part.c_str());
        std::fflush(m_questions);
        const auto json = answer();
        return {json.at("cpu"), json.at("wall"), json.at("value")};
    }

    /** Lets it end: its peak memory in MB. */
    double finish()
    {
        std::fclose(m_questions);
        std::fclose(m_answers);
        int status = 0;
        rusage usage{};
        wait4(m_child, &status, 0, &usage);
        return megabytes(usage);
    }

    std::string attention;

private:
    Json answer()
    {
        char* line = nullptr;
        std::size_t size = 0;
        while (getline(&line, &size, m_answers) > 0)
            if (line[0] == '{') { // libraries greet on standard output too
                const auto json = parseJson(line, "the script of transformers");
                std::free(line);
                return json;
            }
        throw std::runtime_error("the script of transformers did not run: see what it says above");
    }

    pid_t m_child = 0;
    std::FILE* m_questions = nullptr;
    std::FILE* m_answers = nullptr;
};

void print(const std::string& name, const Rounds& ours, const Rounds& theirs)
{
    const auto median = &Rounds::median;
    std::printf("| %s | %.3f | %.3f | %.2f | %.3f | %.3f | %.2f | %.6g | %.6g |\n", name.c_str(), median(ours.cpu),
                median(theirs.cpu), median(theirs.cpu) / median(ours.cpu), median(ours.wall), median(theirs.wall),
                median(theirs.wall) / median(ours.wall), ours.value, theirs.value);
}

Workload readWorkload(const std::string& model, const std::string& tasks, const std::string& text, std::int64_t limit)
{
    Workload workload;
    for (const auto* task : {"arc_easy", "hellaswag", "lambada_openai", "winogrande"}) {
        const auto definition = findTask(task);
        workload.tasks.push_back(readTaskItems(definition, findTaskFile(definition, tasks), limit));
    }
    workload.window = std::min<std::int64_t>(512, ModelFiles::open(model)->info().context);
    workload.ids = loadTokenizer(model)->encode(readText(text), SpecialTokens::Add);
    workload.ids.resize(std::min<std::size_t>(workload.ids.size(), std::size_t(limit) * 256));
    return workload;
}

/** `rounds` rounds of both in turn, after one that is not counted; the sums of the tasks' times go to "the tasks". */
void compare(Ours& ours, Theirs& theirs, const std::vector<std::string>& parts, int rounds)
{
    std::map<std::string, std::pair<Rounds, Rounds>> figures;
    for (int round = -1; round < rounds; ++round) {
        std::pair<Measured, Measured> sums;
        for (const auto& part : parts) {
            const auto a = ours.measure(part);
            const auto b = theirs.measure(part);
            if (part != "perplexity") {
                sums.first = {sums.first.cpu + a.cpu, sums.first.wall + a.wall, sums.first.value + a.value};
                sums.second = {sums.second.cpu + b.cpu, sums.second.wall + b.wall, sums.second.value + b.value};
            }
            if (round >= 0) {
                figures[part].first.add(a);
                figures[part].second.add(b);
            }
        }
        if (round >= 0) {
            figures["the tasks"].first.add(sums.first);
            figures["the tasks"].second.add(sums.second);
        }
    }
    std::printf(
        "| | ours, CPU s | transformers | ratio | ours, wall s | transformers | ratio | ours, value | theirs |\n"
        "|---|---|---|---|---|---|---|---|---|\n");
    for (const auto& part : parts)
        print(part, figures[part].first, figures[part].second);
    print("the tasks", figures["the tasks"].first, figures["the tasks"].second);
}

} // namespace

int main(int count, char** arguments)
{
    if (count < 5) {
        std::fprintf(stderr, "bench_evaluation MODEL TASKS-DIR TEXT PYTHON [LIMIT [ROUNDS [THREADS [BATCH...]]]]\n");
        return 2;
    }
    const auto threads = std::string(count > 7 ? arguments[7] : "1");
    at::set_num_threads(std::stoi(threads));
    const std::string model = arguments[1];
    const auto limit = count > 5 ? std::atoll(arguments[5]) : 200;
    const auto rounds = count > 6 ? std::atoi(arguments[6]) : 5;
    const auto workload = readWorkload(model, arguments[2], arguments[3], limit);
    std::vector<std::string> parts;
    for (const auto& task : workload.tasks)
        parts.push_back(task.task);
    parts.emplace_back("perplexity");
    Ours ours(model, workload);
    rusage usage{};
    if (std::string(arguments[4]) == "none") {
        for (const auto& part : parts) {
            const auto measured = ours.measure(part);
            std::printf("%s %.2f s, %.2f s by the clock\n", part.c_str(), measured.cpu, measured.wall);
        }
        getrusage(RUSAGE_SELF, &usage);
        std::printf("peak memory %.0f MB\n", megabytes(usage));
        return 0;
    }
    const auto folder = fs::temp_directory_path() / ("bench_evaluation." + std::to_string(getpid()));
    fs::create_directories(folder);
    writeRequests(workload, folder);
    std::vector<std::string> batches(arguments + std::min(count, 8), arguments + count);
    if (batches.empty())
        batches = {"1", "16"};
    for (const auto& batch : batches) {
        Theirs theirs({arguments[4], support::sourceFolder() + "/tests/bench/transformers_evaluation.py", model,
                       folder / "requests.json", folder / "windows.json", threads, batch});
        std::printf("%s, first %lld items of each task, %zu tokens of text; threads %s; transformers in batches of %s, "
                    "attention "
                    "%s; %d rounds\n\n",
                    model.c_str(), static_cast<long long>(limit), workload.ids.size(), threads.c_str(), batch.c_str(),
                    theirs.attention.c_str(), rounds);
        compare(ours, theirs, parts, rounds);
        const auto peak = theirs.finish();
        getrusage(RUSAGE_SELF, &usage);
        std::printf("\npeak memory: ours %.0f MB, transformers %.0f MB\n\n", megabytes(usage), peak);
        std::fflush(stdout);
    }
    fs::remove_all(folder);
}
