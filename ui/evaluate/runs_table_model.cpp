// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evaluate/runs_table_model.h"

#include "ui/format.h"
#include "ui/model/document.h"

namespace ui {

RunsTableModel::RunsTableModel(const Document& document, QObject* parent)
    : QAbstractTableModel(parent)
    , m_document(document)
{
    connect(&document, &Document::evaluationsChanged, this, [this] {
        beginResetModel();
        endResetModel();
    });
}

int RunsTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_document.evaluations().size());
}

int RunsTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
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
        return report.perplexity ? measured(report.perplexity->value, report.perplexity->stderror) : QString();
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
    case Divergence:
        return report.divergence ? measured(report.divergence->klMean, report.divergence->klStderr) : QString();
    case Agreement:
        return report.divergence ? tr("%1 % \u00b1 %2")
                                       .arg(formatFixed(report.divergence->top1Agreement * 100.0, 1),
                                            formatFixed(report.divergence->top1Stderr * 100.0, 1))
                                 : QString();
    case Tokens: return report.perplexity ? formatCount(report.perplexity->tokens) : QString();
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
        return QVariant((index.column() == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    return {};
}

QVariant RunsTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return QVariant((section == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    const bool tip = role == Qt::ToolTipRole;
    switch (section) {
    case Name: return tip ? tr("The model measured") : tr("Model");
    case Perplexity:
        return tip ? tr("exp of the mean negative log-likelihood \u00b1 one standard error") : tr("Perplexity");
    case FullPrecision: return tip ? tr("Of the full-precision model on the same windows") : tr("Full precision");
    case Increase: return tip ? tr("Perplexity over that of full precision, less one") : tr("Increase");
    case Divergence:
        return tip ? tr("Kullback-Leibler divergence from full precision: sum of p ln(p / q) over the vocabulary, mean "
                        "over the tokens \u00b1 one standard error, in nats")
                   : tr("KL, nats/token");
    case Agreement:
        return tip
            ? tr("Share of tokens after which both have the same most probable next token \u00b1 one standard error")
            : tr("Same top token");
    case Tokens: return tip ? tr("Predictions scored") : tr("Tokens");
    default: return {};
    }
}

} // namespace ui
