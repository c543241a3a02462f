// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QIcon>
#include <QPointer>

#include <functional>
#include <vector>

class QLabel;
class QLineEdit;
class QListWidget;

namespace ui {

/** One thing that can be found: a command, a layer, a run. */
struct FindItem
{
    QString text;
    QString detail = {};      // at the right: a shortcut, what kind of thing it is
    QString whyDisabled = {}; // shown instead of being done; empty where it can be chosen
    QString alsoFoundBy = {}; // further words that meet it
    QIcon icon = {};
    std::function<void()> chosen;
};

/** A field over the window that narrows a list as one types: the command palette and the quick open. Escape, a click
    elsewhere and Enter close it, and the focus goes back to where it was. */
class Finder : public QFrame
{
    Q_OBJECT

public:
    explicit Finder(QWidget* window);

    void open(const QString& title, const QString& placeholder, std::vector<FindItem> items);
    QLineEdit& query() { return *m_query; }
    QListWidget& list() { return *m_list; }
    static constexpr int kDetailRole = 0x0101, kWhyDisabledRole = 0x0102, kItemRole = 0x0103, kPositionsRole = 0x0104;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void narrow();
    void place();
    void choose();
    void closeAndGoBack();

    QLineEdit* m_query;
    QListWidget* m_list;
    QLabel* m_none;
    std::vector<FindItem> m_items;
    QPointer<QWidget> m_before; // had the focus
};

} // namespace ui
