// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings_dialog.h"

#include "core/base/error.h"
#include "ui/convert.h"
#include "ui/settings.h"
#include "ui/shortcuts_page.h"
#include "ui/translations.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace ui {

QList<std::pair<QString, QString>> SettingsDialog::pages()
{
    return {{QStringLiteral("appearance"), tr("Appearance")},
            {QStringLiteral("files"), tr("Files and measuring")},
            {QStringLiteral("keys"), tr("Keys")}};
}

SettingsDialog::SettingsDialog(Settings& settings, ActionRegistry& actions, QWidget* parent)
    : QDialog(parent)
    , m_settings(settings)
    , m_list(new QListWidget(this))
    , m_stack(new QStackedWidget(this))
{
    setObjectName(QStringLiteral("settings"));
    setWindowTitle(tr("Settings"));
    resize(760, 520);
    auto* column = new QVBoxLayout(this);
    auto* row = new QHBoxLayout;
    column->addLayout(row, 1);
    m_list->setAccessibleName(tr("Pages of the settings"));
    m_list->setMaximumWidth(190);
    row->addWidget(m_list);
    row->addWidget(m_stack, 1);
    for (const auto& [id, title] : pages())
        m_list->addItem(title);
    m_stack->addWidget(buildAppearance());
    m_stack->addWidget(buildFiles());
    m_shortcuts = new ShortcutsPage(settings, actions, m_stack);
    m_stack->addWidget(m_shortcuts);
    column->addWidget(buildButtons());
    connect(m_list, &QListWidget::currentRowChanged, m_stack, &QStackedWidget::setCurrentIndex);
    m_list->setCurrentRow(0);
    load();
}

void SettingsDialog::open(const QString& page)
{
    const auto all = pages();
    for (int i = 0; i < all.size(); ++i)
        if (all[i].first == page)
            m_list->setCurrentRow(i);
    load();
    show();
    raise();
    activateWindow();
}

QWidget* SettingsDialog::buildAppearance()
{
    auto* page = new QWidget(m_stack);
    auto* form = new QFormLayout(page);
    m_theme = new QComboBox(page);
    m_theme->addItems({tr("As the system"), tr("Light"), tr("Dark"), tr("High contrast")}); // as ThemeChoice counts
    m_language = new QComboBox(page);
    m_language->addItem(tr("As the system"), QString());
    for (const auto& [code, name] : languages())
        m_language->addItem(name, code);
    m_languageNote = new QLabel(tr("Takes effect when the studio is started next."), page);
    m_languageNote->setForegroundRole(QPalette::PlaceholderText);
    form->addRow(tr("&Theme"), m_theme);
    form->addRow(tr("&Language"), m_language);
    form->addRow(QString(), m_languageNote);
    connect(m_theme, &QComboBox::currentIndexChanged, this, &SettingsDialog::themeChosen);
    connect(m_language, &QComboBox::currentIndexChanged, this,
            [this] { m_settings.setLanguage(m_language->currentData().toString()); });
    return page;
}

QWidget* SettingsDialog::buildFiles()
{
    auto* page = new QWidget(m_stack);
    auto* form = new QFormLayout(page);
    m_autosave = new QSpinBox(page);
    m_autosave->setRange(0, 3600);
    m_autosave->setSuffix(tr(" s"));
    m_autosave->setSpecialValueText(tr("never"));
    m_autosave->setToolTip(tr("How often unsaved work is written aside, to be recovered after a crash"));
    m_tokens = new QSpinBox(page);
    m_tokens->setRange(256, 1 << 20);
    m_tokens->setSingleStep(256);
    m_tokens->setGroupSeparatorShown(true);
    m_tokens->setSuffix(tr(" tokens"));
    m_tokens->setToolTip(tr("How much text runs through the model when its activations are measured"));
    form->addRow(tr("&Save aside every"), m_autosave);
    form->addRow(tr("&Measure activations over"), m_tokens);
    connect(m_autosave, &QSpinBox::valueChanged, &m_settings, &Settings::setAutosaveSeconds);
    connect(m_tokens, &QSpinBox::valueChanged, &m_settings, &Settings::setActivationTokens);
    return page;
}

QWidget* SettingsDialog::buildButtons()
{
    auto* box = new QWidget(this);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    auto* reset = new QPushButton(tr("&Reset all"), box);
    reset->setObjectName(QStringLiteral("resetSettings"));
    reset->setToolTip(tr("Everything as it came, keys and layouts too; what was opened lately stays"));
    auto* exportButton = new QPushButton(tr("&Export\u2026"), box);
    auto* importButton = new QPushButton(tr("&Import\u2026"), box);
    auto* close = new QPushButton(tr("Close"), box);
    close->setDefault(true);
    m_problem = new QLabel(box);
    m_problem->setWordWrap(true);
    for (auto* button : {reset, exportButton, importButton})
        row->addWidget(button);
    row->addWidget(m_problem, 1);
    row->addWidget(close);
    connect(reset, &QPushButton::clicked, this, [this] {
        m_settings.reset();
        load();
        Q_EMIT imported();
    });
    connect(exportButton, &QPushButton::clicked, this, &SettingsDialog::exportFile);
    connect(importButton, &QPushButton::clicked, this, &SettingsDialog::importFile);
    connect(close, &QPushButton::clicked, this, &QDialog::close);
    return box;
}

void SettingsDialog::load()
{
    const QSignalBlocker quiet[] = {QSignalBlocker(m_theme), QSignalBlocker(m_language), QSignalBlocker(m_autosave),
                                    QSignalBlocker(m_tokens)};
    m_theme->setCurrentIndex(static_cast<int>(m_settings.theme()));
    m_language->setCurrentIndex(std::max(0, m_language->findData(m_settings.language())));
    m_autosave->setValue(m_settings.autosaveSeconds());
    m_tokens->setValue(m_settings.activationTokens());
    m_shortcuts->load();
    m_problem->clear();
}

void SettingsDialog::exportFile()
{
    auto* dialog = new QFileDialog(this, tr("Export the settings"), m_settings.lastFolder(), tr("Settings (*.ini)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("ini"));
    dialog->selectFile(QStringLiteral("planish-settings.ini"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        try {
            m_settings.exportTo(path);
            m_problem->clear();
        } catch (const core::Error& error) {
            m_problem->setText(toQString(error.what()));
        }
    });
    dialog->open();
}

void SettingsDialog::importFile()
{
    auto* dialog = new QFileDialog(this, tr("Import settings"), m_settings.lastFolder(), tr("Settings (*.ini)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        try {
            m_settings.importFrom(path);
            load();
            Q_EMIT imported();
        } catch (const core::Error& error) {
            m_problem->setText(toQString(error.what()));
        }
    });
    dialog->open();
}

} // namespace ui
