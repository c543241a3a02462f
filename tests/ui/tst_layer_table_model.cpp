// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_session.h"
#include "ui/model/document.h"
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
        QString error;
        QVERIFY2(proxy.setFilterText(filter, &error), qPrintable(error));
        QCOMPARE(proxy.rowCount(), rows);
    }

    void filterRefuses_data()
    {
        QTest::addColumn<QString>("filter");
        QTest::addColumn<QString>("named");
        QTest::newRow("unknown column") << QStringLiteral("skew>1") << QStringLiteral("skew");
        QTest::newRow("no number") << QStringLiteral("z>high") << QStringLiteral("z>high");
    }
    void filterRefuses()
    {
        QFETCH(QString, filter);
        QFETCH(QString, named);
        ui::LayerFilterModel proxy(nullptr);
        QString error;
        QVERIFY(!proxy.setFilterText(filter, &error));
        QVERIFY2(error.contains(named), qPrintable(error));
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
