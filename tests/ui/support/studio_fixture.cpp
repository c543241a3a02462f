// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/studio_fixture.h"

#include <QDir>
#include <QFile>

StudioFixture::StudioFixture()
{
    qputenv("XDG_STATE_HOME", path(QStringLiteral("state")).toUtf8()); // no unsaved work of others
    qputenv("XDG_DATA_HOME", path(QStringLiteral("data")).toUtf8());
    window = std::make_unique<ui::StudioWindow>([shared = behaviour] { return std::make_unique<FakeSession>(shared); },
                                                path(QStringLiteral("settings.ini")));
    window->setDiscardQuestion([] { return true; });
    window->show();
    m_active = QTest::qWaitForWindowActive(window.get()); // shortcuts need it
}

bool StudioFixture::openModel()
{
    QDir().mkpath(path(QStringLiteral("toy-8b")));
    window->openPath(path(QStringLiteral("toy-8b")));
    return QTest::qWaitFor([this] { return document().readState() == ui::Document::ReadState::Ready; },
                           60'000); // a loaded machine is slow
}

void StudioFixture::giveText()
{
    QFile file(path(QStringLiteral("text.txt")));
    if (file.open(QIODevice::WriteOnly))
        file.write("Once upon a time.\n");
    file.close();
    document().setText(path(QStringLiteral("text.txt")));
}
