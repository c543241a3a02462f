// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

class QHBoxLayout;
class QLabel;
class QToolButton;

namespace ui {

class Document;
class FilterEdit;
class LayerFilterModel;
class LayerTableModel;

/** The filter of the layers: how many it leaves, the field, and a menu of filters to keep. */
class FilterBar : public QWidget
{
    Q_OBJECT

public:
    FilterBar(Document& document, LayerTableModel& table, LayerFilterModel& filter, QWidget* parent);

    FilterEdit& edit() { return *m_filterEdit; }
    QToolButton& savedButton() { return *m_saved; }
    void setSavedFilters(const QStringList& filters);

Q_SIGNALS:
    void applied();
    void savedFiltersChanged(const QStringList& filters);

private:
    void build(QHBoxLayout* row);
    void applyFilter(const QString& text);
    void showCount();
    void fillFilterMenu();

    Document& m_document;
    LayerTableModel* m_model;
    LayerFilterModel* m_filter;
    QLabel* m_state = nullptr;
    FilterEdit* m_filterEdit = nullptr;
    QToolButton* m_saved = nullptr;
    QStringList m_savedFilters;
};

} // namespace ui
