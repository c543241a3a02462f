// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/filter_bar.h"

#include "ui/inspect/filter_edit.h"
#include "ui/model/document.h"
#include "ui/model/layer_filter_model.h"
#include "ui/model/layer_table_model.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QToolButton>

namespace ui {

FilterBar::FilterBar(Document& document, LayerTableModel& table, LayerFilterModel& filter, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_model(&table)
    , m_filter(&filter)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    m_state = new QLabel(this);
    row->addWidget(m_state);
    build(row);
    connect(&document, &Document::readingChanged, this, &FilterBar::showCount);
    connect(&document, &Document::layerRead, this, &FilterBar::showCount);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(m_filter, signal, this, &FilterBar::showCount);
    connect(m_filter, &QAbstractItemModel::modelReset, this, &FilterBar::showCount);
    showCount();
}

void FilterBar::build(QHBoxLayout* row)
{
    m_filterEdit = new FilterEdit(this);
    m_filterEdit->setObjectName(QStringLiteral("layerFilter"));
    m_filterEdit->setPlaceholderText(tr("Filter: down  z>3.5  !yours"));
    m_filterEdit->setAccessibleName(tr("Filter of the layers"));
    m_filterEdit->setWhatsThis(tr(
        "Terms that must all hold: numbers (z>3.5, kurtosis<1, sqnr<=15), keys (role:down, module:mlp, "
        "choice:rotation, type:bf16, note:text), states (auto, yours, stale, unread, nan, noted) and any other word. "
        "A leading ! turns a term round. Down arrow shows what may follow."));
    m_filterEdit->setClearButtonEnabled(true);
    m_filterEdit->setFixedWidth(230);
    m_saved = new QToolButton(this);
    m_saved->setText(QStringLiteral("\u2606"));
    m_saved->setToolTip(tr("Kept filters"));
    m_saved->setAccessibleName(tr("Kept filters"));
    m_saved->setPopupMode(QToolButton::InstantPopup);
    m_saved->setFocusPolicy(Qt::StrongFocus);
    m_saved->setMenu(new QMenu(m_saved));
    row->addWidget(m_filterEdit);
    row->addWidget(m_saved);
    connect(m_filterEdit, &QLineEdit::textChanged, this, &FilterBar::applyFilter);
    connect(m_saved->menu(), &QMenu::aboutToShow, this, &FilterBar::fillFilterMenu);
    fillFilterMenu();
}

void FilterBar::applyFilter(const QString& text)
{
    LayerFilter::Problem problem;
    const bool understood = m_filter->setFilterText(text, &problem);
    m_filterEdit->setProblem(understood ? std::nullopt : std::optional(problem));
    if (understood)
        showCount();
    else
        m_state->setText(problem.text);
    m_state->setToolTip(understood ? QString() : problem.text);
    Q_EMIT applied();
}

void FilterBar::showCount()
{
    const int all = m_model->rowCount();
    const int shown = m_filter->rowCount();
    const int read = m_document.readLayerCount();
    if (all == 0)
        m_state->clear();
    else if (read < all && m_document.readState() != Document::ReadState::Ready)
        m_state->setText(tr("%1 of %n layer(s) measured", nullptr, all).arg(read));
    else
        m_state->setText(shown < all ? tr("%1 of %n layer(s)", nullptr, all).arg(shown)
                                     : tr("%n layer(s)", nullptr, all));
}

void FilterBar::setSavedFilters(const QStringList& filters)
{
    m_savedFilters = filters;
    fillFilterMenu();
}

void FilterBar::fillFilterMenu()
{
    auto* menu = m_saved->menu();
    menu->clear();
    const auto text = m_filterEdit->text().simplified();
    const bool isKept = m_savedFilters.contains(text);
    auto* keep = menu->addAction(isKept ? tr("Forget this filter") : tr("Keep this filter"));
    keep->setObjectName(QStringLiteral("keepFilter"));
    keep->setEnabled(!text.isEmpty() && !m_filterEdit->problem());
    connect(keep, &QAction::triggered, this, [this, text, isKept] {
        if (isKept)
            m_savedFilters.removeAll(text);
        else
            m_savedFilters.append(text);
        Q_EMIT savedFiltersChanged(m_savedFilters);
    });
    menu->addSeparator();
    auto offered = m_savedFilters;
    for (const auto* common : {"z>3.5", "yours", "stale", "module:mlp !auto", "kurtosis>5"})
        if (!offered.contains(QString::fromLatin1(common)))
            offered.append(QString::fromLatin1(common));
    for (const auto& filter : offered) {
        auto* entry =
            menu->addAction((m_savedFilters.contains(filter) ? QStringLiteral("\u2605 ") : QString()) + filter);
        connect(entry, &QAction::triggered, this, [this, filter] { m_filterEdit->setText(filter); });
    }
}

} // namespace ui
