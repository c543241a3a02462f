// SPDX-License-Identifier: Apache-2.0
// bench: how fast the kernels are here, beside LibTorch's operators and what the machine can do
#include "app/cli/arguments.h"
#include "app/cli/program.h"
#include "app/cli/table.h"
#include "core/session/result_json.h"

namespace cli {

namespace {

struct BenchOptions
{
    core::BenchSpec spec;
    std::string shape;
    std::string out;
};

std::vector<std::int64_t> parseShape(const std::string& text)
{
    std::vector<std::int64_t> shape;
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find('x', begin), text.size());
        shape.push_back(std::stoll(text.substr(begin, end - begin)));
        begin = end + 1;
    }
    return shape;
}

/** "2048x4096": whole numbers of at most nine digits. */
CLI::Validator shapeText()
{
    return CLI::Validator(
        [](const std::string& text) {
            std::size_t digits = 0;
            for (const char c : text + "x") {
                const bool digit = c >= '0' && c <= '9';
                if ((!digit && (c != 'x' || digits == 0)) || digits > 9)
                    return "a shape is numbers with x between them, as in 2048x4096, not \"" + text + "\"";
                digits = digit ? digits + 1 : 0;
            }
            return std::string();
        },
        "SHAPE");
}

std::string textOf(const core::BenchReport& report)
{
    Table table({"<kernel", "<shape", "<beside", "ms", "theirs, ms", "ratio", "<of the", "limit"});
    for (const auto& line : report.lines)
        table.add({line.name, line.shape, line.reference, number(line.ours * 1e3, 4), number(line.theirs * 1e3, 4),
                   number(line.ratio(), 3), line.limit, number(line.limitFraction, 2)});
    return "threads " + std::to_string(report.threads) + ", read " + number(report.readBandwidth / 1e9, 3)
        + " GB/s, copy " + number(report.copyBandwidth / 1e9, 3) + " GB/s, matrix products "
        + number(report.matrixRate / 1e12, 3) + " T operations/s\n" + table.text();
}

Result bench(Program& program, const BenchOptions& options)
{
    auto spec = options.spec;
    if (!options.shape.empty())
        spec.shape = parseShape(options.shape);
    const auto report = program.session().bench(spec, {}, program.progress());
    return {core::toJson(report), textOf(report), options.out};
}

void describeBench(CLI::App& verb, BenchOptions& options)
{
    verb.add_option("--kernel,--only", options.spec.kernels,
                    "only these: statistics, round, w4a4, w8a8, w4a16, kv4, attention (CPU), decode; all")
        ->delimiter(',')
        ->type_name("K");
    verb.add_option(
            "--shape", options.shape,
            "sizes in place of a kernel's own: statistics ROWSxCHANNELS, round TOKENSxCHANNELS, products "
            "TOKENSxINxOUT, kv4 and attention KEYHEADSxPERHEADxKEYSxWIDTH, decode HIDDENxINTERMEDIATExBLOCKSxHEADS")
        ->check(shapeText())
        ->type_name("S");
    verb.add_option("--repeat", options.spec.repeat, "samples, of which the median counts")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    addJsonFileOption(verb, options.out);
}

} // namespace

void addBenchVerb(CLI::App& app, Program& program)
{
    addVerb<BenchOptions>(app, program, "bench", "kernels beside LibTorch's operators and the machine's limits",
                          describeBench, bench);
}

} // namespace cli
