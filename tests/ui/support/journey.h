// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/support/hand.h"
#include "tests/ui/support/heartbeat.h"
#include "tests/ui/support/studio_fixture.h"

#include <QDir>
#include <QPushButton>
#include <QToolBar>
#include <QToolButton>

/** A window, the hand that uses it, and the heart that must not stop meanwhile. */
struct Journey : StudioFixture
{
    Journey()
        : hand(*window)
    {
    }

    /** A model that was read, with a text; what it took is not counted. */
    bool begin()
    {
        const bool opened = openModel();
        giveText();
        hand.startOver();
        heart.emplace();
        return opened;
    }
    /** The same, and a quantized model beside it. */
    bool beginQuantized()
    {
        if (!begin())
            return false;
        QDir().mkpath(path(QStringLiteral("quantized")));
        document().setBundle(path(QStringLiteral("quantized")), std::make_shared<core::CalibrationReport>(),
                             document().plan().plan());
        return true;
    }
    /** The button of the tool bar that does what action `id` does. */
    QToolButton& toolButton(const char* id)
    {
        auto* action = window->actions().at(QString::fromLatin1(id));
        return *static_cast<QToolButton*>(window->findChild<QToolBar*>()->widgetForAction(action));
    }
    /** The button under `parent` that is called so, of those in sight. */
    static QPushButton* button(const QWidget& parent, const QString& text)
    {
        for (auto* each : parent.findChildren<QPushButton*>())
            if (each->isVisible() && each->text() == text)
                return each;
        return nullptr;
    }
    bool isIdle() { return window->studio().jobs().isIdle(); }
    /** The window's thread was never held up. */
    bool beats()
    {
        const int before = heart ? heart->beats() : 0;
        const bool alive = QTest::qWaitFor([&] { return heart && heart->beats() > before; });
        if (alive && heart->longestBlockedMs() >= kBlockedMs)
            qInfo("longest pause %.1f ms", heart->longestBlockedMs());
        return alive && heart->longestBlockedMs() < kBlockedMs;
    }

    static constexpr double kBlockedMs = 100.0;
    Hand hand;
    std::optional<Heartbeat> heart;
};
