// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QFormLayout;
class QLabel;
class QLineEdit;
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
    QLineEdit& layerNote() { return *m_layerNote; }

private:
    void update();
    void showNote();
    void addRow(const QString& name, const QString& value, const QString& tip = {});

    Document& m_document;
    QLabel* m_title;
    QFormLayout* m_rows;
    QLabel* m_reason;
    QLineEdit* m_layerNote; // of the selected layer
    QPlainTextEdit* m_notes;
};

} // namespace ui
