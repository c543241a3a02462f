// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transforms/plan_diff_panel.h"

#include "ui/convert.h"
#include "ui/engine_texts.h"
#include "ui/flow_row.h"
#include "ui/model/layer_delegates.h"
#include "ui/studio.h"
#include "ui/transforms/plan_diff_model.h"
#include "ui/view_parts.h"

#include <QDragEnterEvent>
#include <QFileInfo>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui {

PlanDiffPanel::PlanDiffPanel(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_model(new PlanDiffModel(studio.document().plan(), this))
{
    setAcceptDrops(true);
    build();
    auto& document = studio.document();
    connect(m_model, &PlanDiffModel::compared, this, &PlanDiffPanel::show);
    connect(&document, &Document::readingChanged, this, &PlanDiffPanel::show);
    connect(&document, &Document::bundleChanged, this, &PlanDiffPanel::show);
    connect(&document, &Document::layersReset, this, [this] { m_model->setOther({}); });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &PlanDiffPanel::show);
    connect(m_takeSelected, &QPushButton::clicked, this, &PlanDiffPanel::takeSelected);
    connect(m_takeAll, &QPushButton::clicked, this, &PlanDiffPanel::takeAll);
    connect(m_close, &QPushButton::clicked, this, [this] { m_model->setOther({}); });
    show();
}

void PlanDiffPanel::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 6, 0, 0);
    column->setSpacing(6);
    auto* row = new FlowRow;
    m_source = new QToolButton(this);
    m_source->setText(tr("Compare with"));
    m_source->setAccessibleName(m_source->text());
    m_source->setToolTip(tr("Sets another plan beside ours; ours stays as it is until you take something over"));
    m_source->setProperty("segment", true);
    m_source->setPopupMode(QToolButton::InstantPopup);
    m_source->setFocusPolicy(Qt::StrongFocus);
    auto* menu = new QMenu(m_source);
    connect(menu->addAction(tr("A plan file\u2026")), &QAction::triggered, this, &PlanDiffPanel::openRequested);
    auto* bundle = menu->addAction(tr("What the quantized model was calibrated with"));
    connect(bundle, &QAction::triggered, this, &PlanDiffPanel::compareWithBundle);
    auto* automatic = menu->addAction(tr("The automatic choices alone"));
    connect(automatic, &QAction::triggered, this, &PlanDiffPanel::compareWithAutomatic);
    connect(menu, &QMenu::aboutToShow, this, [this, bundle, automatic] {
        bundle->setEnabled(!m_studio.document().bundlePlan().modules.empty());
        automatic->setEnabled(!m_studio.document().plan().isEmpty());
    });
    m_source->setMenu(menu);
    m_takeSelected = new QPushButton(tr("Take selected"), this);
    m_takeSelected->setToolTip(tr("Their choices and bits for the selected modules; can be undone"));
    m_takeAll = new QPushButton(tr("Take all"), this);
    m_takeAll->setToolTip(tr("The other plan as a whole; can be undone"));
    m_close = new QPushButton(tr("Close"), this);
    m_close->setToolTip(tr("Puts the other plan away"));
    row->addWidget(m_source);
    for (auto* button : {m_takeSelected, m_takeAll, m_close})
        row->addWidget(button);
    m_state = new QLabel(this);
    m_state->setWordWrap(true);
    m_table = rowTable(this, tr("Where the plans differ"), m_model);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    for (const int kind : {PlanDiffModel::OurKind, PlanDiffModel::TheirKind})
        m_table->setItemDelegateForColumn(kind, new KindDelegate(KindDelegate::Part::Automatic, m_table));
    constexpr int kWidths[] = {90, 96, 96, 104, 104, 200};
    for (int i = 0; i < PlanDiffModel::ColumnCount; ++i)
        m_table->setColumnWidth(i, kWidths[i]);
    column->addLayout(row);
    column->addWidget(m_state);
    column->addWidget(m_table, 1);
}

void PlanDiffPanel::open(const QString& path)
{
    const auto plan = m_studio.readPlan(path);
    m_name = QFileInfo(path).fileName();
    m_model->setOther(plan);
}

void PlanDiffPanel::compareWithBundle()
{
    m_name = QFileInfo(m_studio.document().bundle()).fileName();
    m_model->setOther(m_studio.document().bundlePlan());
}

void PlanDiffPanel::compareWithAutomatic()
{
    auto plan = m_studio.document().plan().plan();
    for (auto& choice : plan.modules) {
        choice.kind = choice.automaticKind;
        choice.origin = core::Origin::Automatic;
    }
    m_name = tr("the automatic choices");
    m_model->setOther(plan);
}

void PlanDiffPanel::takeSelected()
{
    std::vector<core::Choice> choices;
    for (const auto& row : m_table->selectionModel()->selectedRows())
        choices.push_back(m_model->choiceAt(row.row()));
    if (!choices.empty())
        m_studio.document().plan().take(
            choices, tr("%n module(s) as in %1", nullptr, static_cast<int>(choices.size())).arg(m_name));
}

void PlanDiffPanel::takeAll()
{
    m_studio.document().plan().adopt(m_model->other(), tr("Plan as in %1").arg(m_name));
}

void PlanDiffPanel::show()
{
    const auto& plan = m_studio.document().plan();
    const bool compares = !m_model->other().modules.empty();
    const int rows = m_model->rowCount();
    m_source->setEnabled(!plan.isEmpty());
    m_takeSelected->setEnabled(m_table->selectionModel()->hasSelection());
    m_takeAll->setEnabled(rows > 0);
    m_close->setEnabled(compares);
    m_state->setText(
        plan.isEmpty()  ? tr("Open a model first")
            : !compares ? tr("Choose a second plan, or drop a plan file here, to see where it differs from ours")
            : rows == 0
            ? tr("%1 decides everything as ours").arg(m_name)
            : tr("%1 differs in %n of %2 module(s)", nullptr, rows).arg(m_name).arg(plan.plan().modules.size()));
}

void PlanDiffPanel::dragEnterEvent(QDragEnterEvent* event)
{
    const auto urls = event->mimeData()->urls();
    if (urls.size() == 1 && urls.first().toLocalFile().endsWith(QLatin1String(".json")))
        event->acceptProposedAction();
}

void PlanDiffPanel::dropEvent(QDropEvent* event)
{
    try {
        open(event->mimeData()->urls().first().toLocalFile());
        event->acceptProposedAction();
    } catch (const core::Error& error) {
        m_state->setText(errorText(error));
    }
}

} // namespace ui
