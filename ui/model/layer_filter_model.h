// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSortFilterProxyModel>
#include <QString>

#include <vector>

namespace ui {

/** Sorts and filters the layer table. The filter is a list of terms that must all hold: words look for text in any column
    ("down", "rotation"); `z>3.5`, `kurtosis<1`, `max>=10`, `block=3` compare numbers; `yours` keeps overridden rows. */
class LayerFilterModel : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit LayerFilterModel(QObject* parent);

    /** False, with the reason in `error`, for a term that cannot be understood; the filter stays as it was. */
    bool setFilterText(const QString& text, QString* error);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    enum class Relation { Less, LessOrEqual, Equal, GreaterOrEqual, Greater };
    struct Term
    {
        QString word;    // for words
        int column = -1; // for comparisons
        Relation relation = Relation::Equal;
        double value = 0.0;
    };

    bool holds(const Term& term, int row) const;

    std::vector<Term> m_terms;
};

} // namespace ui
