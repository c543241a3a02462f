// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/project.h"

#include "ui/convert.h"
#include "ui/format.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

namespace ui {

namespace {

using core::Error;
using core::ErrorKind;

QString stored(const QString& path, const QDir& folder)
{
    if (path.isEmpty())
        return path;
    const auto relative = folder.relativeFilePath(QFileInfo(path).absoluteFilePath());
    return relative.startsWith(QLatin1String("..")) ? QFileInfo(path).absoluteFilePath() : relative;
}

QString resolved(const QString& path, const QDir& folder)
{
    return path.isEmpty() ? path : QDir::cleanPath(folder.absoluteFilePath(path));
}

QJsonObject groupToJson(const core::GroupRule& group)
{
    return {{QStringLiteral("mode"), toQString(core::wordFor(core::kRuleModes, group.mode))},
            {QStringLiteral("sign"), group.sign},
            {QStringLiteral("beta"), group.beta},
            {QStringLiteral("kind"), toQString(core::toString(group.constantKind))},
            {QStringLiteral("statistic"), toQString(core::wordFor(core::kRuleStatistics, group.statistic))},
            {QStringLiteral("passing"), toQString(core::toString(group.passing))}};
}

core::GroupRule groupFromJson(const QJsonObject& json)
{
    core::GroupRule group;
    group.mode = core::valueOf(core::kRuleModes, toStd(json.value(QLatin1String("mode")).toString()));
    group.sign = json.value(QLatin1String("sign")).toInt(1) < 0 ? -1 : 1;
    group.beta = json.value(QLatin1String("beta")).toDouble(group.beta);
    group.constantKind =
        core::parseTransformKind(toStd(json.value(QLatin1String("kind")).toString(QStringLiteral("affine"))));
    group.passing =
        core::parseTransformKind(toStd(json.value(QLatin1String("passing")).toString(QStringLiteral("rotation"))));
    group.statistic = core::valueOf(core::kRuleStatistics,
                                    toStd(json.value(QLatin1String("statistic")).toString(QStringLiteral("weights"))));
    return group;
}

QJsonObject ruleToJson(const core::KurtosisRule& rule)
{
    return {{QStringLiteral("attention"), groupToJson(rule.attention)},
            {QStringLiteral("mlp"), groupToJson(rule.mlp)},
            {QStringLiteral("calibrated"), rule.calibrated},
            {QStringLiteral("evidence"), toQString(rule.evidence)}};
}

core::KurtosisRule ruleFromJson(const QJsonObject& json)
{
    return {.attention = groupFromJson(json.value(QLatin1String("attention")).toObject()),
            .mlp = groupFromJson(json.value(QLatin1String("mlp")).toObject()),
            .calibrated = json.value(QLatin1String("calibrated")).toBool(),
            .evidence = toStd(json.value(QLatin1String("evidence")).toString()),
            .warnings = {}};
}

/** Plans and results stay the JSON that the engine wrote, as parts of ours. */
QJsonValue embedded(const std::string& json)
{
    const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(json));
    return document.isObject() ? QJsonValue(document.object()) : QJsonValue();
}

std::string extracted(const QJsonValue& value)
{
    return value.isObject() ? QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact).toStdString()
                            : std::string();
}

QJsonObject parsed(const QByteArray& json)
{
    QJsonParseError problem;
    const auto document = QJsonDocument::fromJson(json, &problem);
    if (problem.error != QJsonParseError::NoError)
        throw Error(ErrorKind::Corrupt,
                    "this is not JSON: " + toStd(problem.errorString()) + " at byte " + std::to_string(problem.offset));
    const auto root = document.object();
    const auto schema = root.value(QLatin1String("schema"));
    if (!root.contains(QLatin1String("model")) || !schema.isDouble())
        throw Error(ErrorKind::Corrupt, "this is JSON but no Planish project: 'schema' and 'model' are missing");
    if (schema.toInt() > Project::kSchema)
        throw Error(ErrorKind::Unsupported,
                    "the project has schema " + std::to_string(schema.toInt()) + "; this program knows schemas up to "
                        + std::to_string(Project::kSchema));
    return root;
}

QJsonArray inputsToJson(const Project& project, const QDir& base)
{
    QJsonArray inputs;
    QStringList seen;
    for (const auto& path : {project.model, project.bundle, project.text, project.evaluationText}) {
        if (path.isEmpty() || seen.contains(path))
            continue;
        seen += path;
        const auto print = fingerprint(path);
        inputs.append(QJsonObject{{QStringLiteral("path"), stored(path, base)},
                                  {QStringLiteral("bytes"), print.bytes},
                                  {QStringLiteral("sha256"), print.hash}});
    }
    return inputs;
}

QJsonObject calibrationToJson(const ProjectCalibration& kept, const QDir& base)
{
    const auto& run = kept.run;
    return {{QStringLiteral("bundle"), stored(run.bundle, base)},
            {QStringLiteral("text"), stored(run.text, base)},
            {QStringLiteral("bits"), run.bits},
            {QStringLiteral("samples"), run.samples},
            {QStringLiteral("seqlen"), run.seqlen},
            {QStringLiteral("epochs"), run.epochs},
            {QStringLiteral("batch"), run.batch},
            {QStringLiteral("command"), run.command},
            {QStringLiteral("report"), embedded(kept.reportText)}};
}

ProjectCalibration calibrationFromJson(const QJsonObject& json, const QDir& base)
{
    ProjectCalibration kept{.run = {.bundle = resolved(json.value(QLatin1String("bundle")).toString(), base),
                                    .text = resolved(json.value(QLatin1String("text")).toString(), base),
                                    .bits = json.value(QLatin1String("bits")).toString(),
                                    .samples = json.value(QLatin1String("samples")).toInt(),
                                    .seqlen = json.value(QLatin1String("seqlen")).toInt(),
                                    .epochs = json.value(QLatin1String("epochs")).toInt(),
                                    .batch = json.value(QLatin1String("batch")).toInt(),
                                    .command = json.value(QLatin1String("command")).toString(),
                                    .report = {}},
                            .reportText = extracted(json.value(QLatin1String("report")))};
    return kept;
}

} // namespace

QByteArray projectToJson(const Project& project, const QString& folder)
{
    const QDir base(folder);
    QJsonArray runs;
    for (const auto& run : project.evaluations) {
        runs.append(QJsonObject{{QStringLiteral("name"), run.name},
                                {QStringLiteral("model"), stored(run.model, base)},
                                {QStringLiteral("reference"), stored(run.reference, base)},
                                {QStringLiteral("report"), embedded(run.reportText)}});
    }
    QJsonObject root{{QStringLiteral("schema"), Project::kSchema},
                     {QStringLiteral("model"), stored(project.model, base)},
                     {QStringLiteral("plan"), embedded(project.planText)},
                     {QStringLiteral("rule"), ruleToJson(project.rule)},
                     {QStringLiteral("evaluations"), runs},
                     {QStringLiteral("texts"),
                      QJsonObject{{QStringLiteral("calibration"), stored(project.text, base)},
                                  {QStringLiteral("evaluation"), stored(project.evaluationText, base)}}},
                     {QStringLiteral("inputs"), inputsToJson(project, base)},
                     {QStringLiteral("notes"), QJsonObject{{QStringLiteral("model"), project.notes}}}};
    if (!project.bundle.isEmpty())
        root.insert(QStringLiteral("bundle"),
                    QJsonObject{{QStringLiteral("path"), stored(project.bundle, base)},
                                {QStringLiteral("plan"), embedded(project.bundlePlanText)},
                                {QStringLiteral("calibration"), embedded(project.calibrationText)}});
    QJsonArray calibrations;
    for (const auto& kept : project.calibrations)
        calibrations.append(calibrationToJson(kept, base));
    if (!calibrations.isEmpty())
        root.insert(QStringLiteral("calibrations"), calibrations);
    if (!project.searchText.empty())
        root.insert(QStringLiteral("search"), embedded(project.searchText));
    if (!project.layerNotes.empty()) {
        QJsonObject layers;
        for (const auto& [layer, note] : project.layerNotes)
            layers.insert(toQString(core::toString(layer)), note);
        root.insert(QStringLiteral("notes"),
                    QJsonObject{{QStringLiteral("model"), project.notes}, {QStringLiteral("layers"), layers}});
    }
    if (project.selected)
        root.insert(QStringLiteral("selected"), toQString(core::toString(*project.selected)));
    return QJsonDocument(root).toJson(QJsonDocument::Indented);
}

Project projectFromJson(const QByteArray& json, const QString& path)
{
    try {
        const auto root = parsed(json);
        const QDir base = QFileInfo(path).absoluteDir();
        Project project;
        project.model = resolved(root.value(QLatin1String("model")).toString(), base);
        project.planText = extracted(root.value(QLatin1String("plan")));
        if (root.contains(QLatin1String("rule")))
            project.rule = ruleFromJson(root.value(QLatin1String("rule")).toObject());
        for (const auto& entry : root.value(QLatin1String("calibrations")).toArray())
            project.calibrations.push_back(calibrationFromJson(entry.toObject(), base));
        project.searchText = extracted(root.value(QLatin1String("search")));
        for (const auto& entry : root.value(QLatin1String("evaluations")).toArray()) {
            const auto run = entry.toObject();
            project.evaluations.push_back(
                {.name = run.value(QLatin1String("name")).toString(),
                 .model = resolved(run.value(QLatin1String("model")).toString(), base),
                 .reference = resolved(run.value(QLatin1String("reference")).toString(), base),
                 .reportText = extracted(run.value(QLatin1String("report")))});
        }
        const auto texts = root.value(QLatin1String("texts")).toObject();
        project.text = resolved(texts.value(QLatin1String("calibration")).toString(), base);
        project.evaluationText = resolved(texts.value(QLatin1String("evaluation")).toString(), base);
        project.notes = root.value(QLatin1String("notes")).toObject().value(QLatin1String("model")).toString();
        const auto layers = root.value(QLatin1String("notes")).toObject().value(QLatin1String("layers")).toObject();
        for (auto note = layers.begin(); note != layers.end(); ++note)
            project.layerNotes[core::parseLayerId(toStd(note.key()))] = note.value().toString();
        const auto bundle = root.value(QLatin1String("bundle")).toObject();
        project.bundle = resolved(bundle.value(QLatin1String("path")).toString(), base);
        project.bundlePlanText = extracted(bundle.value(QLatin1String("plan")));
        project.calibrationText = extracted(bundle.value(QLatin1String("calibration")));
        for (const auto& entry : root.value(QLatin1String("inputs")).toArray()) {
            const auto input = entry.toObject();
            project.inputs.push_back(
                {resolved(input.value(QLatin1String("path")).toString(), base),
                 {input.value(QLatin1String("bytes")).toInteger(), input.value(QLatin1String("sha256")).toString()}});
        }
        if (root.contains(QLatin1String("selected")))
            project.selected = core::parseLayerId(toStd(root.value(QLatin1String("selected")).toString()));
        return project;
    } catch (const Error& error) {
        throw Error(error.kind(), "The project could not be read: " + std::string(error.what()), toStd(path));
    }
}

void saveProject(const Project& project, const QString& path)
{
    const auto json = projectToJson(project, QFileInfo(path).absolutePath());
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(json) != json.size() || !file.commit())
        throw Error(ErrorKind::Io, "The project could not be saved: " + toStd(file.errorString()), toStd(path));
}

Project loadProject(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        throw Error(ErrorKind::NotFound, "The project could not be opened: " + toStd(file.errorString()), toStd(path));
    return projectFromJson(file.readAll(), path);
}

QStringList changedInputs(const Project& project)
{
    QStringList changes;
    for (const auto& [path, then] : project.inputs) {
        const auto now = fingerprint(path);
        if (then.hash.isEmpty() || now == then)
            continue;
        changes += now.hash.isEmpty() ? QCoreApplication::translate("ui::Project", "%1 is not there any more").arg(path)
            : now.bytes != then.bytes
            ? QCoreApplication::translate("ui::Project", "%1 had %2 when the project was saved and has %3 now")
                  .arg(path, formatBytes(static_cast<std::uint64_t>(then.bytes)),
                       formatBytes(static_cast<std::uint64_t>(now.bytes)))
            : QCoreApplication::translate("ui::Project", "%1 has other contents than when the project was saved")
                  .arg(path);
    }
    return changes;
}

} // namespace ui
