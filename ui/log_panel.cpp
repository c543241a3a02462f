// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/log_panel.h"

#include "core/base/log.h"
#include "ui/convert.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include <QClipboard>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSysInfo>
#include <QVBoxLayout>

#include <mutex>

namespace ui {

namespace {

constexpr int kKeptLines = 2000;
constexpr int kCopiedLines = 200;

/** Stands between the logger, which any thread uses, and the panels, which come and go: it lives as long as the program. */
class LogRelay : public QObject
{
    Q_OBJECT

public:
    static LogRelay& instance();

Q_SIGNALS:
    void written(const QString& line);
};

class RelaySink : public spdlog::sinks::base_sink<std::mutex>
{
protected:
    void sink_it_(const spdlog::details::log_msg& message) override
    {
        spdlog::memory_buf_t buffer;
        formatter_->format(message, buffer);
        Q_EMIT LogRelay::instance().written(toQString(std::string_view(buffer.data(), buffer.size())).trimmed());
    }
    void flush_() override {}
};

LogRelay& LogRelay::instance()
{
    static auto* relay = [] {
        auto* made = new LogRelay;
        auto sink = std::make_shared<RelaySink>();
        sink->set_formatter(std::make_unique<spdlog::pattern_formatter>("%H:%M:%S %l %v"));
        core::logger()->sinks().push_back(std::move(sink)); // before any job runs
        return made;
    }();
    return *relay;
}

} // namespace

LogPanel::LogPanel(QWidget* parent)
    : QWidget(parent)
    , m_text(new QPlainTextEdit(this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 8, 8);
    m_text->setReadOnly(true);
    m_text->setMaximumBlockCount(kKeptLines);
    m_text->setAccessibleName(tr("Log"));
    m_text->setPlaceholderText(tr("What the engine does, one line a step"));
    auto* copy = new QPushButton(tr("Copy diagnostics"), this);
    copy->setToolTip(tr("Versions, system and the last lines of the log; nothing of your files"));
    auto* column = new QVBoxLayout;
    column->addWidget(copy);
    column->addStretch(1);
    row->addWidget(m_text, 1);
    row->addLayout(column);
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(diagnostics()); });
    connect(&LogRelay::instance(), &LogRelay::written, m_text, &QPlainTextEdit::appendPlainText);
}

QString LogPanel::diagnostics() const
{
    QStringList lines{QStringLiteral("Planish ") + QCoreApplication::applicationVersion(), QStringLiteral("Qt ") + QString::fromLatin1(qVersion()),
                      QSysInfo::prettyProductName() + QLatin1Char(' ') + QSysInfo::currentCpuArchitecture()};
    const auto log = m_text->toPlainText().split(QLatin1Char('\n'));
    lines += log.mid(std::max<qsizetype>(0, log.size() - kCopiedLines));
    return lines.join(QLatin1Char('\n'));
}

} // namespace ui

#include "log_panel.moc"
