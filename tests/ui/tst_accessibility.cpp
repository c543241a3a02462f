// SPDX-License-Identifier: GPL-3.0-or-later
// Lint over the whole window: what takes the focus has a name and is reached by Tab, plots speak and have a table, and no
// text is cut off when it grows by a third, as translations do.
#include "tests/ui/support/studio_fixture.h"
#include "ui/plot/plot_view.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QApplication>
#include <QButtonGroup>
#include <QComboBox>
#include <QDockWidget>
#include <QLabel>
#include <QPushButton>
#include <QSet>
#include <QStackedWidget>
#include <QToolButton>
#include <QTranslator>

using ui::Workspace;

namespace {

constexpr Workspace kWorkspaces[] = {Workspace::Welcome,   Workspace::Inspect,  Workspace::Transforms,
                                     Workspace::Calibrate, Workspace::Evaluate, Workspace::Chat,
                                     Workspace::Export,    Workspace::Teach};

bool takesTab(const QWidget& widget)
{
    return (widget.focusPolicy() & Qt::TabFocus) && widget.isVisible() && widget.isEnabled() && !widget.focusProxy();
}

QString nameOf(QWidget& widget)
{
    auto* interface = QAccessible::queryAccessibleInterface(&widget);
    return interface ? interface->text(QAccessible::Name) : QString();
}

QString place(const QWidget& widget)
{
    QStringList path;
    for (auto* at = &widget; at; at = at->parentWidget())
        path.prepend(QString::fromLatin1(at->metaObject()->className())
                     + (at->objectName().isEmpty() ? QString() : QLatin1Char('#') + at->objectName()));
    return path.join(QStringLiteral(" > "));
}

/** The source text with accents and a third more of it, in brackets. Placeholders stay as they are. */
class PseudoTranslator : public QTranslator
{
public:
    bool isEmpty() const override { return false; }
    QString translate(const char* context, const char* source, const char*, int n) const override
    {
        if (qstrncmp(context, "ui::", 4) != 0)
            return {};
        auto text = QString::fromUtf8(source);
        text.replace(QStringLiteral("%n"), QString::number(n));
        static const QString kFrom = QStringLiteral("aeiouyAEIOUY");
        static const QString kTo =
            QStringLiteral("\u00e4\u00e9\u00ef\u00f6\u00fc\u00ff\u00c4\u00c9\u00cf\u00d6\u00dc\u0178");
        QString pseudo;
        bool isMark = false; // after % or inside a tag
        for (const auto letter : text) {
            const auto at = kFrom.indexOf(letter);
            isMark = isMark ? letter != QLatin1Char('>') && letter != QLatin1Char(' ') : letter == QLatin1Char('<');
            pseudo += at < 0 || isMark ? letter : kTo[at];
        }
        const auto letters = source ? static_cast<int>(qstrlen(source)) : 0;
        return pseudo + QString(letters / 3, QLatin1Char('~'));
    }
};

/** What has less room than its text needs; empty where all is well. */
QString clipped(QWidget& widget)
{
    if (!widget.isVisible() || widget.visibleRegion().isEmpty())
        return {};
    QString text;
    if (auto* label = qobject_cast<QLabel*>(&widget)) {
        if (label->wordWrap() || label->pixmap().isNull() == false || label->textFormat() == Qt::RichText
            || label->sizePolicy().horizontalPolicy() == QSizePolicy::Ignored
            || qobject_cast<ui::PlotView*>(label->parentWidget())) // a title gives way to its plot, whose name it is
            return {};
        text = label->text();
    } else if (auto* button = qobject_cast<QAbstractButton*>(&widget)) {
        text = button->text();
    }
    if (text.isEmpty() || !text.contains(QLatin1Char('~')) || widget.width() + 2 >= widget.minimumSizeHint().width())
        return {};
    return QStringLiteral("'%1' needs %2 and has %3 in %4")
        .arg(text)
        .arg(widget.minimumSizeHint().width())
        .arg(widget.width())
        .arg(place(widget));
}

} // namespace

class TstAccessibility : public QObject
{
    Q_OBJECT

    std::unique_ptr<StudioFixture> m_studio;

    QWidget* page() const { return m_studio->window->findChild<QStackedWidget*>()->currentWidget(); }

private Q_SLOTS:
    void initTestCase()
    {
        m_studio = std::make_unique<StudioFixture>();
        QVERIFY(m_studio->openModel());
        m_studio->giveText();
        m_studio->window->studio().measureActivations(64, 32);
        QTRY_VERIFY(m_studio->document().hasActivations());
        m_studio->document().select({5, core::Role::Down});
    }
    void cleanupTestCase() { m_studio.reset(); }

    void everythingThatTakesTheFocusHasAName()
    {
        for (const auto* dock : {"model", "layer", "jobs", "log", "history", "data"})
            m_studio->window->showDock(QString::fromLatin1(dock));
        m_studio->window->showSettingsPage(QStringLiteral("keys"));
        m_studio->window->openHelp(QStringLiteral("welcome"));
        int looked = 0;
        for (auto* widget : m_studio->window->findChildren<QWidget*>()) {
            const auto* parent = widget->parentWidget();
            if (!(widget->focusPolicy() & Qt::TabFocus) || widget->focusProxy()
                || (parent && (parent->inherits("QAbstractSpinBox") || parent->inherits("QComboBox")))
                || widget->inherits("QTabBar") || widget->inherits("QComboBoxPrivateContainer")
                || widget->inherits("QComboBoxListView") || widget->inherits("QScrollArea")
                || widget->objectName().startsWith(QLatin1String("qt_")))
                continue;
            ++looked;
            QVERIFY2(!nameOf(*widget).isEmpty(), qPrintable(place(*widget)));
        }
        QVERIFY(looked > 60);
        m_studio->window->actions().at(QStringLiteral("view.resetLayout"))->trigger();
    }

    void everyPlotHasATitleASummaryAndATable()
    {
        const auto plots = m_studio->window->findChildren<ui::PlotView*>();
        QVERIFY(plots.size() >= 5);
        for (auto* plot : plots) {
            QVERIFY2(!plot->accessibleName().isEmpty() || !plot->title().isEmpty(), qPrintable(place(*plot)));
            QVERIFY2(plot->isEmpty() || !plot->summary().isEmpty(), qPrintable(place(*plot)));
            const auto csv = plot->toCsv();
            QVERIFY2(csv.contains(QLatin1Char(',')), qPrintable(place(*plot)));
            QVERIFY2(plot->isEmpty() || csv.count(QLatin1Char('\n')) > 1, qPrintable(place(*plot)));
        }
    }

    void everythingOfAPageIsReachedByTab_data()
    {
        QTest::addColumn<int>("workspace");
        for (const auto workspace : kWorkspaces)
            QTest::addRow("workspace %d", static_cast<int>(workspace) + 1) << static_cast<int>(workspace);
    }
    void everythingOfAPageIsReachedByTab()
    {
        QFETCH(int, workspace);
        auto& window = *m_studio->window;
        for (auto* top : QApplication::topLevelWidgets())
            if (top != &window && top->isVisible())
                top->close();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        window.showWorkspace(static_cast<Workspace>(workspace));
        QSet<const QWidget*> met;
        const auto* first = QApplication::focusWidget();
        QString way;
        for (int i = 0; i < 400; ++i) {
            auto* now = QApplication::focusWidget();
            if (i > 0 && now == first)
                break; // once around
            met.insert(now);
            if (now && i < 60)
                way += QLatin1Char('\n') + place(*now).section(QStringLiteral(" > "), -2);
            QTest::keyClick(now ? now : &window, Qt::Key_Tab);
        }
        for (const auto* widget : page()->findChildren<QWidget*>()) {
            const auto* parent = widget->parentWidget();
            if (!takesTab(*widget) || widget->visibleRegion().isEmpty() || parent->inherits("QAbstractSpinBox")
                || parent->inherits("QComboBox")
                || widget->inherits("QRadioButton")) // of a group Tab meets the chosen one, arrows the others
                continue;
            if (const auto* button = qobject_cast<const QAbstractButton*>(widget);
                button && button->group() && button->group()->exclusive())
                continue;
            QVERIFY2(met.contains(widget), qPrintable(place(*widget) + QStringLiteral("; the way was") + way));
        }
    }

    void textsThatGrowByAThirdAreNotCut()
    {
        PseudoTranslator pseudo;
        QCoreApplication::installTranslator(&pseudo);
        QStringList problems;
        {
            StudioFixture studio;
            QVERIFY(studio.openModel());
            studio.document().select({5, core::Role::Down});
            for (const auto workspace : kWorkspaces) {
                studio.window->showWorkspace(workspace);
                QCoreApplication::processEvents();
                for (auto* widget : studio.window->findChildren<QWidget*>())
                    if (const auto problem = clipped(*widget);
                        !problem.isEmpty() && !widget->parentWidget()->inherits("QStatusBar")) // its texts come and go
                        problems += problem;
            }
        }
        QCoreApplication::removeTranslator(&pseudo);
        problems.removeDuplicates();
        QVERIFY2(problems.isEmpty(), qPrintable(problems.join(QLatin1Char('\n'))));
    }
};

QTEST_MAIN(TstAccessibility)
#include "tst_accessibility.moc"
