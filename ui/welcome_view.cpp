// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/welcome_view.h"

#include "ui/actions.h"
#include "ui/convert.h"
#include "ui/engine_texts.h"
#include "ui/format.h"
#include "ui/settings.h"
#include "ui/studio.h"
#include "ui/view_parts.h"

#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui {

namespace {

constexpr int kPathRole = Qt::UserRole;

} // namespace

WelcomeView::WelcomeView(Studio& studio, Settings& settings, ActionRegistry& actions, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_settings(settings)
{
    auto* center = new QWidget(this);
    center->setMaximumWidth(980);
    auto* column = new QVBoxLayout(center);
    column->setSpacing(14);
    column->addWidget(heading(center, QStringLiteral("Planish"), 2.4));
    auto* claim = new QLabel(
        tr("See the outliers of a language model, choose a transform for each module, quantize it, and check "
           "what it costs."),
        center);
    claim->setWordWrap(true);
    column->addWidget(claim);
    column->addSpacing(6);
    column->addWidget(buildStart(actions));
    column->addSpacing(10);
    column->addWidget(buildSteps(actions));
    auto* lower = new QHBoxLayout;
    lower->setSpacing(28);
    lower->addWidget(buildRecents(), 3);
    lower->addWidget(buildDevices(), 2);
    column->addSpacing(8);
    column->addLayout(lower, 1);
    auto* outer = new QHBoxLayout(this);
    outer->setContentsMargins(40, 48, 40, 32);
    outer->addStretch(1);
    outer->addWidget(center, 20);
    outer->addStretch(1);
    connect(&settings, &Settings::recentsChanged, this, &WelcomeView::showRecents);
    connect(&studio, &Studio::engineReady, this, &WelcomeView::showDevices);
    connect(&studio, &Studio::failed, this, &WelcomeView::showDevices);
    showRecents();
    showDevices();
}

QWidget* WelcomeView::buildStart(ActionRegistry& actions)
{
    auto* box = new QWidget(this);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(10);
    const auto add = [&](const QString& id, bool first) {
        auto* button = commandButton(box, actions.at(id));
        button->setDefault(first);
        button->setAutoDefault(true);
        if (first)
            setFocusProxy(button);
        row->addWidget(button);
    };
    add(QStringLiteral("file.demo"), true);
    add(QStringLiteral("file.openFolder"), false);
    add(QStringLiteral("file.openFile"), false);
    row->addStretch(1);
    return box;
}

QWidget* WelcomeView::buildSteps(ActionRegistry& actions)
{
    auto* box = new QWidget(this);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(10);
    const std::pair<const char*, QString> steps[] = {
        {"view.2", tr("Kurtosis, histograms and outlier channels of every layer, weights and activations.")},
        {"view.3", tr("Drag a threshold, or choose affine, rotation or none for each module.")},
        {"view.4", tr("Learn the transforms block by block, with the loss as it falls.")},
        {"view.5", tr("Perplexity and divergence against full precision, with their uncertainty.")},
        {"view.6", tr("Talk to the quantized model.")},
        {"view.7", tr("Write it for other programs, and check that it reads back the same.")}};
    for (const auto& [id, text] : steps) {
        auto* action = actions.at(QString::fromLatin1(id));
        auto* step = new QToolButton(box);
        step->setText(action->text());
        step->setIcon(action->icon());
        step->setIconSize(QSize(22, 22));
        step->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        step->setAutoRaise(true);
        step->setToolTip(action->toolTip());
        connect(step, &QToolButton::clicked, action, &QAction::trigger);
        connect(action, &QAction::changed, step, [step, action] { step->setIcon(action->icon()); });
        auto* line = new QLabel(text, box);
        line->setWordWrap(true);
        line->setForegroundRole(QPalette::PlaceholderText);
        line->setAlignment(Qt::AlignTop | Qt::AlignLeft);
        line->setContentsMargins(6, 0, 0, 0);
        auto* column = new QVBoxLayout;
        column->setSpacing(2);
        column->addWidget(step, 0, Qt::AlignLeft);
        column->addWidget(line, 1);
        row->addLayout(column, 1);
    }
    return box;
}

QWidget* WelcomeView::buildRecents()
{
    auto* box = new QWidget(this);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(heading(box, tr("Recent"), 1.15));
    m_noRecents =
        new QLabel(tr("Nothing yet. Drop a model folder, a .gguf file or a project anywhere in this window."), box);
    m_noRecents->setWordWrap(true);
    m_noRecents->setForegroundRole(QPalette::PlaceholderText);
    m_recents = new QListWidget(box);
    m_recents->setObjectName(QStringLiteral("recents"));
    m_recents->setAccessibleName(tr("Recent models and projects"));
    m_recents->setAlternatingRowColors(true);
    column->addWidget(m_noRecents);
    column->addWidget(m_recents, 1);
    column->addStretch(0);
    for (const auto signal : {&QListWidget::itemActivated, &QListWidget::itemClicked})
        connect(m_recents, signal, this, [this](const QListWidgetItem* item) { openRecent(*item); });
    return box;
}

QWidget* WelcomeView::buildDevices()
{
    auto* box = new QWidget(this);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(heading(box, tr("This machine"), 1.15));
    m_devices = new QLabel(box);
    m_devices->setTextFormat(Qt::PlainText);
    m_devices->setWordWrap(true);
    m_devices->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_devices->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_devices);
    column->addSpacing(12);
    auto* promise = new QLabel(tr("Everything is computed here. Planish never uses the network."), box);
    promise->setWordWrap(true);
    promise->setForegroundRole(QPalette::PlaceholderText);
    column->addWidget(promise);
    column->addStretch(1);
    return box;
}

void WelcomeView::showRecents()
{
    m_recents->clear();
    for (const auto& path : m_settings.recents()) {
        const QFileInfo info(path);
        auto name = info.fileName();
        if (name == QLatin1String("hf"))
            name = info.dir().dirName() + QStringLiteral("/hf");
        auto* item = new QListWidgetItem(tr("%1   \u2013   %2").arg(name, info.absolutePath()), m_recents);
        item->setData(kPathRole, path);
        item->setToolTip(path);
        if (!info.exists()) {
            item->setText(tr("%1   \u2013   not there any more. Locate\u2026").arg(name));
            item->setForeground(palette().color(QPalette::PlaceholderText));
            item->setToolTip(tr("%1 is not there any more; a click asks where it is now").arg(path));
        }
    }
    m_noRecents->setVisible(m_recents->count() == 0);
    m_recents->setVisible(m_recents->count() > 0);
}

void WelcomeView::openRecent(const QListWidgetItem& item)
{
    const auto path = item.data(kPathRole).toString();
    if (QFileInfo::exists(path))
        Q_EMIT openRequested(path);
    else
        Q_EMIT locateRequested(path);
}

void WelcomeView::showDevices()
{
    if (!m_studio.engine()) {
        m_devices->setText(tr("Looking at the devices\u2026"));
        return;
    }
    QStringList lines;
    for (const auto& device : m_studio.devices().devices)
        lines += tr("%1: %2, %3")
                     .arg(toQString(device.name), toQString(device.description), formatBytes(device.memoryBytes));
    if (!m_studio.devices().whyNoCuda.empty())
        lines += tr("No CUDA: %1").arg(fromEngine(m_studio.devices().whyNoCuda));
    m_devices->setText(lines.join(QLatin1Char('\n')));
}

} // namespace ui
