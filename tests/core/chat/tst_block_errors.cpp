// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/chat/block_errors.h"
#include "tests/support/loaded_model.h"
#include "tests/support/stories.h"

#include <ATen/ATen.h>
#include <QtTest>

using namespace core;

namespace {

/** The model with everything that one block adds after its attention multiplied by `factor`. */
std::shared_ptr<const Model> withScaledMlp(const Model& model, int block, double factor)
{
    auto parts = model.parts();
    auto& down = parts.blocks.at(std::size_t(block)).weights.matrix(Role::Down);
    down = down * factor;
    return std::make_shared<const Model>(std::move(parts));
}

} // namespace

class BlockErrorsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aModelMakesNoErrorAgainstItself()
    {
        PLANISH_NEEDS(support::storiesModel());
        const auto loaded = support::loadModel(support::storiesModel());
        const auto ids = loaded.tokenizer->encode("Once upon a time there was a cat", SpecialTokens::Add);
        Progress progress;
        const auto errors = blockErrorsAt(*loaded.model, *loaded.model, ids, 4, progress);
        QCOMPARE(int(errors.size()), loaded.model->info().blocks);
        for (const auto& error : errors) {
            QCOMPARE(error.atToken, 0.0);
            QCOMPARE(error.typical, 0.0);
        }
    }

    void onlyTheBlockThatErrsIsBlamed()
    {
        // Block 2 writes (1 + f) of its MLP's output d: the error is f d, whatever the blocks before it do, so twice the f
        // makes four times the squared error; later blocks get the reference's input and are right.
        PLANISH_NEEDS(support::storiesModel());
        const auto loaded = support::loadModel(support::storiesModel());
        const auto ids = loaded.tokenizer->encode("Once upon a time there was a cat", SpecialTokens::Add);
        Progress progress;
        const auto once = blockErrorsAt(*loaded.model, *withScaledMlp(*loaded.model, 2, 1.25), ids, 5, progress);
        const auto twice = blockErrorsAt(*loaded.model, *withScaledMlp(*loaded.model, 2, 1.5), ids, 5, progress);
        for (std::size_t block = 0; block < once.size(); ++block) {
            if (block != 2) {
                QCOMPARE(once[block].atToken, 0.0);
                continue;
            }
            QVERIFY(once[block].atToken > 1e-4);
            QVERIFY(std::abs(twice[block].atToken / once[block].atToken - 4.0) < 1e-3);
            QVERIFY(std::abs(twice[block].typical / once[block].typical - 4.0) < 1e-3);
        }
    }

    void whatFollowsThePositionDoesNotMatter()
    {
        PLANISH_NEEDS(support::storiesModel());
        const auto loaded = support::loadModel(support::storiesModel());
        const auto other = withScaledMlp(*loaded.model, 1, 1.1);
        const auto ids = loaded.tokenizer->encode("Once upon a time there was a cat", SpecialTokens::Add);
        const std::vector<int> cut(ids.begin(), ids.begin() + 5);
        Progress progress;
        const auto whole = blockErrorsAt(*loaded.model, *other, ids, 4, progress);
        const auto shorter = blockErrorsAt(*loaded.model, *other, cut, 4, progress);
        QVERIFY(std::abs(whole[1].atToken - shorter[1].atToken) < 1e-9);
    }

    void refusesAPositionWithoutText()
    {
        PLANISH_NEEDS(support::storiesModel());
        const auto loaded = support::loadModel(support::storiesModel());
        Progress progress;
        for (const std::int64_t position : {0, 3, -1})
            QVERIFY_THROWS_EXCEPTION(Error, blockErrorsAt(*loaded.model, *loaded.model, {1, 2, 3}, position, progress));
        QVERIFY_THROWS_EXCEPTION(Error, blockErrorsAt(*loaded.model, *loaded.model, {1, 1 << 20, 3}, 2, progress));
    }
};

QTEST_GUILESS_MAIN(BlockErrorsTest)
#include "tst_block_errors.moc"
