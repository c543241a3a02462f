// SPDX-License-Identifier: Apache-2.0
#include "core/eval/text_windows.h"
#include "tests/support/refuses.h"

#include <ATen/ATen.h>
#include <QtTest>

#include <numeric>

using namespace core;

namespace {

ModelInfo smallInfo()
{
    ModelInfo info;
    info.vocab = 100;
    info.context = 8;
    info.bosId = 1;
    return info;
}

std::vector<int> counting(int count)
{
    std::vector<int> ids(static_cast<std::size_t>(count));
    std::iota(ids.begin(), ids.end(), 10);
    return ids;
}

std::vector<std::int64_t> values(const at::Tensor& tensor)
{
    const auto flat = tensor.contiguous();
    return {flat.const_data_ptr<std::int64_t>(), flat.const_data_ptr<std::int64_t>() + flat.numel()};
}

} // namespace

class TextWindowsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cutsWithoutOverlapAndDropsTheTail()
    {
        const TextWindows windows(counting(11), {.seqlen = 4}, smallInfo());
        QCOMPARE(windows.count(), 2);
        QCOMPARE(values(windows.ids(1, 1)), (std::vector<std::int64_t>{14, 15, 16, 17}));
        QCOMPARE(windows.ids(0, 2).sizes(), (at::IntArrayRef{2, 4}));
    }

    void gptqScoresAllButTheFirstAsTheyAre()
    {
        const TextWindows windows(counting(8), {.seqlen = 4}, smallInfo());
        QCOMPARE(windows.firstScored(), 1);
        QCOMPARE(windows.scoredPerWindow(), 3);
        QCOMPARE(values(windows.ids(0, 1)).front(), 10);
    }

    void llamaCppPutsBosInFrontAndScoresTheSecondHalf()
    {
        // llama.cpp with n_ctx = 8: first = n_ctx / 2 = 4, the targets are tokens 5, 6, 7 (n_ctx - first - 1 of them).
        const TextWindows windows(counting(16), {.seqlen = 8, .convention = PerplexityConvention::LlamaCpp},
                                  smallInfo());
        QCOMPARE(windows.firstScored(), 5);
        QCOMPARE(windows.scoredPerWindow(), 3);
        QCOMPARE(values(windows.ids(1, 1)), (std::vector<std::int64_t>{1, 19, 20, 21, 22, 23, 24, 25}));
    }

    void takesTheContextWhereItIsShorterThanThePapersWindow()
    {
        QCOMPARE(TextWindows(counting(16), {}, smallInfo()).length(), 8);
        auto longer = smallInfo();
        longer.context = 8192;
        QCOMPARE(TextWindows(std::vector<int>(4096, 3), {}, longer).length(), 2048);
    }

    void refusesWhatMakesNoSense()
    {
        const auto build = [](int tokens, PerplexityOptions options) {
            return TextWindows(counting(tokens), options, smallInfo());
        };
        const auto kind = ErrorKind::InvalidArgument;
        PLANISH_REFUSES(build(16, {.seqlen = 9}), kind, {"window of 9", "context of 8"});
        PLANISH_REFUSES(build(16, {.seqlen = 1}), kind, {"at least 2"});
        PLANISH_REFUSES(build(7, {.seqlen = 8}), kind, {"7 tokens, fewer than one window of 8"});
        PLANISH_REFUSES(build(16, {.seqlen = 8, .limitTokens = 5}), kind, {"5 tokens"});
        PLANISH_REFUSES(build(16, {.seqlen = 2, .convention = PerplexityConvention::LlamaCpp}), kind, {"second half"});
        PLANISH_REFUSES(build(96, {.seqlen = 8}), kind, {"token 90 has id 100"});
    }
};

QTEST_GUILESS_MAIN(TextWindowsTest)
#include "tst_text_windows.moc"
