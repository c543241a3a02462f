// SPDX-License-Identifier: GPL-3.0-or-later
// The window on small screens: no workspace makes it larger, and what a page cannot shrink to is scrolled.
#include "tests/ui/support/studio_fixture.h"
#include "ui/flow_row.h"

#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>
#include <QWidget>

class TstSmallWindows : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRowGoesOnBelowWhereTheRoomEnds()
    {
        QWidget box;
        auto* row = new ui::FlowRow(10);
        box.setLayout(row);
        QList<QWidget*> fields;
        for (int i = 0; i < 3; ++i) {
            fields.append(new QWidget);
            fields.last()->setFixedSize(100, 20);
            row->addWidget(fields.last());
        }
        auto* rest = new QWidget; // takes what its line leaves
        rest->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        rest->setMinimumSize(50, 20);
        row->addWidget(rest);
        QCOMPARE(row->sizeHint(), QSize(3 * 100 + 50 + 3 * 10, 20));
        QCOMPARE(row->minimumSize(), QSize(100, 20));
        QCOMPARE(row->heightForWidth(380), 20);
        QCOMPARE(row->heightForWidth(379), 20 + 10 + 20);
        QCOMPARE(row->heightForWidth(100), 4 * 20 + 3 * 10);
        row->setGeometry(QRect(0, 0, 500, 20));
        QCOMPARE(rest->geometry(), QRect(330, 0, 170, 20));
        row->setGeometry(QRect(0, 0, 220, 50));
        QCOMPARE(fields[2]->geometry(), QRect(0, 30, 100, 20));
        QCOMPARE(rest->geometry(), QRect(110, 30, 110, 20));
    }

    void noWorkspaceMakesTheWindowLarger_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<bool>("scrolls"); // may a page be wider than its place?
        QTest::newRow("1280 x 800") << QSize(1280, 800) << false;
        QTest::newRow("1024 x 700") << QSize(1024, 700) << true;
    }
    void noWorkspaceMakesTheWindowLarger()
    {
        QFETCH(QSize, size);
        QFETCH(bool, scrolls);
        StudioFixture studio;
        auto& window = *studio.window;
        window.resize(size);
        QVERIFY(studio.openModel());
        studio.document().select({5, core::Role::Down});
        for (const auto key :
             {Qt::Key_1, Qt::Key_2, Qt::Key_3, Qt::Key_4, Qt::Key_5, Qt::Key_6, Qt::Key_7, Qt::Key_8}) {
            QTest::keyClick(&window, key, Qt::ControlModifier);
            QCoreApplication::processEvents();
            const auto* area = qobject_cast<QScrollArea*>(window.findChild<QStackedWidget*>()->currentWidget());
            QVERIFY(area);
            const auto name = QString::fromLatin1(area->widget()->metaObject()->className());
            QVERIFY2(window.size() == size,
                     qPrintable(QStringLiteral("%1: %2 x %3").arg(name).arg(window.width()).arg(window.height())));
            const int missing = area->horizontalScrollBar()->maximum();
            QVERIFY2(scrolls || missing == 0, qPrintable(QStringLiteral("%1: %2 too wide").arg(name).arg(missing)));
            if (missing == 0)
                continue;
            // What is beyond the edge is brought into sight by the keys that reach it.
            for (auto* field : area->widget()->findChildren<QWidget*>())
                if ((field->focusPolicy() & Qt::TabFocus) && field->isVisible() && field->isEnabled()) {
                    field->setFocus(Qt::TabFocusReason);
                    QVERIFY2(!field->visibleRegion().isEmpty(),
                             qPrintable(name + QLatin1Char(' ') + field->objectName()));
                }
        }
        const auto needed = window.minimumSizeHint();
        QVERIFY2(needed.width() <= 1024 && needed.height() <= 700,
                 qPrintable(QStringLiteral("%1 x %2").arg(needed.width()).arg(needed.height())));
    }
};

QTEST_MAIN(TstSmallWindows)
#include "tst_small_windows.moc"
