// SPDX-License-Identifier: Apache-2.0
#include "core/select/candidate.h"
#include "tests/support/refuses.h"

#include <QTest>

using namespace core;

class TestCandidate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void spellingComesBack()
    {
        for (const auto kind : kTransformKinds)
            for (const auto form : kRotationForms)
                for (const int start : {0, 1, 12}) {
                    if (kind != TransformKind::Rotation && form != RotationForm::TwoFactor)
                        continue;
                    const Candidate candidate{kind, form, start};
                    QVERIFY2(parseCandidate(toString(candidate)) == candidate, toString(candidate).c_str());
                }
        QCOMPARE(toString(Candidate{}), std::string("affine"));
        QCOMPARE(toString(Candidate{TransformKind::Rotation, RotationForm::HadamardStart, 1}),
                 std::string("rotation:hadamard-start#1"));
    }

    void wrongSpellingIsRefused()
    {
        for (const char* text : {"", "afine", "affine:hadamard-start", "rotation:", "rotation:three", "affine#",
                                 "affine#-1", "affine#1x", "affine #1"})
            PLANISH_REFUSES(parseCandidate(text), ErrorKind::InvalidArgument, {});
    }

    void startsStandTogetherAndIdentityHasOne()
    {
        std::string all;
        for (const auto& candidate : withStarts({{}, {TransformKind::Identity}, {TransformKind::Rotation}}, 2))
            all += toString(candidate) + " ";
        QCOMPARE(all, std::string("affine affine#1 identity rotation rotation#1 "));
        PLANISH_REFUSES(withStarts({{}, {}}, 2), ErrorKind::InvalidArgument, {"affine"});
        PLANISH_REFUSES(withStarts({}, 2), ErrorKind::InvalidArgument, {"0 candidates"});
        PLANISH_REFUSES(withStarts({{}}, 0), ErrorKind::InvalidArgument, {"0 starts"});
    }
};

QTEST_GUILESS_MAIN(TestCandidate)
#include "tst_candidate.moc"
