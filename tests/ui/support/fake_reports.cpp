// SPDX-License-Identifier: GPL-3.0-or-later
// Results compared, and as text: a text names a place in what was written in this process.
#include "tests/ui/support/fake_session.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>
#include <mutex>

namespace {

template <typename Report>
class Kept
{
public:
    std::string keep(const Report& report)
    {
        const std::lock_guard lock(m_mutex);
        m_reports.push_back(report);
        const QJsonObject place{{QStringLiteral("place"), static_cast<int>(m_reports.size()) - 1}};
        return QJsonDocument(place).toJson(QJsonDocument::Compact).toStdString();
    }

    Report find(const std::string& text)
    {
        const std::lock_guard lock(m_mutex);
        const auto place =
            QJsonDocument::fromJson(QByteArray::fromStdString(text)).object().value(QStringLiteral("place"));
        return m_reports.at(static_cast<std::size_t>(place.toInt(-1)));
    }

private:
    std::mutex m_mutex;
    std::vector<Report> m_reports;
};

Kept<core::EvaluationReport> evaluations;
Kept<core::CalibrationReport> calibrations;
Kept<core::SearchResult> searches;

} // namespace

std::string FakeSession::evaluationToText(const core::EvaluationReport& report) const
{
    return evaluations.keep(report);
}

core::EvaluationReport FakeSession::evaluationFromText(const std::string& text) const
{
    return evaluations.find(text);
}

std::string FakeSession::calibrationToText(const core::CalibrationReport& report) const
{
    return calibrations.keep(report);
}

core::CalibrationReport FakeSession::calibrationFromText(const std::string& text) const
{
    return calibrations.find(text);
}

std::uint64_t FakeSession::writeReport(const core::ReportSpec& spec) const
{
    QByteArray page = "<!doctype html>";
    for (const auto& input : spec.inputs) {
        const QFileInfo file(QString::fromStdString(input));
        if (!file.exists())
            throw core::Error(core::ErrorKind::NotFound, "there is no such file", input);
        page += "<p>" + file.fileName().toUtf8() + "</p>";
    }
    QFile html(QString::fromStdString(spec.html));
    if (!html.open(QIODevice::WriteOnly) || html.write(page) != page.size())
        throw core::Error(core::ErrorKind::Io, html.errorString().toStdString(), spec.html);
    return static_cast<std::uint64_t>(page.size());
}

std::string FakeSession::searchToText(const core::SearchResult& result) const
{
    return searches.keep(result);
}

core::SearchResult FakeSession::searchFromText(const std::string& text) const
{
    return searches.find(text);
}

std::optional<core::PairedMean> FakeSession::differenceFromReference(const core::EvaluationReport& report) const
{
    ++m_behaviour->verdicts;
    if (!report.perplexity || !report.referencePerplexity)
        return std::nullopt;
    const double mean = std::log(report.perplexity->value / report.referencePerplexity->value);
    return core::PairedMean{.mean = mean, .stderror = 0.01, .interval = {mean - 0.02, mean + 0.02}, .pValue = 0.001};
}

core::RunComparison FakeSession::compareReports(const core::EvaluationReport& a, const core::EvaluationReport& b,
                                                std::uint64_t) const
{
    core::RunComparison comparison;
    for (const auto& task : a.tasks)
        comparison.tasks.push_back({.task = task.task,
                                    .metric = "acc",
                                    .items = 10,
                                    .a = 0.8,
                                    .b = 0.8,
                                    .rightToWrong = 1,
                                    .wrongToRight = 1,
                                    .pValue = 1.0});
    return comparison;
}
