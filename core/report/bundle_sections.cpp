// SPDX-License-Identifier: Apache-2.0
#include "core/report/bundle_sections.h"

#include "core/report/report_parts.h"
#include "core/report/svg_charts.h"

#include <cctype>

namespace core {

namespace {

int seriesOf(TransformKind kind)
{
    switch (kind) {
    case TransformKind::Identity: return 5;
    case TransformKind::Affine: return 0;
    case TransformKind::Rotation: return 1;
    case TransformKind::Hadamard: return 2;
    }
    return 5;
}

std::string choicesOf(const ReportRun& run)
{
    std::vector<Tile> tiles;
    int counts[6] = {};
    for (const auto& choice : run.plan->modules) {
        const auto kind = std::string(toString(choice.kind));
        const int series = seriesOf(choice.kind);
        ++counts[series];
        std::string letter(1, static_cast<char>(std::toupper(static_cast<unsigned char>(kind.front()))));
        if (choice.origin == Origin::User)
            letter += "*";
        tiles.push_back({choice.module.kind == ModuleKind::Attention ? 0 : 1, choice.module.block, series, letter,
                         toString(choice.module) + ": " + kind + ". " + choice.reason.text});
    }
    std::string kinds;
    constexpr std::pair<int, const char*> kNames[] = {
        {0, "affine (A)"}, {1, "rotation (R)"}, {2, "Hadamard (H)"}, {5, "identity (I)"}};
    for (const auto& [series, name] : kNames)
        if (counts[series] > 0)
            kinds += (kinds.empty() ? "" : ", ") + std::to_string(counts[series]) + " " + name;
    const auto caption =
        run.name + ": " + kinds + "; * is a person's choice. Block numbers below. Method: " + run.plan->method + ".";
    return figure(tileChart(tiles, {"attention", "mlp"}), caption);
}

std::string madeBy(const std::string& version, const std::string& libtorch, const std::string& device)
{
    auto text = "planish " + version;
    for (const auto& [name, value] : {std::pair("LibTorch ", libtorch), std::pair("", device)})
        if (!value.empty())
            text += std::string(", ") + name + value;
    return text;
}

} // namespace

std::string planSection(const std::vector<ReportRun>& runs)
{
    std::string content;
    for (const auto& run : runs)
        if (run.plan && !run.plan->modules.empty())
            content += choicesOf(run);
    return section("Choices", "The transform of each module, as the plan says.", content);
}

std::string calibrationSection(const std::vector<ReportRun>& runs)
{
    std::string content;
    for (const auto& run : runs) {
        std::vector<BeforeAfter> pairs;
        double seconds = 0.0;
        std::string warnings;
        for (const auto& block : run.calibration.blocks) {
            pairs.push_back({block.block, block.errorStart, block.errorEnd});
            seconds += block.seconds;
            for (const auto& warning : block.warnings)
                warnings += "<li>" + escapeHtml("block " + std::to_string(block.block) + ": " + warning) + "</li>\n";
        }
        content +=
            figure(beforeAfterChart(pairs, "mean squared error of the block's output", "block"),
                   run.name + ": " + std::to_string(pairs.size()) + " blocks in " + printNumber(seconds, 3) + " s");
        if (!warnings.empty())
            content += "<ul class=\"sub\">" + warnings + "</ul>\n";
    }
    return section("Calibration",
                   "Each block's output against its full-precision output over the calibration windows, before and "
                   "after training.",
                   content);
}

std::string provenanceSection(const std::vector<ReportRun>& runs)
{
    std::string content;
    for (const auto& run : runs) {
        HtmlTable table({});
        const auto add = [&](const std::string& name, const std::string& value) {
            if (!value.empty())
                table.add({name, "@wrap|" + value});
        };
        const auto addModel = [&](const std::string& name, const ModelProvenance& model) {
            add(name, model.path + (model.scheme.empty() ? "" : ", " + model.scheme));
            add(name + "'s model hash", model.hash);
            add(name + "'s bundle hash", model.bundleHash);
        };
        if (run.evaluation) {
            const auto& provenance = run.evaluation->provenance;
            addModel(provenance.model.kind.empty() ? "model" : provenance.model.kind, provenance.model);
            if (provenance.reference)
                addModel("reference", *provenance.reference);
            add("text",
                provenance.text
                    + (provenance.textTokens > 0 ? ", " + std::to_string(provenance.textTokens) + " tokens" : ""));
            add("text's SHA-256", provenance.textHash);
            for (const auto& task : run.evaluation->tasks)
                add(task.task, task.file + (task.fileHash.empty() ? "" : ", SHA-256 " + task.fileHash));
            add("seed", std::to_string(provenance.seed));
            add("made by", madeBy(provenance.version, provenance.libtorch, provenance.device));
            add("time", provenance.time);
            add("command", provenance.command);
        }
        if (run.origin) {
            const auto& origin = *run.origin;
            add("bundle made from", origin.source);
            add("its hash", origin.sourceHash);
            add("plan's hash", origin.planHash);
            add("calibrated on", origin.text);
            add("its SHA-256", origin.textHash);
            add("calibration's seed", std::to_string(origin.options.seed));
            add("bundle made by", madeBy(origin.version, origin.libtorch, origin.device));
            add("bundle made at", origin.time);
            add("bundle's command", origin.command);
        }
        content += "<h3>" + escapeHtml(run.name) + "</h3>\n" + table.text();
    }
    return section("Provenance", "Where the figures come from.", content);
}

} // namespace core
