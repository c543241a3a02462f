// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"

#include <QPointer>
#include <QWidget>

#include <map>
#include <memory>

class QComboBox;
class QLabel;
class QPushButton;

namespace ui {

class ErrorPlot;
class Job;
class Studio;

/** What quantization costs layer by layer, and beside it the same of another run of this project. */
class LayerErrorsPanel : public QWidget
{
    Q_OBJECT

public:
    enum class Measure { Output, Weight };

    explicit LayerErrorsPanel(Studio& studio, QWidget* parent = nullptr);

    ErrorPlot& plot() { return *m_plot; }
    QComboBox& measure() { return *m_measure; }
    QComboBox& other() { return *m_other; } // the run beside it
    QPushButton& measureButton() { return *m_start; }

Q_SIGNALS:
    void hovered(const QString& text);

private:
    using Profile = std::shared_ptr<const core::BundleProfile>;

    void build();
    Profile profileOf(const QString& bundle) const; // null where it was not measured
    void measureBundle(const QString& bundle);
    void fillOther();
    void showErrors();
    void showSelection();
    double errorOf(const core::LayerError& error) const;

    Studio& m_studio;
    ErrorPlot* m_plot = nullptr;
    QComboBox* m_measure = nullptr;
    QComboBox* m_other = nullptr;
    QPushButton* m_start = nullptr;
    QLabel* m_state = nullptr;
    std::map<QString, Profile> m_profiles; // of other runs, by folder
    QPointer<Job> m_job;
    std::map<QString, QString> m_texts; // by bundle: the text that this panel measured it on
};

} // namespace ui
