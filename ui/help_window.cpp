// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/help_window.h"

#include <QCoreApplication>
#include <QEvent>
#include <QFile>
#include <QHBoxLayout>
#include <QListWidget>
#include <QTextBrowser>
#include <QUrl>

namespace ui {

namespace {

constexpr int kIdRole = Qt::UserRole;

// Those of the workspaces first, in their order.
constexpr const char* kPages[] = {"welcome", "inspect", "transforms", "calibrate", "evaluate",        "chat",
                                  "export",  "teach",   "kurtosis",   "robust-z",  "transform-kinds", "perplexity",
                                  "kl",      "clipping"};

} // namespace

QString HelpWindow::page(const QString& id)
{
    //: The folder of the help pages in this language; keep "en" where they are not translated.
    const auto language = tr("en", "folder of the help pages");
    for (const auto& folder : {language, QStringLiteral("en")}) {
        QFile file(QStringLiteral(":/help/%1/%2.md").arg(folder, id));
        if (file.open(QIODevice::ReadOnly))
            return QString::fromUtf8(file.readAll()).section(QStringLiteral("<!--"), 0, 0); // without the licence line
    }
    return {};
}

const QList<HelpTopic>& HelpWindow::topics()
{
    static const QList<HelpTopic> kTopics = [] {
        QList<HelpTopic> topics;
        for (const auto* name : kPages) {
            const auto id = QString::fromLatin1(name);
            topics.append({id, page(id).section(QLatin1Char('\n'), 0, 0).mid(2)}); // "# Title"
        }
        return topics;
    }();
    return kTopics;
}

HelpWindow::HelpWindow(QWidget* parent)
    : QDialog(parent)
    , m_list(new QListWidget(this))
    , m_browser(new QTextBrowser(this))
{
    setObjectName(QStringLiteral("help"));
    setWindowTitle(tr("Help"));
    resize(820, 560);
    auto* row = new QHBoxLayout(this);
    m_list->setMaximumWidth(230);
    m_list->setAccessibleName(tr("Pages of the help"));
    m_browser->setAccessibleName(tr("Page"));
    m_browser->setOpenLinks(false);
    m_browser->document()->setDocumentMargin(18);
    row->addWidget(m_list);
    row->addWidget(m_browser, 1);
    for (const auto& topic : topics()) {
        auto* item = new QListWidgetItem(topic.title, m_list);
        item->setData(kIdRole, topic.id);
    }
    connect(m_list, &QListWidget::currentItemChanged, this,
            [this](const QListWidgetItem* item) { showPage(item->data(kIdRole).toString()); });
    connect(m_browser, &QTextBrowser::anchorClicked, this, [this](const QUrl& link) { open(link.path()); });
}

void HelpWindow::open(const QString& id)
{
    for (int row = 0; row < m_list->count(); ++row)
        if (m_list->item(row)->data(kIdRole).toString() == id)
            m_list->setCurrentRow(row);
    show();
    raise();
    activateWindow();
}

void HelpWindow::showPage(const QString& id)
{
    m_current = id;
    m_browser->setMarkdown(page(id));
}

void HelpWindow::changeEvent(QEvent* event)
{
    QDialog::changeEvent(event);
    // Links keep the colour they were laid out with; the browser has its new one only after this.
    if (event->type() == QEvent::PaletteChange && !m_current.isEmpty())
        QMetaObject::invokeMethod(
            this, [this] { showPage(m_current); }, Qt::QueuedConnection);
}

} // namespace ui
