// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme.h"

#include "ui/plot/plot_colors.h"

#include <QApplication>
#include <QFont>
#include <QStyle>
#include <QStyleFactory>

namespace ui {

namespace {

struct Shades
{
    QRgb window, base, alternate, text, muted, button, border, highlight, highlightedText, link;
};

constexpr Shades kLight{.window = 0xfff4f5f7,
                        .base = 0xffffffff,
                        .alternate = 0xfff7f8fa,
                        .text = 0xff1f2328,
                        .muted = 0xff767e88,
                        .button = 0xfffcfcfd,
                        .border = 0xffd5d9df,
                        .highlight = 0xff0f62ae,
                        .highlightedText = 0xffffffff,
                        .link = 0xff0f62ae};
// Lighter wells on a darker ground: Fusion draws its outlines from the ground, so that darker wells would have none.
constexpr Shades kDark{.window = 0xff16191d,
                       .base = 0xff20252b,
                       .alternate = 0xff252b32,
                       .text = 0xffe4e7eb,
                       .muted = 0xff98a2ae,
                       .button = 0xff2e353d,
                       .border = 0xff3c4550,
                       .highlight = 0xff2a6fb8,
                       .highlightedText = 0xffffffff,
                       .link = 0xff6cb6ff};

// White on black with the yellow and sky blue of Okabe and Ito: every pair of text and ground is above 7 : 1.
constexpr Shades kHighContrast{.window = 0xff000000,
                               .base = 0xff000000,
                               .alternate = 0xff1a1a1a,
                               .text = 0xffffffff,
                               .muted = 0xffd0d0d0,
                               .button = 0xff1a1a1a,
                               .border = 0xffffffff,
                               .highlight = 0xfff0e442,
                               .highlightedText = 0xff000000,
                               .link = 0xff56b4e9};

QPalette toPalette(const Shades& shades)
{
    QPalette palette;
    palette.setColor(QPalette::Window, shades.window);
    palette.setColor(QPalette::WindowText, shades.text);
    palette.setColor(QPalette::Base, shades.base);
    palette.setColor(QPalette::AlternateBase, shades.alternate);
    palette.setColor(QPalette::Text, shades.text);
    palette.setColor(QPalette::PlaceholderText, shades.muted);
    palette.setColor(QPalette::Button, shades.button);
    palette.setColor(QPalette::ButtonText, shades.text);
    palette.setColor(QPalette::BrightText, Qt::white);
    palette.setColor(QPalette::ToolTipBase, shades.base);
    palette.setColor(QPalette::ToolTipText, shades.text);
    palette.setColor(QPalette::Highlight, shades.highlight);
    palette.setColor(QPalette::HighlightedText, shades.highlightedText);
    palette.setColor(QPalette::Link, shades.link);
    palette.setColor(QPalette::LinkVisited, shades.link);
    palette.setColor(QPalette::Mid, shades.border);
    palette.setColor(QPalette::Midlight, QColor(shades.border).lighter(108));
    palette.setColor(QPalette::Dark, QColor(shades.border).darker(120));
    palette.setColor(QPalette::Light, shades.base);
    palette.setColor(QPalette::Shadow, QColor(shades.window).darker(180));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, shades.muted);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, shades.border);
    return palette;
}

/** Flat headers, docks and tool bars; everything coloured through palette roles so that both themes share the rules. */
const QString& styleRules()
{
    static const QString rules = QStringLiteral(R"(
        QToolBar { border: 0; border-bottom: 1px solid palette(mid); padding: 3px 6px; spacing: 2px; }
        QToolBar QToolButton { padding: 5px 6px; border-radius: 5px; border: 1px solid transparent; }
        QToolBar QToolButton:hover { background: palette(base); border-color: palette(mid); }
        QToolBar QToolButton:checked { background: palette(highlight); color: palette(highlighted-text); }
        QToolBar QToolButton:focus { border-color: palette(highlight); }
        #qt_toolbar_ext_button { padding: 0; min-width: 16px; }
        QHeaderView::section { background: palette(window); color: palette(window-text); border: 0;
            border-bottom: 1px solid palette(mid); border-right: 1px solid palette(mid); padding: 4px 3px; }
        QTextBrowser, QPlainTextEdit, QListWidget { border: 1px solid palette(mid); border-radius: 6px; }
        QTextBrowser:focus, QPlainTextEdit:focus, QListWidget:focus { border-color: palette(highlight); }
        QListWidget::item { padding: 4px 6px; }
        #finder { background: palette(window); border: 1px solid palette(highlight); border-radius: 8px; }
        #finderQuery { padding: 2px 8px; font-size: 12pt; }
        #noticeBar { background: palette(base); border: 0; border-bottom: 1px solid palette(mid); border-left: 5px solid #e69f00; }
        #errorCard { background: palette(base); border: 1px solid #d55e00; border-left: 5px solid #d55e00; border-radius: 6px; }
        QTableView { border: 1px solid palette(mid); border-radius: 6px; gridline-color: palette(mid); }
        QTableView:focus { border-color: palette(highlight); }
        QToolButton[segment="true"] { padding: 3px 10px; border: 1px solid palette(mid); border-radius: 4px; background: palette(button); }
        QToolButton[segment="true"]:hover { border-color: palette(highlight); }
        QToolButton[segment="true"]:checked { background: palette(highlight); color: palette(highlighted-text); border-color: palette(highlight); }
        QToolButton[segment="true"]:focus { border-color: palette(highlight); }
        QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid palette(mid); border-radius: 3px; background: palette(base); }
        QCheckBox::indicator:hover, QCheckBox:focus::indicator { border-color: palette(highlight); }
        QCheckBox::indicator:checked { background: palette(highlight); border-color: palette(highlight); image: url(:/icons/check.svg); }
        QStatusBar { border-top: 1px solid palette(mid); }
        QStatusBar::item { border: 0; }
        QToolTip { border: 1px solid palette(mid); padding: 3px; }
        QSplitter::handle { background: transparent; }
        QDockWidget::title { padding: 6px 8px; background: palette(window); }
    )");
    return rules;
}

/** Fusion draws outlines as a darker shade of the ground, which black does not have; and the check mark is white. */
const QString& contrastRules()
{
    static const QString rules = QStringLiteral(R"(
        QLineEdit, QPushButton, QComboBox, QAbstractSpinBox { border: 1px solid palette(mid); border-radius: 3px; background: palette(base); }
        QLineEdit, QAbstractSpinBox { padding: 2px 3px; }
        QPushButton { padding: 3px 12px; background: palette(button); }
        QComboBox { padding: 2px 20px 2px 4px; }
        QLineEdit:focus, QPushButton:focus, QComboBox:focus, QAbstractSpinBox:focus { border: 2px solid palette(highlight); }
        QLineEdit:disabled, QPushButton:disabled, QComboBox:disabled, QAbstractSpinBox:disabled { border-style: dashed; }
        QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: 0; padding: 0; }
        QComboBox::drop-down { border: 0; width: 18px; }
        QComboBox::down-arrow { image: url(:/icons/arrow_down.svg); width: 12px; height: 12px; }
        QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: 0; width: 16px; }
        QAbstractSpinBox::up-arrow { image: url(:/icons/arrow_up.svg); width: 10px; height: 10px; }
        QAbstractSpinBox::down-arrow { image: url(:/icons/arrow_down.svg); width: 10px; height: 10px; }
        QProgressBar { border: 1px solid palette(mid); border-radius: 3px; background: palette(base); }
        QProgressBar::chunk { background: palette(highlight); }
        QGroupBox { border: 1px solid palette(mid); border-radius: 4px; margin-top: 1.2em; }
        QGroupBox::title { subcontrol-origin: margin; subcontrol-position: top left; left: 2px; }
        QTabBar::tab { border: 1px solid palette(mid); padding: 4px 10px; background: palette(button); }
        QTabBar::tab:selected { background: palette(highlight); color: palette(highlighted-text); }
        QCheckBox::indicator:checked { image: url(:/icons/check_dark.svg); }
    )");
    return rules;
}

/** Under a style sheet fonts are not handed down from widget to widget, so the sheet itself says how large they are. */
QString letterRules(double letters)
{
    const double points = QApplication::font().pointSizeF() * letters;
    return QStringLiteral("QWidget { font-size: %1pt; } #layerTitle { font-size: %2pt; } #heading { font-size: %3pt; } "
                          "#pageTitle { font-size: %4pt; }")
        .arg(points)
        .arg(points * 1.15)
        .arg(points * 1.15)
        .arg(points * 2.4);
}

} // namespace

QPalette themePalette(ThemeChoice choice)
{
    static const bool kSystemIsDark = isDark(QApplication::palette()); // before we set our own
    if (choice == ThemeChoice::HighContrast)
        return toPalette(kHighContrast);
    const bool dark = choice == ThemeChoice::Dark || (choice == ThemeChoice::System && kSystemIsDark);
    return toPalette(dark ? kDark : kLight);
}

void applyTheme(ThemeChoice choice, std::optional<double> letters)
{
    const auto palette = themePalette(choice);
    // Once: under a style sheet the style has no name, and another one makes every widget be polished twice.
    if (qApp->styleSheet().isEmpty())
        QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QApplication::setPalette(palette);
    // The rules name palette roles; setting them again makes them look the new colours up.
    auto rules = styleRules();
    if (choice == ThemeChoice::HighContrast)
        rules += contrastRules();
    if (letters)
        rules += letterRules(*letters);
    qApp->setStyleSheet(rules);
}

} // namespace ui
