// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QList>

class QListWidget;
class QTextBrowser;

namespace ui {

struct HelpTopic
{
    QString id; // "robust-z": the page's file
    QString title;
};

/** The pages of resources/help beside their list: one per workspace and one per notion. In the program's language where
    there is a page in it. */
class HelpWindow : public QDialog
{
    Q_OBJECT

public:
    explicit HelpWindow(QWidget* parent = nullptr);

    static const QList<HelpTopic>& topics();
    static QString page(const QString& id); // Markdown; empty where there is none
    void open(const QString& id);
    QString current() const { return m_current; }
    QTextBrowser& browser() { return *m_browser; }
    QListWidget& list() { return *m_list; }

protected:
    void changeEvent(QEvent* event) override;

private:
    void showPage(const QString& id);

    QListWidget* m_list;
    QTextBrowser* m_browser;
    QString m_current;
};

} // namespace ui
