// SPDX-License-Identifier: GPL-3.0-or-later
// How the window copes with a model of 70 billion parameters:
//   bench_long_list [FOLDER]      (the engine is named by PLANISH_ENGINE)
// writes the model as sparse files, opens it with the real engine and prints how long the rows took to stand, and what a frame
// costs while the table, the heat map and the plots are scrolled and selected. Prints, asserts nothing.
#include "tests/support/sparse_model.h"
#include "ui/inspect/inspect_view.h"
#include "ui/inspect/layer_browser.h"
#include "ui/model/kind_table.h"
#include "ui/studio_window.h"
#include "ui/translations.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QScrollBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace {

/** A measured layer of the largest kind: what the real one would hold. */
std::shared_ptr<const core::LayerProfile> layer(const core::LayerId& id, std::int64_t channels)
{
    auto made = std::make_shared<core::LayerProfile>();
    made->layer = id;
    made->dtype = "BF16";
    made->shape = {8192, channels};
    auto& weight = made->weight;
    weight.count = 8192 * channels;
    weight.std = 0.02;
    weight.min = -0.4;
    weight.max = 0.4;
    weight.absmax = 0.4;
    weight.kurtosis = 0.1 * ((id.block * 7 + static_cast<int>(id.role)) % 61);
    weight.histogram = {.low = -0.4, .high = 0.4, .counts = {}, .below = 0, .above = 0};
    for (int bin = 0; bin < 512; ++bin) {
        const double t = (bin - 255.5) / 25.6;
        weight.histogram.counts.push_back(static_cast<std::uint64_t>(1e7 * std::exp(-0.5 * t * t)) + 1);
    }
    for (std::int64_t channel = 0; channel < channels; ++channel)
        weight.channelAbsmax.push_back(
            0.1f + 0.05f * static_cast<float>(std::abs(std::sin(0.7 * static_cast<double>(channel)))));
    return made;
}

struct Frames
{
    std::vector<double> ms;

    template <typename Step>
    void measure(const Step& step)
    {
        QElapsedTimer timer;
        timer.start();
        step();
        QCoreApplication::processEvents(QEventLoop::ExcludeUserInputEvents);
        ms.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    void print(const char* what)
    {
        std::sort(ms.begin(), ms.end());
        std::printf("%-34s %4zu frames  median %6.2f ms  95%% %6.2f ms  worst %6.2f ms\n", what, ms.size(),
                    ms[ms.size() / 2], ms[ms.size() * 95 / 100], ms.back());
    }
};

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    ui::installTranslations(application);
    QTemporaryDir scratch;
    const auto folder = argc > 1 ? QString::fromLocal8Bit(argv[1]) : scratch.filePath(QStringLiteral("sparse-70b"));
    const support::SparseModel model(folder.toStdString(), {});
    std::printf("%.1f GB of weights as holes in %s\n", static_cast<double>(model.bytes()) / 1e9, qPrintable(folder));

    ui::StudioWindow window(ui::loadEngineSession, scratch.filePath(QStringLiteral("settings.ini")));
    window.setDiscardQuestion([] { return true; });
    window.resize(1500, 900);
    window.show();
    auto& document = window.studio().document();
    if (!QTest::qWaitFor([&] { return window.studio().engine() != nullptr; }, 600'000))
        return 1;
    QElapsedTimer opening;
    opening.start();
    window.openPath(folder);
    if (!QTest::qWaitFor([&] { return !document.layers().empty(); }, 600'000))
        return 1;
    std::printf("rows stand after %lld ms: %zu layers\n", static_cast<long long>(opening.elapsed()),
                document.layers().size());
    window.studio().jobs().cancelAll(); // reading 140 GB of zeros tells nothing
    if (!QTest::qWaitFor([&] { return window.studio().jobs().isIdle(); }, 600'000))
        return 1;
    Frames filling;
    for (const auto& id : document.layers())
        filling.measure([&] { document.addLayer(layer(id, id.role == core::Role::Down ? 28672 : 8192)); });
    filling.print("a layer arrives");

    auto& browser = window.inspect().browser();
    auto& table = browser.table();
    Frames scrolling;
    for (int row = 0; row < table.model()->rowCount(); row += 3)
        scrolling.measure([&] { table.verticalScrollBar()->setValue(row); });
    scrolling.print("scroll the table");
    table.setCurrentIndex(table.model()->index(0, 2));
    Frames selecting;
    for (int i = 0; i < 120; ++i)
        selecting.measure([&] { QTest::keyClick(&table, Qt::Key_Down); });
    selecting.print("select the next layer, with plots");
    Frames sorting;
    for (int i = 0; i < 6; ++i)
        sorting.measure([&] { table.sortByColumn(7, i % 2 ? Qt::AscendingOrder : Qt::DescendingOrder); });
    sorting.print("sort by kurtosis");
    browser.showAs(true);
    QCoreApplication::processEvents();
    Frames heat;
    for (int row = 0; row < 80; ++row)
        heat.measure([&] { browser.heatMap().verticalScrollBar()->setValue(row); });
    heat.print("scroll the heat map");
    return 0;
}
