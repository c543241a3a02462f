// SPDX-License-Identifier: GPL-3.0-or-later
// How a plot becomes a file: SVG and PDF as vectors, PNG by doubling pixels and fonts (scaled pens would be slow), CSV of
// what is in view.
#include "ui/plot/plot_view.h"

#include <QPainterPath>
#include <QRegularExpression>
#include <QSaveFile>
#include <QSvgGenerator>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

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

QString attribute(const QString& tag, const char* name)
{
    const QRegularExpression expression(QStringLiteral("\\b%1=\"([^\"]*)\"").arg(QLatin1String(name)));
    return expression.match(tag).captured(1);
}

QString unescaped(QString text)
{
    return text.replace(QLatin1String("&lt;"), QLatin1String("<"))
        .replace(QLatin1String("&gt;"), QLatin1String(">"))
        .replace(QLatin1String("&quot;"), QLatin1String("\""))
        .replace(QLatin1String("&#39;"), QLatin1String("'"))
        .replace(QLatin1String("&amp;"), QLatin1String("&"));
}

/** The outline of a text as SVG writes paths. */
QString outline(const QPainterPath& path)
{
    QString commands;
    const auto point = [](const QPainterPath::Element& at) {
        return QStringLiteral("%1,%2 ").arg(at.x, 0, 'f', 2).arg(at.y, 0, 'f', 2);
    };
    for (int i = 0; i < path.elementCount(); ++i) {
        const auto element = path.elementAt(i);
        if (element.isMoveTo())
            commands += QLatin1Char('M') + point(element);
        else if (element.isLineTo())
            commands += QLatin1Char('L') + point(element);
        else if (element.isCurveTo()) {
            commands += QLatin1Char('C') + point(element) + point(path.elementAt(i + 1)) + point(path.elementAt(i + 2));
            i += 2;
        }
    }
    return commands.trimmed();
}

/** Letters as their outlines, so that the picture looks the same where the fonts are others; what they say stays as a label. */
QByteArray lettersAsPaths(const QByteArray& svg)
{
    static const QRegularExpression kText(QStringLiteral("<text ([^>]*)>([^<]*)</text>"));
    const auto source = QString::fromUtf8(svg);
    QString result;
    qsizetype done = 0;
    for (auto texts = kText.globalMatch(source); texts.hasNext();) {
        const auto match = texts.next();
        const auto tag = match.captured(1);
        QFont font(attribute(tag, "font-family"));
        font.setPixelSize(std::max(1, static_cast<int>(std::lround(attribute(tag, "font-size").toDouble()))));
        font.setWeight(static_cast<QFont::Weight>(std::clamp(attribute(tag, "font-weight").toInt(), 1, 1000)));
        font.setItalic(attribute(tag, "font-style") == QLatin1String("italic"));
        QPainterPath path;
        path.addText(attribute(tag, "x").toDouble(), attribute(tag, "y").toDouble(), font,
                     unescaped(match.captured(2)).trimmed());
        result += source.mid(done, match.capturedStart() - done)
            + QStringLiteral("<path fill=\"%1\" fill-opacity=\"%2\" stroke=\"none\" aria-label=\"%3\" d=\"%4\"/>")
                  .arg(attribute(tag, "fill"), attribute(tag, "fill-opacity"), match.captured(2).trimmed(),
                       outline(path));
        done = match.capturedEnd();
    }
    return (result + source.mid(done)).toUtf8();
}

QByteArray toSvg(QCustomPlot& plot, const QString& title)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(plot.size());
    generator.setViewBox(plot.rect());
    generator.setTitle(title.toHtmlEscaped()); // it writes it as it is
    QCPPainter painter(&generator);
    plot.toPainter(&painter, plot.width(), plot.height());
    painter.end();
    return lettersAsPaths(bytes);
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

/** Title, legend and detail above the axes while this lives: in the window they stand beside the picture. */
class PlotView::Caption
{
public:
    Caption(QCustomPlot& plot, const QString& title, const QString& detail, double factor)
        : m_plot(plot)
        , m_factor(factor)
        , m_rows(new QCPLayoutGrid)
    {
        m_rows->setRowSpacing(0);
        plot.plotLayout()->insertRow(0);
        plot.plotLayout()->addElement(0, 0, m_rows);
        auto bold = plot.font();
        bold.setBold(true);
        add(title, bold, plot.xAxis->labelColor());
        if (!detail.isEmpty())
            add(detail, plot.font(), plot.xAxis->tickLabelColor());
    }

    ~Caption()
    {
        m_plot.plotLayout()->remove(m_rows);
        m_plot.plotLayout()->simplify();
    }

    Caption(const Caption&) = delete;
    Caption& operator=(const Caption&) = delete;

    void addEntry(const QString& text, const QColor& color)
    {
        if (!m_entries) {
            m_entries = new QCPLayoutGrid;
            m_rows->addElement(m_rows->rowCount(), 0, m_entries);
        }
        auto* element = new QCPTextElement(&m_plot, text, scaled(m_plot.font()));
        element->setTextColor(color);
        m_entries->addElement(0, m_entries->columnCount(), element);
    }

private:
    QFont scaled(QFont font) const
    {
        font.setPointSizeF(font.pointSizeF() * m_factor);
        return font;
    }

    void add(const QString& text, const QFont& font, const QColor& color)
    {
        auto* element = new QCPTextElement(&m_plot, text, scaled(font));
        element->setTextColor(color);
        m_rows->addElement(m_rows->rowCount(), 0, element);
    }

    QCustomPlot& m_plot;
    double m_factor;
    QCPLayoutGrid* m_rows;
    QCPLayoutGrid* m_entries = nullptr;
};

QString csvNumber(double value)
{
    return QString::number(value, 'g', 9);
}

std::vector<QStringList> PlotView::cells(std::size_t most) const
{
    std::vector<QStringList> rows{csvColumns()};
    const auto range = m_plot->xAxis->range();
    for (int i = 0, count = sampleCount(); i < count && rows.size() <= most; ++i)
        if (range.contains(samplePosition(i).x()))
            rows.push_back(csvCells(i));
    return rows;
}

QString PlotView::toCsv() const
{
    const auto field = [](QString text) {
        static const QRegularExpression special(QStringLiteral("[,\"\\n\\r]"));
        if (text.contains(special))
            text = QLatin1Char('"') + text.replace(QLatin1Char('"'), QStringLiteral("\"\"")) + QLatin1Char('"');
        return text;
    };
    const auto rows = cells();
    QString text;
    for (const auto& row : rows)
        for (qsizetype column = 0; column < rows.front().size(); ++column)
            text += field(row.value(column)) + QLatin1Char(column + 1 < rows.front().size() ? ',' : '\n');
    return text;
}

std::unique_ptr<PlotView::Caption> PlotView::caption(double factor) const
{
    auto caption = std::make_unique<Caption>(*m_plot, title(), m_detail->text(), factor);
    for (const auto& entry : legend())
        caption->addEntry(entry.glyph + QLatin1Char(' ') + entry.text, entry.color);
    return caption;
}

QImage PlotView::toImage() const
{
    const auto above = caption(1.0);
    return m_plot->toPixmap().toImage();
}

bool PlotView::exportTo(const QString& path, QString* error)
{
    if (path.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive))
        return save(path, toCsv().toUtf8(), error);
    const bool isPng = path.endsWith(QLatin1String(".png"), Qt::CaseInsensitive);
    const auto above = caption(isPng ? kPngFactor : 1.0);
    if (path.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive))
        return save(path, toSvg(*m_plot, title()), error);
    if (isPng)
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
