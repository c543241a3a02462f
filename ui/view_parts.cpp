// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view_parts.h"

#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QSplitter>
#include <QTableView>
#include <QTimer>
#include <QToolButton>

namespace ui {

namespace {

class RowTable : public QTableView
{
public:
    RowTable(const QString& whenEmpty, QWidget* parent)
        : QTableView(parent)
        , m_whenEmpty(whenEmpty)
    {
    }

protected:
    void paintEvent(QPaintEvent* event) override
    {
        QTableView::paintEvent(event);
        if (m_whenEmpty.isEmpty() || !model() || model()->rowCount() > 0)
            return;
        constexpr int kMargin = 20;
        QPainter painter(viewport());
        painter.setPen(palette().color(QPalette::PlaceholderText));
        painter.drawText(viewport()->rect().adjusted(kMargin, 0, -kMargin, 0), Qt::AlignCenter | Qt::TextWordWrap,
                         m_whenEmpty);
    }

private:
    QString m_whenEmpty;
};

} // namespace

QTableView* rowTable(QWidget* parent, const QString& name, QAbstractItemModel* model, const QString& whenEmpty)
{
    auto* table = new RowTable(whenEmpty, parent);
    table->setAccessibleDescription(whenEmpty);
    table->setAccessibleName(name);
    table->setModel(model);
    table->setShowGrid(false);
    table->setAlternatingRowColors(true);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setTabKeyNavigation(false);
    table->verticalHeader()->setVisible(false);
    table->verticalHeader()->setDefaultSectionSize(parent->fontMetrics().height() + 8);
    table->horizontalHeader()->setStretchLastSection(true);
    table->horizontalHeader()->setHighlightSections(false);
    return table;
}

QWidget* plotOverTable(QWidget* parent, QWidget* plot, QTableView* table)
{
    auto* splitter = new QSplitter(Qt::Vertical, parent);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(8);
    splitter->addWidget(plot);
    splitter->addWidget(table);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setSizes({400, 260});
    return splitter;
}

QProgressBar* progressLine(QWidget* parent, const QString& name)
{
    auto* bar = new QProgressBar(parent);
    bar->setRange(0, 1000);
    bar->setTextVisible(false);
    bar->setFixedHeight(8);
    auto kept = bar->sizePolicy();
    kept.setRetainSizeWhenHidden(true);
    bar->setSizePolicy(kept);
    bar->setAccessibleName(name);
    return bar;
}

QSpinBox* spinBox(QWidget* parent, int low, int high, int value, const QString& name, const QString& tip)
{
    auto* box = new QSpinBox(parent);
    box->setRange(low, high);
    box->setValue(value);
    box->setAccessibleName(name);
    box->setToolTip(tip);
    return box;
}

QLabel* heading(QWidget* parent, const QString& text, double growth)
{
    auto* label = new QLabel(text, parent);
    auto font = label->font();
    font.setPointSizeF(font.pointSizeF() * growth);
    font.setWeight(QFont::DemiBold);
    label->setFont(font);
    label->setObjectName(growth > 1.5 ? QStringLiteral("pageTitle") : QStringLiteral("heading"));
    return label;
}

QPushButton* commandButton(QWidget* parent, QAction* action)
{
    auto* button = new QPushButton(action->text().remove(QLatin1Char('&')), parent);
    button->setMinimumSize(170, 40);
    button->setCheckable(action->isCheckable());
    const auto follow = [button, action] {
        button->setIcon(action->icon());
        button->setToolTip(action->toolTip());
        button->setEnabled(action->isEnabled());
        button->setChecked(action->isChecked());
    };
    follow();
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    QObject::connect(button, &QPushButton::clicked, button, follow);
    QObject::connect(action, &QAction::changed, button, follow);
    return button;
}

QToolButton* segment(QWidget* parent, const QString& text, const QString& tip)
{
    auto* button = new QToolButton(parent);
    button->setText(text);
    button->setProperty("segment", true);
    button->setToolTip(tip);
    button->setCheckable(true);
    button->setAccessibleName(text);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

void showOften(QObject* owner, std::function<void()> show)
{
    auto* clock = new QTimer(owner);
    clock->setInterval(500);
    QObject::connect(clock, &QTimer::timeout, owner, std::move(show));
    clock->start();
}

} // namespace ui
