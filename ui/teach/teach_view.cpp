// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/teach/teach_view.h"

#include "ui/actions.h"
#include "ui/help_window.h"
#include "ui/view_parts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>

namespace ui {

namespace {

constexpr int kTopicRole = Qt::UserRole;
constexpr const char* kTopics[] = {"kurtosis", "robust-z", "transform-kinds", "clipping", "perplexity", "kl"};

} // namespace

TeachView::TeachView(ActionRegistry& actions, QWidget* parent)
    : QWidget(parent)
{
    auto* center = new QWidget(this);
    center->setMaximumWidth(980);
    auto* column = new QVBoxLayout(center);
    column->setSpacing(14);
    column->addWidget(heading(center, tr("Teach"), 2.4));
    auto* claim =
        new QLabel(tr("Lessons that watch what you do and answer it will be here: find an outlier, rotate it "
                      "away, see what rounding costs. Until then, this is what a class can use today, without "
                      "a network."),
                   center);
    claim->setWordWrap(true);
    column->addWidget(claim);
    column->addSpacing(6);
    column->addWidget(buildCommands(actions));
    column->addSpacing(10);
    column->addWidget(buildPages(), 1);
    auto* outer = new QHBoxLayout(this);
    outer->setContentsMargins(40, 48, 40, 32);
    outer->addStretch(1);
    outer->addWidget(center, 20);
    outer->addStretch(1);
}

QWidget* TeachView::buildCommands(ActionRegistry& actions)
{
    const std::pair<const char*, QString> commands[] = {
        {"view.presenter", tr("All letters half as large again, in tables and plots too. F8 takes it back.")},
        {"view.fullScreen", tr("The window without its frame, on the whole projector. F11 takes it back.")},
        {"file.demo", tr("A small model with planted outliers: all pupils see the same numbers.")}};
    auto* box = new QWidget(this);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(24);
    for (const auto& [id, text] : commands) {
        auto* button = commandButton(box, actions.at(QString::fromLatin1(id)));
        auto* line = new QLabel(text, box);
        line->setWordWrap(true);
        line->setForegroundRole(QPalette::PlaceholderText);
        line->setAlignment(Qt::AlignTop | Qt::AlignLeft);
        auto* column = new QVBoxLayout;
        column->addWidget(button, 0, Qt::AlignLeft);
        column->addWidget(line, 1);
        row->addLayout(column, 1);
        if (!focusProxy())
            setFocusProxy(button);
    }
    return box;
}

QWidget* TeachView::buildPages()
{
    auto* box = new QWidget(this);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(heading(box, tr("Pages to read with a class"), 1.15));
    m_pages = new QListWidget(box);
    m_pages->setAccessibleName(tr("Pages to read with a class"));
    m_pages->setAlternatingRowColors(true);
    for (const auto* topic : kTopics) {
        const auto id = QString::fromLatin1(topic);
        auto* item = new QListWidgetItem(HelpWindow::page(id).section(QLatin1Char('\n'), 0, 0).mid(2), m_pages);
        item->setData(kTopicRole, id);
    }
    column->addWidget(m_pages, 1);
    for (const auto signal : {&QListWidget::itemActivated, &QListWidget::itemClicked})
        connect(m_pages, signal, this,
                [this](const QListWidgetItem* item) { Q_EMIT helpRequested(item->data(kTopicRole).toString()); });
    return box;
}

} // namespace ui
