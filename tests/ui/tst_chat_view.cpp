// SPDX-License-Identifier: GPL-3.0-or-later
// Two models side by side in the Chat workspace, over the fake engine.
#include "core/base/error.h"
#include "tests/ui/support/heartbeat.h"
#include "tests/ui/support/studio_fixture.h"
#include "ui/chat/chat_view.h"
#include "ui/chat/token_panel.h"
#include "ui/plot/token_plot.h"

#include <QComboBox>
#include <QFile>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTableWidget>
#include <QTextBlock>
#include <QTimer>

using ui::Workspace;

namespace {

/** A model with a bundle, and the Chat workspace in front. */
struct Talk : StudioFixture
{
    bool prepare()
    {
        if (!openModel())
            return false;
        document().setBundle(path(QStringLiteral("quantized")), std::make_shared<core::CalibrationReport>(),
                             document().plan().plan());
        window->showWorkspace(Workspace::Chat);
        return true;
    }
    ui::ChatView& view() { return window->chat(); }
    void choose(QComboBox& box, int index)
    {
        box.setFocus();
        QTest::keyClick(&box, Qt::Key_Home);
        for (int i = 0; i < index; ++i)
            QTest::keyClick(&box, Qt::Key_Down);
    }
    void say(const QString& text)
    {
        QTest::keyClicks(&view().prompt(), text);
        QTest::mouseClick(&view().sendButton(), Qt::LeftButton);
    }
    bool waitForAnswer()
    {
        return QTest::qWaitFor([this] { return window->studio().jobs().isIdle() && view().againButton().isEnabled(); });
    }
};

} // namespace

class TstChatView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agreementShowsWhereTheQuantizedModelWouldDiffer()
    {
        Talk talk;
        QVERIFY(talk.prepare());
        Heartbeat heartbeat;
        auto& view = talk.view();
        talk.choose(view.bar().modes(), 1);
        QVERIFY(view.otherTranscript().isVisible());
        talk.say(QStringLiteral("Hello"));
        QVERIFY(talk.waitForAnswer());
        // The fake engine writes "Once upon a time there was a cooper in Velm." and differs at every third token.
        QVERIFY(view.transcript().toPlainText().contains(QStringLiteral("Once upon a time")));
        QVERIFY(view.otherTranscript().toPlainText().contains(QStringLiteral("Once upon other time there other")));
        QVERIFY(view.tokenPanel().plot().summary().contains(QStringLiteral("11 token")));
        QVERIFY(talk.window->studio().jobs().jobs().last()->command().contains(QStringLiteral("--compare")));
        QVERIFY(heartbeat.longestBlockedMs() < 100.0);
    }

    void aClickOnADivergingTokenLeadsToTheWorstBlocksLayers()
    {
        Talk talk;
        QVERIFY(talk.prepare());
        auto& view = talk.view();
        talk.choose(view.bar().modes(), 1);
        talk.say(QStringLiteral("Hello"));
        QVERIFY(talk.waitForAnswer());
        auto& plot = view.tokenPanel().plot();
        QTest::mouseClick(plot.canvas(), Qt::LeftButton, {}, plot.pixelAt(3, 1.0).toPoint());
        QCOMPARE(view.tokenPanel().token(), 2);
        auto& alternatives = view.tokenPanel().alternatives();
        QCOMPARE(alternatives.rowCount(), 2);
        QCOMPARE(alternatives.item(0, 2)->text(), QStringLiteral("\u00b7other"));
        auto& blocks = view.tokenPanel().blocks();
        QTRY_COMPARE(blocks.rowCount(), 5);
        QCOMPARE(blocks.item(0, 0)->text(), QStringLiteral("5")); // the fake engine blames block 5
        talk.window->setTheme(ui::ThemeChoice::Dark);
        QCOMPARE(blocks.rowCount(), 5); // other colours, the same token
        blocks.setFocus();
        blocks.setCurrentCell(0, 0);
        QTest::keyClick(&blocks, Qt::Key_Return);
        QCOMPARE(talk.window->workspace(), Workspace::Inspect);
        QVERIFY(talk.document().selectedLayer()->block == 5);
    }

    void aFreeRunLetsBothModelsWriteOneAfterTheOther()
    {
        Talk talk;
        QVERIFY(talk.prepare());
        auto& view = talk.view();
        talk.choose(view.bar().modes(), 2);
        QVERIFY(!view.tokenPanel().isVisible());
        talk.say(QStringLiteral("Hello"));
        QVERIFY(talk.waitForAnswer());
        for (auto* pane : {&view.transcript(), &view.otherTranscript()}) {
            QVERIFY(pane->toPlainText().contains(QStringLiteral("Once upon a time")));
            QVERIFY(pane->toPlainText().contains(QStringLiteral("123.4")));
        }
        QVERIFY(talk.window->studio().jobs().jobs().last()->command().contains(QStringLiteral("quantized")));
    }

    void whatWasSaidStaysReadableInAnotherTheme()
    {
        Talk talk;
        QVERIFY(talk.prepare());
        talk.window->setTheme(ui::ThemeChoice::Light);
        talk.say(QStringLiteral("Hello"));
        QVERIFY(talk.waitForAnswer());
        auto& pane = talk.view().transcript();
        const auto darkest = [&] { // of all its letters
            int darkest = 255;
            for (auto block = pane.document()->begin(); block.isValid(); block = block.next())
                for (auto part = block.begin(); !part.atEnd(); ++part)
                    darkest = std::min(darkest, qGray(part.fragment().charFormat().foreground().color().rgb()));
            return darkest;
        };
        QVERIFY(darkest() < 60);
        QTest::keyClick(talk.window.get(), Qt::Key_T, Qt::ControlModifier);
        QTRY_VERIFY2(darkest() > 90, qPrintable(QString::number(darkest()))); // on a ground of about 30
    }

    void againAnswersTheSameQuestionWithOtherParameters()
    {
        Talk talk;
        QVERIFY(talk.prepare());
        auto& view = talk.view();
        talk.say(QStringLiteral("Hello"));
        QVERIFY(talk.waitForAnswer());
        view.bar().tokens().setValue(2);
        QTest::mouseClick(&view.againButton(), Qt::LeftButton);
        QVERIFY(talk.waitForAnswer());
        const auto text = view.transcript().toPlainText();
        QVERIFY(text.contains(QStringLiteral("Once upon")));
        QVERIFY(!text.contains(QStringLiteral("Once upon a")));
        QCOMPARE(text.count(QStringLiteral("Hello")), 1);
    }

    void aSavedConversationComesBack()
    {
        Talk talk;
        QVERIFY(talk.prepare());
        auto& view = talk.view();
        talk.say(QStringLiteral("Hello"));
        QVERIFY(talk.waitForAnswer());
        const auto before = view.transcript().toPlainText();
        const auto file = talk.path(QStringLiteral("talk.json"));
        view.saveTo(file);
        QTest::mouseClick(&view.bar().clearButton(), Qt::LeftButton);
        QVERIFY(!view.transcript().toPlainText().contains(QStringLiteral("Once")));
        view.openFrom(file);
        QCOMPARE(view.transcript().toPlainText(), before);
    }

    /** With its tokens: what both models held of each, and the blocks that err there, are asked for as before. */
    void aSavedConversationIsLookedAtTokenByToken()
    {
        Talk talk;
        QVERIFY(talk.prepare());
        auto& view = talk.view();
        view.bar().modes().setCurrentIndex(static_cast<int>(ui::ChatBar::Mode::Agreement));
        talk.say(QStringLiteral("Hello"));
        QVERIFY(talk.waitForAnswer());
        auto& panel = view.tokenPanel();
        const auto before = panel.plot().toCsv();
        QVERIFY(!panel.plot().isEmpty());
        panel.showToken(2);
        const auto cell = [&panel] { return panel.alternatives().item(0, 1)->text(); };
        const auto likeliest = cell();
        const auto file = talk.path(QStringLiteral("talk.json"));
        view.saveTo(file);
        QTest::mouseClick(&view.bar().clearButton(), Qt::LeftButton);
        QVERIFY(panel.plot().isEmpty());
        view.bar().modes().setCurrentIndex(static_cast<int>(ui::ChatBar::Mode::One));
        view.openFrom(file);
        QVERIFY(panel.isVisible()); // side by side again
        QCOMPARE(panel.plot().toCsv(), before);
        QTest::qWait(50); // the queued replot places the tokens
        QTest::mouseClick(panel.plot().canvas(), Qt::LeftButton, {}, panel.plot().pixelAt(3, 1.0).toPoint());
        QCOMPARE(panel.token(), 2);
        QCOMPARE(cell(), likeliest);
        QTRY_VERIFY(panel.blocks().rowCount() > 0);
        // Of another model there are no such tokens to be traced.
        QFile kept(file);
        QVERIFY(kept.open(QIODevice::ReadOnly));
        auto text = kept.readAll();
        kept.close();
        QVERIFY(text.contains("\"model\":\"toy-8b\""));
        QVERIFY(kept.open(QIODevice::WriteOnly));
        kept.write(text.replace("\"model\":\"toy-8b\"", "\"model\":\"other\""));
        kept.close();
        view.openFrom(file);
        panel.plot().setFocus();
        QTest::keyClick(&panel.plot(), Qt::Key_Right);
        QTest::keyClick(&panel.plot(), Qt::Key_Return);
        QTest::qWait(50);
        QCOMPARE(panel.blocks().rowCount(), 0);
    }

    /** Every conversation is kept by itself and comes back from the button's menu. */
    void keptConversationsAreListed()
    {
        Talk talk;
        QVERIFY(talk.prepare());
        auto& view = talk.view();
        talk.say(QStringLiteral("Where is the cat & the dog?"));
        QVERIFY(talk.waitForAnswer());
        const auto before = view.transcript().toPlainText();
        QTest::mouseClick(&view.bar().clearButton(), Qt::LeftButton);
        talk.say(QStringLiteral("Hello"));
        QVERIFY(talk.waitForAnswer());
        auto* menu = view.bar().openButton().menu();
        const auto open = [&](const std::function<void()>& work) {
            QTimer::singleShot(0, menu, [&] { // the press returns when the menu closes
                QTest::qWaitFor(
                    [&] { return !menu->actions().constFirst()->text().startsWith(QStringLiteral("Reading")); });
                work();
            });
            QTest::mouseClick(&view.bar().openButton(), Qt::LeftButton);
        };
        QStringList listed;
        open([&] {
            for (const auto* action : menu->actions())
                listed << action->text();
            QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(menu->actions().at(1)).center());
        });
        QVERIFY2(listed.at(0).startsWith(QStringLiteral("Hello\t")), qPrintable(listed.join(QLatin1Char('|'))));
        QVERIFY(listed.at(1).startsWith(QStringLiteral("Where is the cat && the dog?\t")));
        QTRY_COMPARE(view.transcript().toPlainText(), before);
        open([&] {
            const auto last = menu->actions().constLast();
            QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(last).center());
        });
        listed.clear();
        open([&] {
            listed << menu->actions().constFirst()->text();
            menu->close();
        });
        QVERIFY(listed.constFirst().startsWith(QStringLiteral("Nothing kept yet")));
    }

    void aDamagedConversationIsRefusedAndTheOldOneStays()
    {
        Talk talk;
        QVERIFY(talk.prepare());
        auto& view = talk.view();
        talk.say(QStringLiteral("Hello"));
        QVERIFY(talk.waitForAnswer());
        const auto file = talk.path(QStringLiteral("talk.json"));
        QFile damaged(file);
        QVERIFY(damaged.open(QIODevice::WriteOnly));
        damaged.write("{\"schema\": 1, \"turns\": [{\"question\": 3}]}");
        damaged.close();
        QVERIFY_THROWS_EXCEPTION(core::Error, view.openFrom(file));
        QVERIFY(view.transcript().toPlainText().contains(QStringLiteral("Once")));
    }

    void withoutABundleOnlyOneModelCanTalk()
    {
        Talk talk;
        QVERIFY(talk.openModel());
        talk.window->showWorkspace(Workspace::Chat);
        talk.choose(talk.view().bar().modes(), 1);
        QCOMPARE(talk.view().bar().modes().currentIndex(), 0);
        QVERIFY(!talk.view().otherTranscript().isVisible());
    }
};

QTEST_MAIN(TstChatView)
#include "tst_chat_view.moc"
