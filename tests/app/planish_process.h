// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/paths.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QProcessEnvironment>

#include <filesystem>

/** One run of the command line program as a person or a script would start it. */
struct PlanishRun
{
    int code = -1;
    QByteArray out;
    QByteArray err;

    /** The one JSON object on standard output; empty where there is anything else. */
    QJsonObject json() const
    {
        QJsonParseError error;
        const auto document = QJsonDocument::fromJson(out, &error);
        return error.error == QJsonParseError::NoError ? document.object() : QJsonObject();
    }
    QByteArray both() const { return "standard output: " + out + "\nstandard error: " + err; }
};

inline QString planishBinary()
{
    return QString::fromStdString(support::binaryFolder() + "/bin/planish");
}

inline void startPlanish(QProcess& process, const QStringList& arguments)
{
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("OMP_NUM_THREADS"), QStringLiteral("1")); // tiny models are quickest so
    process.setProcessEnvironment(environment);
    process.start(planishBinary(), arguments);
}

inline PlanishRun runPlanish(const QStringList& arguments, const QByteArray& input = {})
{
    QProcess process;
    startPlanish(process, QStringList{QStringLiteral("--threads"), QStringLiteral("1")} + arguments);
    process.write(input);
    process.closeWriteChannel();
    process.waitForFinished(240000);
    const int code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
    return {code, process.readAllStandardOutput(), process.readAllStandardError()};
}

inline QStringList missingKeys(const QJsonObject& object, const QStringList& keys)
{
    QStringList missing;
    for (const auto& key : keys)
        if (!object.contains(key))
            missing << key;
    return missing;
}

/** Runs the expression once. */
#define COMPARE_CODE(expression, expected)                                                                             \
    do {                                                                                                               \
        const PlanishRun made = (expression);                                                                          \
        QVERIFY2(made.code == (expected),                                                                              \
                 ("exit code " + QByteArray::number(made.code) + "\n" + made.both()).constData());                     \
    } while (false)

/** A path as an argument. */
inline QString q(const std::filesystem::path& path)
{
    return QString::fromStdString(path.string());
}

inline QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline QJsonObject readObject(const QString& path)
{
    return QJsonDocument::fromJson(contentOf(path)).object();
}
