// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"
#include "ui/input_fingerprint.h"
#include "ui/model/document.h"

#include <QString>
#include <QStringList>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ui {

/** A file or folder that a project was made from, as it was then. */
struct ProjectInput
{
    QString path;
    InputFingerprint fingerprint;
};

/** An evaluation as the engine writes it. */
struct ProjectRun
{
    QString name; // as in EvaluationRun
    QString model;
    QString reference;
    std::string reportText;
};

/** A calibration with its report as the engine writes it. */
struct ProjectCalibration
{
    CalibrationRun run; // without report and losses
    std::string reportText;
};

/** A piece of work as a file: one versioned JSON with sorted keys. Paths below the project's folder are stored relative to
    it, so that a folder can be moved as a whole. */
struct Project
{
    static constexpr int kSchema = 2;

    QString model;
    std::string planText; // a plan file; empty where there was no plan yet
    core::KurtosisRule rule;
    QString bundle;
    std::string calibrationText; // as the engine writes it; empty where there is none
    std::string bundlePlanText;  // what the bundle was calibrated with
    std::string searchText;      // as the engine writes it
    std::vector<ProjectCalibration> calibrations;
    std::vector<ProjectRun> evaluations;
    QString text;
    QString evaluationText;
    QString notes;
    std::map<core::LayerId, QString> layerNotes;
    std::optional<core::LayerId> selected;
    std::vector<ProjectInput> inputs; // as read from a file; writing looks at the files anew
};

QByteArray projectToJson(const Project& project, const QString& folder);
/** Throws core::Error naming `path` and what is wrong in it. */
Project projectFromJson(const QByteArray& json, const QString& path);

void saveProject(const Project& project, const QString& path); // atomically; throws core::Error(Io)
Project loadProject(const QString& path);

/** One sentence for each input that is missing or another than when the project was saved. */
QStringList changedInputs(const Project& project);

inline const QString& projectSuffix()
{
    static const QString suffix = QStringLiteral(".planish");
    return suffix;
}

} // namespace ui
