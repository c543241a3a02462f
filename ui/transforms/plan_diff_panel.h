// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QTableView;
class QToolButton;

namespace ui {

class PlanDiffModel;
class Studio;

/** A second plan beside ours: what differs, and buttons to take single rows or all of it over. */
class PlanDiffPanel : public QWidget
{
    Q_OBJECT

public:
    explicit PlanDiffPanel(Studio& studio, QWidget* parent = nullptr);

    void open(const QString& path); // a plan file of the open model; throws core::Error
    PlanDiffModel& model() { return *m_model; }
    QTableView& table() { return *m_table; }
    QPushButton& takeSelectedButton() { return *m_takeSelected; }
    QPushButton& takeAllButton() { return *m_takeAll; }
    QToolButton& sourceButton() { return *m_source; }
    QLabel& state() { return *m_state; }

Q_SIGNALS:
    void openRequested();

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void build();
    void compareWithBundle();
    void compareWithAutomatic();
    void takeSelected();
    void takeAll();
    void show();

    Studio& m_studio;
    PlanDiffModel* m_model = nullptr;
    QToolButton* m_source = nullptr;
    QPushButton* m_takeSelected = nullptr;
    QPushButton* m_takeAll = nullptr;
    QPushButton* m_close = nullptr;
    QLabel* m_state = nullptr;
    QTableView* m_table = nullptr;
    QString m_name; // of the second plan
};

} // namespace ui
