// SPDX-License-Identifier: GPL-3.0-or-later
// How a plot becomes a file: SVG and PDF as vectors, PNG by doubling pixels and fonts (scaled pens would be slow), CSV of
// what is in view.
#include "ui/plot/plot_view.h"

#include <QSaveFile>
#include <QSvgGenerator>
#include <qcustomplot.h>

namespace ui {

namespace {

constexpr double kPngFactor = 2.0;

void scaleFonts(QCustomPlot& plot, double factor)
{
    const auto scaled = [factor](QFont font) {
        font.setPointSizeF(font.pointSizeF() * factor);
        return font;
    };
    for (auto* axis : {plot.xAxis, plot.yAxis}) {
        axis->setTickLabelFont(scaled(axis->tickLabelFont()));
        axis->setLabelFont(scaled(axis->labelFont()));
    }
    for (int i = 0; i < plot.itemCount(); ++i)
        if (auto* text = qobject_cast<QCPItemText*>(plot.item(i)))
            text->setFont(scaled(text->font()));
}

QByteArray toPng(QCustomPlot& plot)
{
    scaleFonts(plot, kPngFactor);
    const auto size = plot.size() * kPngFactor;
    const auto pixmap = plot.toPixmap(size.width(), size.height(), 1.0);
    scaleFonts(plot, 1.0 / kPngFactor);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    pixmap.save(&buffer, "PNG");
    return bytes;
}

QByteArray toSvg(QCustomPlot& plot, const QString& title)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(plot.size());
    generator.setViewBox(plot.rect());
    generator.setTitle(title);
    QCPPainter painter(&generator);
    plot.toPainter(&painter, plot.width(), plot.height());
    painter.end();
    return bytes;
}

bool save(const QString& path, const QByteArray& bytes, QString* error)
{
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
        return true;
    *error = PlotView::tr("%1 could not be written: %2").arg(path, file.errorString());
    return false;
}

} // namespace

QString PlotView::toCsv() const
{
    QString text = csvHeader() + QLatin1Char('\n');
    const auto range = m_plot->xAxis->range();
    for (int i = 0, count = sampleCount(); i < count; ++i)
        if (range.contains(samplePosition(i).x()))
            text += csvLine(i) + QLatin1Char('\n');
    return text;
}

bool PlotView::exportTo(const QString& path, QString* error)
{
    if (path.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive))
        return save(path, toSvg(*m_plot, title()), error);
    if (path.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive))
        return save(path, toCsv().toUtf8(), error);
    if (path.endsWith(QLatin1String(".png"), Qt::CaseInsensitive))
        return save(path, toPng(*m_plot), error);
    if (path.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive)) {
        if (m_plot->savePdf(path, 0, 0, QCP::epAllowCosmetic, QStringLiteral("Planish"), title()))
            return true;
        *error = tr("%1 could not be written").arg(path);
        return false;
    }
    *error = tr("%1: a plot is saved as .png, .svg, .pdf or .csv").arg(path);
    return false;
}

} // namespace ui
