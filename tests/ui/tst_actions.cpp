// SPDX-License-Identifier: GPL-3.0-or-later
// The one list of commands, and that everything in the window goes through it.
#include "tests/ui/support/studio_fixture.h"
#include "ui/actions.h"

#include <QMenuBar>
#include <QSet>
#include <QShortcut>

namespace {

ui::ActionSpec spec(const char* id, const char* keys)
{
    return {.id = QString::fromLatin1(id),
            .text = QString::fromLatin1(id),
            .tip = QStringLiteral("tip"),
            .shortcuts = {QKeySequence(QString::fromLatin1(keys))}};
}

void collectActions(const QMenu* menu, QList<QAction*>& into)
{
    for (auto* action : menu->actions()) {
        if (action->menu())
            collectActions(action->menu(), into);
        else if (!action->isSeparator())
            into.append(action);
    }
}

} // namespace

class TstActions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesIdsAndKeysThatAreTaken()
    {
        ui::ActionRegistry actions;
        actions.add(spec("a", "Ctrl+O"), this, [] {});
        QVERIFY_EXCEPTION_THROWN(actions.add(spec("a", "Ctrl+P"), this, [] {}), std::logic_error);
        QVERIFY_EXCEPTION_THROWN(actions.add(spec("b", "Ctrl+O"), this, [] {}), std::logic_error);
        actions.add(spec("c", "Ctrl+L, Ctrl+X"), this, [] {});
        QVERIFY_EXCEPTION_THROWN(actions.add(spec("d", "Ctrl+L"), this, [] {}), std::logic_error); // its beginning
    }

    void saysWhyACommandCannotBeUsed()
    {
        ui::ActionRegistry actions;
        QString reason = QStringLiteral("Open a model first");
        auto with = spec("a", "Ctrl+O");
        with.whyDisabled = [&] { return reason; };
        auto* action = actions.add(with, this, [] {});
        actions.update();
        QVERIFY(!action->isEnabled());
        QCOMPARE(actions.whyDisabled(*action), reason);
        QVERIFY(action->toolTip().contains(reason));
        reason.clear();
        actions.update();
        QVERIFY(action->isEnabled());
        QCOMPARE(action->toolTip(), QStringLiteral("tip (Ctrl+O)"));
    }

    void newKeysAreTakenAndThoseOfOthersRefusedByName()
    {
        ui::ActionRegistry actions;
        auto* a = actions.add(spec("alpha", "Ctrl+A"), this, [] {});
        actions.add(spec("beta", "Ctrl+B"), this, [] {});
        actions.rebind(*a, {QKeySequence(QStringLiteral("Ctrl+M"))});
        QCOMPARE(a->shortcut(), QKeySequence(QStringLiteral("Ctrl+M")));
        QVERIFY(a->toolTip().contains(QStringLiteral("Ctrl+M")));
        try {
            actions.rebind(*a, {QKeySequence(QStringLiteral("Ctrl+B"))});
            QFAIL("was taken");
        } catch (const core::Error& error) {
            QVERIFY(QString::fromUtf8(error.what()).contains(QStringLiteral("beta")));
        }
        QCOMPARE(a->shortcut(), QKeySequence(QStringLiteral("Ctrl+M")));
    }

    /** Over every action and shortcut in the window, of the registry or not. */
    void noKeysAreAmbiguousInTheWindow()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        QList<std::pair<QKeySequence, QString>> seen;
        const auto claim = [&](const QKeySequence& keys, const QString& owner) {
            for (const auto& [taken, by] : seen)
                QVERIFY2(taken.matches(keys) == QKeySequence::NoMatch && keys.matches(taken) == QKeySequence::NoMatch,
                         qPrintable(keys.toString() + QStringLiteral(": ") + by + QStringLiteral(" and ") + owner));
            seen.append({keys, owner});
        };
        auto actions = studio.window->findChildren<QAction*>();
        for (auto* action : studio.window->actions().all())
            if (!actions.contains(action))
                actions.append(action);
        for (const auto* action : actions)
            if (action->shortcutContext() == Qt::WindowShortcut) // others hold only where the focus is
                for (const auto& keys : action->shortcuts())
                    claim(keys, action->objectName() + action->text());
        for (const auto* shortcut : studio.window->findChildren<QShortcut*>())
            claim(shortcut->key(), shortcut->objectName());
        QVERIFY(seen.size() > 25);
        for (const auto& [keys, owner] : seen)
            QVERIFY2(keys != QKeySequence(Qt::Key_F10), "F10 opens the menu bar");
    }

    void mnemonicsOfAMenuDiffer()
    {
        StudioFixture studio;
        for (const auto* menu : studio.window->menuBar()->findChildren<QMenu*>()) {
            QSet<QString> seen;
            for (const auto* action : menu->actions()) {
                const auto keys = QKeySequence::mnemonic(action->text()).toString();
                QVERIFY2(keys.isEmpty() || !seen.contains(keys),
                         qPrintable(menu->title() + QStringLiteral(": ") + action->text()));
                seen.insert(keys);
            }
        }
    }

    void everyMenuEntryIsACommandWithATip()
    {
        StudioFixture studio;
        const auto& all = studio.window->actions().all();
        QList<QAction*> shown;
        for (const auto* action : studio.window->menuBar()->actions())
            collectActions(action->menu(), shown);
        QVERIFY(shown.size() > 30);
        for (auto* action : shown) {
            QVERIFY2(all.contains(action), qPrintable(action->text()));
            QVERIFY2(!action->toolTip().isEmpty() && !action->whatsThis().isEmpty(), qPrintable(action->text()));
        }
        for (const auto* action : all)
            QVERIFY2(!studio.window->actions().group(*action).isEmpty(), qPrintable(action->objectName()));
    }
};

QTEST_MAIN(TstActions)
#include "tst_actions.moc"
