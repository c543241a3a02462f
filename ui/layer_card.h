// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QFormLayout;
class QLabel;
class QPlainTextEdit;

namespace ui {

class Document;

/** The selected layer in numbers, why its module's transform was chosen, and the person's notes on the model. */
class LayerCard : public QWidget
{
    Q_OBJECT

public:
    explicit LayerCard(Document& document, QWidget* parent = nullptr);

    QPlainTextEdit& notes() { return *m_notes; }

private:
    void update();
    void addRow(const QString& name, const QString& value, const QString& tip = {});

    Document& m_document;
    QLabel* m_title;
    QFormLayout* m_rows;
    QLabel* m_reason;
    QPlainTextEdit* m_notes;
};

} // namespace ui
