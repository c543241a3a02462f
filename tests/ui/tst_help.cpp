// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/studio_fixture.h"
#include "ui/help_window.h"
#include "ui/plot/threshold_plot.h"
#include "ui/transforms/transforms_view.h"

#include <QFile>
#include <QListWidget>
#include <QRegularExpression>
#include <QTextBrowser>

using ui::HelpWindow;

class TstHelp : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_studio = std::make_unique<StudioFixture>(); }
    void cleanupTestCase() { m_studio.reset(); }

    void everyPageHasATitleAndItsLinksLeadSomewhere()
    {
        QVERIFY(HelpWindow::topics().size() >= 12);
        QStringList ids;
        for (const auto& topic : HelpWindow::topics())
            ids += topic.id;
        static const QRegularExpression kLink(QStringLiteral("\\]\\(([^)]*)\\)"));
        for (const auto* language : {"en", "de"})
            for (const auto& id : ids) {
                QFile file(QStringLiteral(":/help/%1/%2.md").arg(QLatin1String(language), id));
                QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
                const auto text = QString::fromUtf8(file.readAll());
                QVERIFY2(text.startsWith(QStringLiteral("# ")), qPrintable(file.fileName()));
                for (auto links = kLink.globalMatch(text); links.hasNext();) {
                    const auto target = links.next().captured(1);
                    QVERIFY2(ids.contains(target), qPrintable(file.fileName() + QStringLiteral(": ") + target));
                }
            }
    }

    void f1OpensThePageOfTheWorkspace_data()
    {
        QTest::addColumn<int>("workspace");
        QTest::addColumn<QString>("page");
        QTest::newRow("welcome") << int(ui::Workspace::Welcome) << QStringLiteral("welcome");
        QTest::newRow("transforms") << int(ui::Workspace::Transforms) << QStringLiteral("transforms");
        QTest::newRow("teach") << int(ui::Workspace::Teach) << QStringLiteral("teach");
        QTest::newRow("chat") << int(ui::Workspace::Chat) << QStringLiteral("chat");
    }
    void f1OpensThePageOfTheWorkspace()
    {
        QFETCH(int, workspace);
        QFETCH(QString, page);
        m_studio->window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_studio->window.get()));
        m_studio->window->showWorkspace(static_cast<ui::Workspace>(workspace));
        QTest::keyClick(m_studio->window.get(), Qt::Key_F1);
        auto* help = m_studio->window->help();
        QVERIFY(help && help->isVisible());
        QCOMPARE(help->current(), page);
        help->close();
    }

    void f1OnAPlotExplainsWhatItMeasures()
    {
        m_studio->window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_studio->window.get()));
        QVERIFY(m_studio->openModel());
        m_studio->window->showWorkspace(ui::Workspace::Transforms);
        m_studio->window->transforms().plot(core::ModuleKind::Mlp).setFocus();
        QTest::keyClick(m_studio->window.get(), Qt::Key_F1);
        QCOMPARE(m_studio->window->help()->current(), QStringLiteral("robust-z"));
        m_studio->window->help()->close();
    }

    void pagesAreChosenByKeyAndLinksAreFollowed()
    {
        m_studio->window->openHelp(QStringLiteral("welcome"));
        auto* help = m_studio->window->help();
        QTest::keyClick(&help->list(), Qt::Key_Down);
        QCOMPARE(help->current(), QStringLiteral("inspect"));
        QVERIFY(help->browser().toPlainText().contains(QStringLiteral("Every weight matrix")));
        QVERIFY(!help->browser().toPlainText().contains(QStringLiteral("SPDX")));
        Q_EMIT help->browser().anchorClicked(QUrl(QStringLiteral("kurtosis")));
        QCOMPARE(help->current(), QStringLiteral("kurtosis"));
        QCOMPARE(help->list().currentItem()->text(), QStringLiteral("Kurtosis"));
        help->close();
    }

private:
    std::unique_ptr<StudioFixture> m_studio;
};

QTEST_MAIN(TstHelp)
#include "tst_help.moc"
