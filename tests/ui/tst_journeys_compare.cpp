// SPDX-License-Identifier: GPL-3.0-or-later
// Two models beside one another, and what is taken away from the window: each journey with no more presses than it may take,
// and the window alive all the while.
#include "tests/ui/support/journey.h"
#include "ui/chat/chat_view.h"
#include "ui/chat/token_panel.h"
#include "ui/inspect/inspect_view.h"
#include "ui/inspect/layer_browser.h"
#include "ui/model/heat_map_model.h"
#include "ui/model/kind_table.h"
#include "ui/model/layer_table_model.h"
#include "ui/model_tree.h"
#include "ui/plot/channel_plot.h"
#include "ui/plot/threshold_plot.h"
#include "ui/plot/token_plot.h"
#include "ui/transforms/transforms_view.h"

#include <QApplication>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QTableView>
#include <QTableWidget>
#include <QTimer>
#include <QToolButton>
#include <QTreeWidget>

using core::Role;
using ui::Workspace;

namespace {

struct Comparing : Journey
{
    ui::ChatView& chat() { return window->chat(); }
    bool answered()
    {
        return QTest::qWaitFor([this] { return isIdle() && chat().againButton().isEnabled(); }, 60'000);
    }
    /** Both models side by side in the Chat workspace. */
    bool talk()
    {
        const bool ready = beginQuantized();
        window->showWorkspace(Workspace::Chat);
        QCoreApplication::processEvents();
        return ready;
    }
};

} // namespace

class TstJourneysCompare : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void j12ChatSideBySideByKeys()
    {
        Comparing at;
        QVERIFY(at.beginQuantized());
        at.hand.key(Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(at.window->workspace(), Workspace::Chat);
        at.heart.emplace(); // the page was drawn for the first time
        at.hand.type(QStringLiteral("Who lives in Velm?"));
        at.hand.key(Qt::Key_Return);
        QVERIFY(at.answered());
        QVERIFY(at.chat().otherTranscript().toPlainText().contains(QStringLiteral("Once upon other time")));
        QVERIFY(!at.chat().tokenPanel().plot().isEmpty());
        QCOMPARE(at.hand.keys(), 2);
        QCOMPARE(at.hand.fields(), 1);
        QVERIFY(at.beats());
    }

    void j12ChatSideBySideAndJ13TokenToLayer()
    {
        Comparing at;
        QVERIFY(at.talk());
        at.hand.choose(at.chat().bar().modes(), static_cast<int>(ui::ChatBar::Mode::Agreement));
        QCOMPARE(at.hand.clicks(), 2);
        at.chat().prompt().setFocus();
        at.hand.type(QStringLiteral("Who lives in Velm?"));
        QCOMPARE(at.chat().prompt().toPlainText(), QStringLiteral("Who lives in Velm?"));
        at.hand.key(Qt::Key_Return);
        QVERIFY(at.chat().prompt().toPlainText().isEmpty()); // it was sent
        QVERIFY(at.answered());
        QVERIFY(at.chat().transcript().toPlainText().contains(QStringLiteral("Once upon a time")));
        QVERIFY(at.chat().otherTranscript().toPlainText().contains(QStringLiteral("Once upon other time")));
        QVERIFY(!at.chat().tokenPanel().plot().isEmpty()); // KL of each token
        QCOMPARE(at.hand.clicks(), 2);
        QCOMPARE(at.hand.fields(), 1);

        at.hand.startOver();
        auto& panel = at.chat().tokenPanel();
        QTest::qWait(50); // the queued replot places the tokens
        at.hand.click(*panel.plot().canvas(), panel.plot().pixelAt(2, 1.0).toPoint());
        QTRY_VERIFY(panel.blocks().rowCount() > 0);
        at.hand.click(panel.blocks(), panel.blocks().model()->index(0, 0));
        QCOMPARE(at.window->workspace(), Workspace::Inspect);
        QCOMPARE(at.document().selectedLayer()->block, 5); // the fake engine blames block 5
        QCOMPARE(at.hand.clicks(), 2);
        QVERIFY(at.beats());
    }

    void j13TokenToLayerByKeys()
    {
        Comparing at;
        QVERIFY(at.talk());
        at.chat().bar().modes().setCurrentIndex(static_cast<int>(ui::ChatBar::Mode::Agreement));
        at.chat().prompt().setFocus();
        at.hand.type(QStringLiteral("Who lives in Velm?"));
        at.hand.key(Qt::Key_Return);
        QVERIFY(at.answered());
        auto& panel = at.chat().tokenPanel();
        panel.plot().setFocus();
        for (int i = 0; i < 3; ++i)
            QTest::keyClick(&panel.plot(), Qt::Key_Right); // on the way to the token; the way is not the journey
        at.hand.startOver();
        at.hand.key(Qt::Key_Return);
        QCOMPARE(panel.token(), 2);
        QTRY_VERIFY(panel.blocks().rowCount() > 0);
        panel.blocks().setFocus();
        at.hand.key(Qt::Key_Down);
        at.hand.key(Qt::Key_Return);
        QCOMPARE(at.window->workspace(), Workspace::Inspect);
        QCOMPARE(at.hand.keys(), 3);
        QVERIFY(at.beats());
    }

    void j17TwoRunsInEveryView()
    {
        Comparing at;
        QVERIFY(at.begin());
        at.document().select({5, Role::Down});
        at.window->showWorkspace(Workspace::Inspect);
        at.window->showDock(QStringLiteral("model"));
        QCoreApplication::processEvents();
        QDir().mkpath(at.path(QStringLiteral("toy.bundle")));
        at.hand.drop(at.window->modelTree().slotB(), at.path(QStringLiteral("toy.bundle")));
        QTRY_COMPARE(at.document().bundle(), at.path(QStringLiteral("toy.bundle")));
        auto& inspect = at.window->inspect();
        inspect.setOther(ui::InspectView::Other::Quantized);
        inspect.table().setFocus();
        at.hand.key(Qt::Key_B);
        QTRY_VERIFY(at.document().bundleProfile());
        auto& model = inspect.browser().model();
        QTRY_VERIFY(model.isComparing());
        const auto cell = model.index(model.rowOf({5, Role::Down}), ui::LayerTableModel::WeightKurtosis);
        QVERIFY(cell.data().toString().contains(QChar(0x25bc))); // less than before: the tails went
        // And everywhere else: the tree, the heat map, the plots of the modules.
        auto& tree = at.window->modelTree().tree();
        QVERIFY(!tree.isColumnHidden(2));
        QVERIFY(!tree.currentItem()->text(2).isEmpty() && tree.currentItem()->text(2) != tree.currentItem()->text(1));
        const auto heat = inspect.browser().heatMap().model()->index(5, static_cast<int>(Role::Down));
        QVERIFY(heat.data(ui::HeatMapModel::kOriginalRole).toDouble()
                > heat.data(ui::HeatMapModel::kShareRole).toDouble());
        QVERIFY(heat.data(Qt::ToolTipRole).toString().contains(QStringLiteral("in A")));
        QVERIFY(at.window->transforms().plot(core::ModuleKind::Mlp).toCsv().contains(QStringLiteral("quantized_z")));
        QTRY_VERIFY(
            inspect.panel().channels().toCsv().startsWith(QStringLiteral("channel,absmax,channel_after,absmax_after")));
        QCOMPARE(at.hand.clicks() + at.hand.keys(), 1);
        QVERIFY(at.beats());
    }

    void j20PlotIntoAPaperByMouse()
    {
        Comparing at;
        QVERIFY(at.begin());
        at.document().select({5, Role::Down});
        at.window->showWorkspace(Workspace::Inspect);
        at.window->settings().setLastFolder(at.path(QString()));
        QCoreApplication::processEvents();
        auto& plot = at.window->inspect().panel().channels();
        auto* menuButton = plot.findChild<QToolButton*>(QStringLiteral("plotMenu"));
        QVERIFY(menuButton);
        // The button's menu may hold up whoever pressed it: the second press waits in the queue.
        QTimer::singleShot(0, &plot, [&] { at.hand.choose(plot.menu(), QStringLiteral("SVG")); });
        at.hand.click(*menuButton);
        const auto file = at.path(QStringLiteral("5.down-channels.svg"));
        QTRY_VERIFY(QFile::exists(file));
        QCOMPARE(at.hand.clicks(), 2);
        QFile svg(file);
        QVERIFY(svg.open(QIODevice::ReadOnly));
        const auto text = svg.readAll();
        QVERIFY(text.contains(at.window->inspect().panel().channels().title().toUtf8()));
        QVERIFY(text.startsWith("<?xml") && text.contains("<polyline") && text.trimmed().endsWith("</svg>"));
        QVERIFY(at.beats());
    }
    void j20PlotIntoAPaperByKeys()
    {
        Comparing at;
        QVERIFY(at.begin());
        at.document().select({5, Role::Down});
        at.window->showWorkspace(Workspace::Inspect);
        at.window->settings().setLastFolder(at.path(QString()));
        auto& plot = at.window->inspect().panel().channels();
        plot.setFocus();
        QTRY_VERIFY(at.window->actions().at(QStringLiteral("edit.exportPlot"))->isEnabled());
        at.hand.key(Qt::Key_E, Qt::ControlModifier);
        QTRY_VERIFY(at.window->findChild<QFileDialog*>());
        auto* dialog = at.window->findChild<QFileDialog*>();
        QVERIFY(QTest::qWaitForWindowActive(dialog));
        at.heart.emplace(); // what Qt's own dialog takes to appear is not the window's
        auto* name = dialog->findChild<QLineEdit*>();
        QTRY_COMPARE(QApplication::focusWidget(), name);
        at.hand.type(QStringLiteral("figure.pdf"));
        if (QApplication::activePopupWidget()) // the dialog's own suggestions
            QApplication::activePopupWidget()->hide();
        at.hand.key(Qt::Key_Return);
        QTRY_VERIFY(QFile::exists(at.path(QStringLiteral("figure.pdf"))));
        QCOMPARE(at.hand.keys(), 2);
        QVERIFY(at.beats());
    }
};

QTEST_MAIN(TstJourneysCompare)
#include "tst_journeys_compare.moc"
