// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_session.h"
#include "ui/model/document.h"
#include "ui/model/heat_map_model.h"
#include "ui/model/layer_filter_model.h"
#include "ui/model/layer_table_model.h"
#include "ui/model/module_table_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using Model = ui::LayerTableModel;

namespace {

constexpr auto kFatal = QAbstractItemModelTester::FailureReportingMode::Fatal;

/** A document fed by the fake engine by hand, layer by layer. */
struct Bench
{
    void describe()
    {
        document.beginReading(QStringLiteral("/models/toy"));
        document.setDescription(std::make_shared<const core::ModelDescription>(session->describe("/models/toy")));
    }
    void readAll()
    {
        core::Progress progress;
        auto profile =
            std::make_shared<const core::Profile>(session->profile({.model = "toy", .text = "t"}, {}, progress));
        for (const auto& layer : profile->weights)
            document.addLayer(std::make_shared<const core::LayerProfile>(layer));
        document.setProfile(profile);
        document.plan().setEngine(session);
        document.plan().start(profile, {}, {});
    }

    std::shared_ptr<FakeSession> session = std::make_shared<FakeSession>(std::make_shared<FakeBehaviour>());
    ui::Document document;
};

} // namespace

class TstLayerTableModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rowsStandFromTheHeaderOn()
    {
        Bench bench;
        Model model(bench.document, nullptr);
        QAbstractItemModelTester tester(&model, kFatal);
        QCOMPARE(model.rowCount(), 0);
        bench.describe();
        QCOMPARE(model.rowCount(), 8 * 7 + 2); // seven matrices a block, embedding and head
        QCOMPARE(model.index(0, Model::Layer).data().toString(), QStringLiteral("0.q"));
        QCOMPARE(model.index(0, Model::WeightKurtosis).data(), QVariant());
    }

    void aRowFillsWhenItsLayerIsRead()
    {
        Bench bench;
        Model model(bench.document, nullptr);
        bench.describe();
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        core::LayerProfile layer{.layer = {3, core::Role::Up}, .dtype = "BF16", .shape = {172, 64}, .weight = {}};
        layer.weight.kurtosis = 1.5;
        layer.weight.std = 0.5;
        layer.weight.absmax = 4.0;
        bench.document.addLayer(std::make_shared<const core::LayerProfile>(layer));
        QCOMPARE(changed.size(), 1);
        const int row = model.rowOf({3, core::Role::Up});
        QCOMPARE(changed.first().first().toModelIndex().row(), row);
        QCOMPARE(model.index(row, Model::WeightKurtosis).data().toString(), QStringLiteral("1.50"));
        QCOMPARE(model.index(row, Model::WeightPeak).data().toString(), QStringLiteral("8.0")); // 4 / 0.5
        QCOMPARE(model.index(row, Model::DType).data().toString(), QStringLiteral("BF16"));
    }

    void choiceIsTheModulesAndCanBeEdited()
    {
        Bench bench;
        Model model(bench.document, nullptr);
        QAbstractItemModelTester tester(&model, kFatal);
        bench.describe();
        bench.readAll();
        const int q = model.rowOf({1, core::Role::Q});
        const int o = model.rowOf({1, core::Role::O});
        QVERIFY(model.flags(model.index(q, Model::Choice)) & Qt::ItemIsEditable);
        QVERIFY(model.setData(model.index(q, Model::Choice), static_cast<int>(core::TransformKind::Rotation),
                              Qt::EditRole));
        QCOMPARE(model.index(o, Model::Choice).data().toString(), QStringLiteral("rotation"));
        QVERIFY(model.setData(model.index(o, Model::Choice), Model::kAutomatic, Qt::EditRole));
        QCOMPARE(model.index(q, Model::Choice).data().toString(), QStringLiteral("automatic"));
    }

    void embeddingHasNoChoice()
    {
        Bench bench;
        Model model(bench.document, nullptr);
        bench.describe();
        bench.readAll();
        const auto index = model.index(model.rowOf({-1, core::Role::Embedding}), Model::Choice);
        QVERIFY(!(model.flags(index) & Qt::ItemIsEditable));
        QVERIFY(!model.setData(index, 1, Qt::EditRole));
    }

    void filterUnderstands_data()
    {
        QTest::addColumn<QString>("filter");
        QTest::addColumn<int>("rows"); // of 8 blocks: 4 attention and 3 mlp matrices each, embedding, head
        QTest::newRow("nothing") << QString() << 58;
        QTest::newRow("word") << QStringLiteral("down") << 8;
        QTest::newRow("two words") << QStringLiteral("down 3.") << 1;
        QTest::newRow("comparison") << QStringLiteral("z>3.5") << 7; // 2.attention and 5.mlp
        QTest::newRow("both") << QStringLiteral("z>3.5 block=5") << 3;
        QTest::newRow("yours") << QStringLiteral("yours") << 4; // one attention module below
        QTest::newRow("not yours") << QStringLiteral("!yours") << 54;
        QTest::newRow("automatic") << QStringLiteral("auto") << 52; // embedding and head have no choice
        QTest::newRow("role") << QStringLiteral("role:down") << 8;
        QTest::newRow("not the role") << QStringLiteral("module:mlp !role:down") << 16;
        QTest::newRow("choice") << QStringLiteral("choice:rotation") << 4;
        QTest::newRow("with and") << QStringLiteral("z>3.5 & module:mlp") << 3;
        QTest::newRow("bits") << QStringLiteral("bits=4") << 56;         // the plan's scheme, not embedding and head
        QTest::newRow("outliers") << QStringLiteral("outliers>=2") << 7; // planted where z is over 3.5
        QTest::newRow("nothing read is stale") << QStringLiteral("stale") << 0;
        QTest::newRow("note") << QStringLiteral("noted note:odd") << 1;
    }
    void filterUnderstands()
    {
        QFETCH(QString, filter);
        QFETCH(int, rows);
        Bench bench;
        Model model(bench.document, nullptr);
        ui::LayerFilterModel proxy(nullptr);
        proxy.setSourceModel(&model);
        QAbstractItemModelTester tester(&proxy, kFatal);
        bench.describe();
        bench.readAll();
        bench.document.plan().overrideKind({{1, core::ModuleKind::Attention}}, core::TransformKind::Rotation);
        bench.document.setLayerNote({6, core::Role::Up}, QStringLiteral("looks odd"));
        ui::LayerFilter::Problem problem;
        QVERIFY2(proxy.setFilterText(filter, &problem), qPrintable(problem.text));
        QCOMPARE(proxy.rowCount(), rows);
    }

    void filterRefuses_data()
    {
        QTest::addColumn<QString>("filter");
        QTest::addColumn<QString>("named");
        QTest::newRow("unknown column") << QStringLiteral("skew>1") << QStringLiteral("skew");
        QTest::newRow("no number") << QStringLiteral("z>high") << QStringLiteral("z>high");
        QTest::newRow("unknown key") << QStringLiteral("colour:red") << QStringLiteral("colour");
        QTest::newRow("unknown role") << QStringLiteral("role:dwon") << QStringLiteral("dwon");
        QTest::newRow("lone exclamation mark") << QStringLiteral("down !") << QStringLiteral("'!'");
    }
    void filterRefuses()
    {
        QFETCH(QString, filter);
        QFETCH(QString, named);
        ui::LayerFilterModel proxy(nullptr);
        ui::LayerFilter::Problem problem;
        QVERIFY(!proxy.setFilterText(filter, &problem));
        QVERIFY2(problem.text.contains(named), qPrintable(problem.text));
    }

    void theProblemHasItsPlace()
    {
        ui::LayerFilter::Problem problem;
        QVERIFY(!ui::LayerFilter::parse(QStringLiteral("down  z>x !yours"), &problem));
        QCOMPARE(problem.start, 6);
        QCOMPARE(problem.length, 3);
    }

    void completesKeysAndTheirValues()
    {
        QCOMPARE(ui::LayerFilter::completions(QStringLiteral("ro")), QStringList{QStringLiteral("role:")});
        QCOMPARE(ui::LayerFilter::completions(QStringLiteral("!module:m")), QStringList{QStringLiteral("!module:mlp")});
        QVERIFY(ui::LayerFilter::completions(QStringLiteral("xk")).contains(QStringLiteral("xkurtosis>")));
    }

    void headerFillsShapesBeforeAnythingIsRead()
    {
        Bench bench;
        Model model(bench.document, nullptr);
        bench.describe();
        const int row = model.rowOf({3, core::Role::Down});
        QCOMPARE(model.index(row, Model::Shape).data().toString(), QStringLiteral("64 \u00d7 172"));
        QCOMPARE(model.index(row, Model::DType).data().toString(), QStringLiteral("F32"));
        QVERIFY(model.is(Model::Flag::Unread, row));
        QCOMPARE(model.index(row, Model::State).data(Qt::AccessibleTextRole).toString(),
                 QStringLiteral("not measured yet"));
    }

    void notesAreWrittenInTheirCellAndUndone()
    {
        Bench bench;
        Model model(bench.document, nullptr);
        QAbstractItemModelTester tester(&model, kFatal);
        bench.describe();
        bench.readAll();
        const auto cell = model.index(4, Model::Note);
        QVERIFY(model.setData(cell, QStringLiteral(" keep in 8 bits "), Qt::EditRole));
        QCOMPARE(cell.data().toString(), QStringLiteral("keep in 8 bits"));
        bench.document.plan().undoStack().undo();
        QVERIFY(bench.document.layerNotes().empty());
    }

    void comparingShowsTheQuantizedNumberAndItsChange()
    {
        Bench bench;
        Model model(bench.document, nullptr);
        bench.describe();
        bench.readAll();
        auto profile = std::make_shared<core::BundleProfile>();
        core::LayerProfile quantized{.layer = {0, core::Role::K}, .dtype = "W4", .shape = {64, 64}, .weight = {}};
        const double before = bench.document.layer(quantized.layer)->weight.kurtosis;
        quantized.weight.kurtosis = before + 0.5;
        profile->weights.push_back(quantized);
        profile->errors.push_back({.layer = quantized.layer, .weightSqnr = 18.5, .outputError = 0.02});
        bench.document.setBundleProfile(profile);
        const int row = model.rowOf(quantized.layer);
        QCOMPARE(model.index(row, Model::Sqnr).data().toString(), QStringLiteral("18.5"));
        const auto plain = model.index(row, Model::WeightKurtosis).data().toString();
        model.setComparing(true);
        const auto compared = model.index(row, Model::WeightKurtosis).data().toString();
        QVERIFY2(compared.endsWith(QStringLiteral("\u25b20.50")), qPrintable(compared));
        QVERIFY(compared != plain);
        // What is known of the original alone stays as it is.
        QVERIFY(!model.index(row + 1, Model::WeightKurtosis).data().toString().contains(QChar(0x25b2)));
    }

    void heatMapHasAColumnForEachMatrix()
    {
        Bench bench;
        Model model(bench.document, nullptr);
        ui::LayerFilterModel proxy(nullptr);
        proxy.setSourceModel(&model);
        ui::HeatMapModel heat(model, proxy, nullptr);
        QAbstractItemModelTester tester(&heat, kFatal);
        bench.describe();
        bench.readAll();
        QCOMPARE(heat.rowCount(), 8);
        QCOMPARE(heat.columnCount(), 7);
        heat.setColumn(Model::RobustZ);
        const auto largest = heat.indexOf({5, core::Role::Up}); // z 7.5
        QCOMPARE(largest.data(ui::HeatMapModel::kShareRole).toDouble(), 1.0);
        QVERIFY(largest.data(Qt::ToolTipRole).toString().contains(QStringLiteral("rank 1 of 56")));
        QVERIFY(heat.indexOf({2, core::Role::Q}).data(ui::HeatMapModel::kShareRole).toDouble() < 1.0);
        ui::LayerFilter::Problem problem;
        QVERIFY(proxy.setFilterText(QStringLiteral("role:q"), &problem));
        QVERIFY(largest.data(ui::HeatMapModel::kDimmedRole).toBool());
        QVERIFY(!heat.indexOf({5, core::Role::Q}).data(ui::HeatMapModel::kDimmedRole).toBool());
    }

    void selectionRemembersWhereItWas()
    {
        ui::Selection selection;
        const core::LayerId a{0, core::Role::Q};
        const core::LayerId b{1, core::Role::Down};
        selection.setLayers({a});
        selection.setLayers({b});
        selection.setChannels({7, 3});
        QCOMPARE(selection.channels(), (QVector<int>{3, 7}));
        selection.goBack();
        QVERIFY(selection.channels().isEmpty());
        QVERIFY(selection.current() == b);
        selection.goBack();
        QVERIFY(selection.current() == a);
        QVERIFY(!selection.canGoBack());
        selection.goForward();
        QVERIFY(selection.current() == b);
        selection.toggleLayer(a);
        QCOMPARE(selection.layers().size(), std::size_t{2});
        QVERIFY(!selection.canGoForward()); // a new way was taken
    }

    void unknownNumbersSortBelowAll()
    {
        Bench bench;
        Model model(bench.document, nullptr);
        ui::LayerFilterModel proxy(nullptr);
        proxy.setSourceModel(&model);
        bench.describe();
        bench.readAll();
        proxy.sort(Model::RobustZ, Qt::DescendingOrder);
        QCOMPARE(proxy.index(0, Model::Block).data().toString(), QStringLiteral("5")); // 7.5, the largest z
        QCOMPARE(proxy.index(proxy.rowCount() - 1, Model::RobustZ).data(), QVariant());
    }

    void moduleTableHasTwoRowsABlock()
    {
        Bench bench;
        ui::ModuleTableModel model(bench.document, nullptr);
        QAbstractItemModelTester tester(&model, kFatal);
        bench.describe();
        bench.readAll();
        QCOMPARE(model.rowCount(), 16);
        QCOMPARE(model.index(11, ui::ModuleTableModel::Module).data().toString(), QStringLiteral("5.mlp"));
        QCOMPARE(model.index(11, ui::ModuleTableModel::RobustZ).data().toString(), QStringLiteral("7.50"));
    }
};

QTEST_MAIN(TstLayerTableModel)
#include "tst_layer_table_model.moc"
