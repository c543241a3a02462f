// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calibrate/calibration_runs.h"

#include "ui/convert.h"
#include "ui/format.h"
#include "ui/studio.h"

#include <QFileInfo>
#include <QScopedValueRollback>

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

CalibrationRun described(const core::CalibrateSpec& spec, const QString& command)
{
    const auto& scheme = spec.plan.scheme;
    return {.bundle = toQString(spec.out),
            .text = toQString(spec.text),
            .bits = QStringLiteral("W%1 A%2 K%3 V%4")
                        .arg(scheme.weightBits)
                        .arg(scheme.activationBits)
                        .arg(scheme.keyBits)
                        .arg(scheme.valueBits),
            .samples = spec.options.samples,
            .seqlen = spec.options.seqlen,
            .epochs = spec.options.epochs,
            .batch = spec.options.batch,
            .command = command,
            .report = {}};
}

template <typename Value>
double geometricMean(const core::CalibrationReport& report, const Value& value)
{
    double sum = 0.0;
    int count = 0;
    for (const auto& block : report.blocks) {
        const double of = value(block);
        if (!(of > 0.0) || !std::isfinite(of))
            continue;
        sum += std::log(of);
        ++count;
    }
    return count > 0 ? std::exp(sum / count) : std::nan("");
}

} // namespace

double CalibrationRuns::meanError(const core::CalibrationReport& report)
{
    return geometricMean(report, [](const auto& block) { return block.errorEnd; });
}

double CalibrationRuns::meanGain(const core::CalibrationReport& report)
{
    return geometricMean(report, [](const auto& block) { return block.errorStart / block.errorEnd; });
}

CalibrationRuns::CalibrationRuns(Studio& studio, QObject* parent)
    : QAbstractTableModel(parent)
    , m_studio(studio)
{
    connect(&studio, &Studio::calibrationStarted, this, &CalibrationRuns::add);
    connect(&studio, &Studio::calibrationFinished, this,
            [this](const core::CalibrateSpec& spec, const std::shared_ptr<const core::CalibrationReport>& report) {
                finish(spec, *report);
            });
    connect(&studio, &Studio::lossReported, this, [this](const std::vector<core::LossPoint>& points) {
        const int row = runningRow();
        if (row < 0)
            return;
        auto& losses = m_entries[static_cast<std::size_t>(row)].run.losses;
        for (const auto& point : points) {
            if (point.step == 0) // the block is trained anew
                std::erase_if(losses, [&](const auto& old) { return old.block == point.block; });
            losses.push_back(point);
        }
    });
    connect(&studio.document(), &Document::calibrationRunsChanged, this, &CalibrationRuns::adoptDocument);
    connect(&studio.document(), &Document::layersReset, this, &CalibrationRuns::adoptDocument);
    adoptDocument();
}

void CalibrationRuns::adoptDocument()
{
    if (m_keeping)
        return;
    beginResetModel();
    m_entries.clear();
    for (const auto& run : m_studio.document().calibrationRuns())
        m_entries.push_back({run, nullptr});
    endResetModel();
}

void CalibrationRuns::keepInDocument()
{
    const QScopedValueRollback keeping(m_keeping, true);
    std::vector<CalibrationRun> runs;
    for (const auto& entry : m_entries)
        if (!entry.run.report.blocks.empty())
            runs.push_back(entry.run);
    m_studio.document().setCalibrationRuns(std::move(runs));
}

void CalibrationRuns::add(Job* job, const core::CalibrateSpec& spec)
{
    const int row = rowCount();
    auto run = described(spec, job->command());
    if (spec.options.resume) // the blocks that are kept have their curves
        for (const auto& entry : m_entries)
            if (entry.run.bundle == run.bundle)
                run.losses = entry.run.losses;
    beginInsertRows({}, row, row);
    m_entries.push_back({std::move(run), job});
    endInsertRows();
    connect(job, &Job::changed, this, [this, job] { tell(rowOf(job)); });
    connect(job, &Job::ended, this, [this, job] { tell(rowOf(job)); });
    Q_EMIT runStarted(row);
}

void CalibrationRuns::finish(const core::CalibrateSpec& spec, const core::CalibrationReport& report)
{
    const int row = runningRow();
    if (row < 0 || runAt(row).bundle != toQString(spec.out))
        return;
    m_entries[static_cast<std::size_t>(row)].run.report = report;
    // What was written into the same folder before is not there any more.
    for (int other = rowCount() - 1; other >= 0; --other)
        if (runAt(other).bundle == toQString(spec.out) && isOver(other))
            forget(other);
    keepInDocument();
    tell(runningRow());
}

int CalibrationRuns::rowOf(const Job* job) const
{
    for (int row = 0; row < rowCount(); ++row)
        if (jobAt(row) == job)
            return row;
    return -1;
}

void CalibrationRuns::tell(int row)
{
    if (row < 0)
        return;
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    Q_EMIT runChanged(row);
}

bool CalibrationRuns::isOver(int row) const
{
    return !jobAt(row) || jobAt(row)->isOver();
}

int CalibrationRuns::runningRow() const
{
    for (int row = 0; row < rowCount(); ++row)
        if (jobAt(row) && jobAt(row)->isActive())
            return row;
    return -1;
}

int CalibrationRuns::waiting() const
{
    return static_cast<int>(std::count_if(m_entries.begin(), m_entries.end(), [](const auto& entry) {
        return entry.job && entry.job->state() == Job::State::Queued;
    }));
}

bool CalibrationRuns::writesTo(const QString& folder) const
{
    return std::any_of(m_entries.begin(), m_entries.end(), [&](const auto& entry) {
        return entry.run.bundle == folder && entry.job && !entry.job->isOver();
    });
}

void CalibrationRuns::cancel(int row)
{
    if (!isOver(row))
        jobAt(row)->cancel();
}

void CalibrationRuns::cancelAll()
{
    for (int row = rowCount() - 1; row >= 0; --row) // from the back, so that nothing starts meanwhile
        cancel(row);
}

void CalibrationRuns::forget(int row)
{
    if (!isOver(row))
        return;
    const bool wasKept = isFinished(row);
    beginRemoveRows({}, row, row);
    m_entries.erase(m_entries.begin() + row);
    endRemoveRows();
    if (wasKept)
        keepInDocument();
}

std::vector<core::LossPoint> CalibrationRuns::losses(int row) const
{
    const auto& run = runAt(row);
    if (!run.losses.empty())
        return run.losses;
    std::vector<core::LossPoint> points;
    const int steps = std::max(1, (run.samples + run.batch - 1) / std::max(1, run.batch));
    for (const auto& block : run.report.blocks)
        for (std::size_t epoch = 0; epoch < block.lossTrace.size(); ++epoch) {
            const auto epochs = static_cast<int>(block.lossTrace.size());
            const int done = static_cast<int>(epoch) + 1;
            points.push_back({.block = block.block,
                              .step = done * steps - 1,
                              .steps = epochs * steps,
                              .loss = block.lossTrace[epoch],
                              .seconds = block.seconds * done / epochs,
                              .memoryBytes = block.peakDeviceBytes > 0 ? block.peakDeviceBytes : block.peakHostBytes});
        }
    return points;
}

int CalibrationRuns::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

int CalibrationRuns::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString CalibrationRuns::stateText(int row) const
{
    const auto* job = jobAt(row);
    if (!job)
        return isFinished(row) ? tr("\u2713 finished") : tr("\u25a0 stopped");
    switch (job->state()) {
    case Job::State::Queued: return tr("\u2026 waiting");
    case Job::State::Running: return QStringLiteral("\u25b6 ") + formatPercent(job->fraction());
    case Job::State::Stopping: return tr("stopping");
    case Job::State::Cancelled: return tr("\u25a0 stopped");
    case Job::State::Failed: return tr("\u2717 failed");
    case Job::State::Done: return runAt(row).report.bundle.empty() ? tr("blocks missing") : tr("\u2713 finished");
    }
    return {};
}

QString CalibrationRuns::text(int row, int column) const
{
    const auto& run = runAt(row);
    if (column >= ErrorEnd && !isFinished(row))
        return {};
    switch (column) {
    case Name: return QFileInfo(run.bundle).fileName();
    case State: return stateText(row);
    case Bits: return run.bits;
    case Windows: return tr("%1 \u00d7 %2").arg(run.samples).arg(run.seqlen);
    case Epochs: return QString::number(run.epochs);
    case ErrorEnd: return formatNumber(meanError(run.report), 3);
    case Gain: return tr("%1 \u00d7").arg(formatNumber(meanGain(run.report), 3));
    case Time: {
        double seconds = 0.0;
        for (const auto& block : run.report.blocks)
            seconds += block.seconds;
        return formatDuration(static_cast<std::int64_t>(seconds * 1000.0));
    }
    case Memory: return run.report.peakMemoryBytes > 0 ? formatBytes(run.report.peakMemoryBytes) : QString();
    default: return {};
    }
}

QVariant CalibrationRuns::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    if (role == Qt::DisplayRole)
        return text(index.row(), index.column());
    if (role == Qt::ToolTipRole)
        return runAt(index.row()).command;
    if (role == Qt::TextAlignmentRole)
        return QVariant((index.column() >= Epochs ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    return {};
}

QVariant CalibrationRuns::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((section >= Epochs ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && (section == ErrorEnd || section == Gain))
        return tr("Geometric mean over the blocks");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Run");
    case State: return tr("State");
    case Bits: return tr("Bits");
    case Windows: return tr("Windows");
    case Epochs: return tr("Epochs");
    case ErrorEnd: return tr("Error after");
    case Gain: return tr("Smaller by");
    case Time: return tr("Time");
    case Memory: return tr("Memory");
    default: return {};
    }
}

} // namespace ui
