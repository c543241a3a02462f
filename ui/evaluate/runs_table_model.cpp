// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evaluate/runs_table_model.h"

#include "ui/convert.h"
#include "ui/format.h"
#include "ui/model/document.h"
#include "ui/studio.h"

#include <QDateTime>
#include <QLocale>

namespace ui {

namespace {

bool isText(int column)
{
    return column == RunsTableModel::Name || column == RunsTableModel::Verdict || column == RunsTableModel::Tasks
        || column == RunsTableModel::Finished;
}

} // namespace

RunsTableModel::RunsTableModel(const Studio& studio, QObject* parent)
    : QAbstractTableModel(parent)
    , m_studio(studio)
    , m_document(studio.document())
{
    connect(&m_document, &Document::evaluationsChanged, this, &RunsTableModel::judge);
    connect(&studio, &Studio::engineReady, this, &RunsTableModel::judge); // it does the test
    judge();
}

void RunsTableModel::judge()
{
    beginResetModel();
    m_verdicts.clear();
    for (const auto& run : m_document.evaluations())
        m_verdicts << verdict(run.report);
    endResetModel();
}

int RunsTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_document.evaluations().size());
}

int RunsTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString RunsTableModel::verdict(const core::EvaluationReport& report) const
{
    const auto difference = m_studio.engine() ? m_studio.engine()->differenceFromReference(report) : std::nullopt;
    if (!difference)
        return {};
    if (difference->pValue >= core::kSignificance)
        return tr("no significant difference");
    const auto p = QLocale().toString(difference->pValue, 'g', 2);
    return difference->mean > 0.0 ? tr("worse (p %1)").arg(p) : tr("better (p %1)").arg(p);
}

QString RunsTableModel::text(int row, int column) const
{
    const auto& run = m_document.evaluations()[static_cast<std::size_t>(row)];
    const auto& report = run.report;
    const auto measured = [](double value, double error) {
        return tr("%1 \u00b1 %2").arg(formatFixed(value, 3), formatFixed(error, 3));
    };
    switch (column) {
    case Name: return run.name;
    case Perplexity:
        return report.perplexity ? measured(report.perplexity->value, report.perplexity->stderror) : tr("tasks alone");
    case FullPrecision:
        return report.referencePerplexity
            ? measured(report.referencePerplexity->value, report.referencePerplexity->stderror)
            : QString();
    case Increase:
        return report.perplexity && report.referencePerplexity
            ? tr("+%1 %")
                  .arg(formatFixed((report.perplexity->value / report.referencePerplexity->value - 1.0) * 100.0, 2))
                  .replace(QStringLiteral("+-"), QStringLiteral("\u2212"))
            : QString();
    case Verdict: return m_verdicts.value(row);
    case Divergence:
        return report.divergence ? measured(report.divergence->klMean, report.divergence->klStderr) : QString();
    case Agreement:
        return report.divergence ? tr("%1 % \u00b1 %2")
                                       .arg(formatFixed(report.divergence->top1Agreement * 100.0, 1),
                                            formatFixed(report.divergence->top1Stderr * 100.0, 1))
                                 : QString();
    case Tokens: return report.perplexity ? formatCount(report.perplexity->tokens) : QString();
    case Tasks: {
        QStringList names;
        for (const auto& task : report.tasks)
            names << toQString(task.task);
        return names.join(QStringLiteral(", "));
    }
    case Finished: {
        const auto time = QDateTime::fromString(toQString(report.provenance.time), Qt::ISODate);
        return time.isValid() ? QLocale().toString(time.toLocalTime(), QLocale::ShortFormat) : QString();
    }
    default: return {};
    }
}

QVariant RunsTableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    if (role == Qt::DisplayRole)
        return text(index.row(), index.column());
    if (role == Qt::ToolTipRole)
        return index.column() == Name ? QVariant(m_document.evaluations()[static_cast<std::size_t>(index.row())].model)
                                      : headerData(index.column(), Qt::Horizontal, role); // what the number means
    if (role == Qt::TextAlignmentRole)
        return QVariant((isText(index.column()) ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    return {};
}

QVariant RunsTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return QVariant((isText(section) ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    const bool tip = role == Qt::ToolTipRole;
    switch (section) {
    case Name: return tip ? tr("The model measured") : tr("Model");
    case Perplexity:
        return tip ? tr("exp of the mean negative log-likelihood \u00b1 one standard error") : tr("Perplexity");
    case FullPrecision: return tip ? tr("Of the full-precision model on the same windows") : tr("Full precision");
    case Increase: return tip ? tr("Perplexity over that of full precision, less one") : tr("Increase");
    case Verdict:
        return tip
            ? tr("Paired t-test of the log-perplexities of all windows against full precision: better or worse below "
                 "p = 0.05")
            : tr("Verdict");
    case Divergence:
        return tip ? tr("Kullback-Leibler divergence from full precision: sum of p ln(p / q) over the vocabulary, mean "
                        "over the tokens \u00b1 one standard error, in nats")
                   : tr("KL, nats/token");
    case Agreement:
        return tip
            ? tr("Share of tokens after which both have the same most probable next token \u00b1 one standard error")
            : tr("Same top token");
    case Tokens: return tip ? tr("Predictions scored") : tr("Tokens");
    case Tasks: return tip ? tr("What was answered besides: see Tasks and Answers") : tr("Tasks");
    case Finished: return tip ? tr("When the evaluation began") : tr("Time");
    default: return {};
    }
}

} // namespace ui
