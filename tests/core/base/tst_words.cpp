// SPDX-License-Identifier: Apache-2.0
#include "core/base/words.h"
#include "tests/support/refuses.h"

#include <QtTest>

using namespace core;

namespace {

enum class Size { Small, Large, Unnamed };
constexpr Words<Size, 2> kSizes{{{"small", Size::Small}, {"large", Size::Large}}};

} // namespace

class TestWords : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wordsGoThereAndBack()
    {
        for (const auto& [word, size] : kSizes) {
            QVERIFY(valueOf(kSizes, word) == size);
            QVERIFY(wordFor(kSizes, size) == word);
        }
        QVERIFY(wordFor(kSizes, Size::Unnamed).empty());
    }

    void anotherWordIsRefusedWithThoseThereAre()
    {
        for (const char* text : {"medium", "", "Small", "small "})
            PLANISH_REFUSES(valueOf(kSizes, text), ErrorKind::InvalidArgument, {"small, large"});
    }
};

QTEST_GUILESS_MAIN(TestWords)
#include "tst_words.moc"
