// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/support/fake_session.h"
#include "ui/studio_window.h"

#include <QTemporaryDir>
#include <QTest>

/** A shown window over the fake engine, with its own settings and a folder to write into. */
class StudioFixture
{
public:
    StudioFixture();

    /** Opens the fake model and waits until it is read. False where that did not happen in time. */
    bool openModel();
    QString path(const QString& name) const { return m_folder.filePath(name); }
    ui::Document& document() { return window->studio().document(); }
    ui::PlanEditor& plan() { return document().plan(); }
    core::TransformKind kindOf(const core::ModuleId& module) { return plan().plan().find(module)->kind; }
    /** Writes a small text and names it the document's, as calibration and activations need one. */
    void giveText();

private:
    QTemporaryDir m_folder; // outlives the window, which cleans up in it
    bool m_active = false;

public:
    std::shared_ptr<FakeBehaviour> behaviour = std::make_shared<FakeBehaviour>();
    std::unique_ptr<ui::StudioWindow> window;
};
