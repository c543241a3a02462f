// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_session.h"
#include "ui/model/plan_editor.h"

#include <QSignalSpy>
#include <QTest>

using core::ModuleId;
using core::ModuleKind;
using core::TransformKind;

namespace {

// Of the fake engine: robust z 4.0 in 2.attention, 7.5 in 5.mlp, below 1 everywhere else.
const ModuleId kOutlier{2, ModuleKind::Attention};
const ModuleId kPlain{0, ModuleKind::Mlp};

struct Bench
{
    Bench()
    {
        core::Progress progress;
        profile = std::make_shared<const core::Profile>(session->profile({.model = "m"}, {}, progress));
        editor.setEngine(session);
        core::KurtosisRule rule;
        rule.attention = {.mode = core::GroupRule::Mode::Threshold, .sign = 1, .beta = 3.5};
        editor.start(profile, rule, {});
    }
    TransformKind kind(const ModuleId& module) const { return editor.plan().find(module)->kind; }

    std::shared_ptr<FakeSession> session = std::make_shared<FakeSession>(std::make_shared<FakeBehaviour>());
    std::shared_ptr<const core::Profile> profile;
    ui::PlanEditor editor;
};

} // namespace

class TstPlanEditor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void startsWithTheRulesChoices()
    {
        Bench bench;
        QVERIFY(bench.kind(kOutlier) == TransformKind::Rotation);
        QVERIFY(bench.kind(kPlain) == TransformKind::Affine);
        QVERIFY(bench.editor.undoStack().isClean());
    }

    void overrideIsOneStepAndSaysWhatTheRuleWanted()
    {
        Bench bench;
        bench.editor.overrideKind({kOutlier, kPlain}, TransformKind::Identity);
        QCOMPARE(bench.editor.undoStack().count(), 1);
        QVERIFY(bench.kind(kOutlier) == TransformKind::Identity);
        const auto* choice = bench.editor.plan().find(kOutlier);
        QVERIFY(choice->origin == core::Origin::User);
        QVERIFY(choice->automaticKind == TransformKind::Rotation);
        QCOMPARE(QString::fromStdString(choice->reason.text), QStringLiteral("you: none (automatic: rotation)"));
        bench.editor.undoStack().undo();
        QVERIFY(bench.kind(kOutlier) == TransformKind::Rotation);
        QVERIFY(bench.kind(kPlain) == TransformKind::Affine);
    }

    void aNewRuleNeverTouchesAnOverride()
    {
        Bench bench;
        bench.editor.overrideKind({kOutlier}, TransformKind::Hadamard);
        auto rule = bench.editor.rule();
        rule.attention.beta = -99.0; // everything rotates
        bench.editor.commitRule(rule, QStringLiteral("all"));
        QVERIFY(bench.kind(kOutlier) == TransformKind::Hadamard);
        QVERIFY(bench.kind({0, ModuleKind::Attention}) == TransformKind::Rotation);
    }

    void previewShowsWithoutAStepAndCanBeGivenUp()
    {
        Bench bench;
        auto rule = bench.editor.rule();
        rule.attention.beta = 9.0;
        bench.editor.previewRule(rule);
        QVERIFY(bench.editor.isPreviewed(kOutlier));
        QVERIFY(bench.kind(kOutlier) == TransformKind::Affine);
        QCOMPARE(bench.editor.previewChanges(), 1);
        QCOMPARE(bench.editor.undoStack().count(), 0);
        bench.editor.cancelPreview();
        QVERIFY(bench.kind(kOutlier) == TransformKind::Rotation);
        QVERIFY(!bench.editor.isPreviewed(kOutlier));
    }

    void ruleStepSaysHowManyModulesItChanged()
    {
        Bench bench;
        auto rule = bench.editor.rule();
        rule.attention.beta = 9.0;
        bench.editor.commitRule(rule, QStringLiteral("Threshold"));
        QVERIFY(bench.editor.undoStack().undoText().contains(QStringLiteral("1")));
        bench.editor.undoStack().undo();
        QCOMPARE(bench.editor.rule().attention.beta, 3.5);
        QVERIFY(bench.kind(kOutlier) == TransformKind::Rotation);
    }

    void bitsInARowAreOneStep()
    {
        Bench bench;
        bench.editor.changeScheme({.weightBits = 3});
        bench.editor.changeScheme({.weightBits = 3, .activationBits = 3});
        QCOMPARE(bench.editor.undoStack().count(), 1);
        QCOMPARE(bench.editor.plan().scheme.activationBits, 3);
        bench.editor.undoStack().undo();
        QCOMPARE(bench.editor.plan().scheme.weightBits, 4);
    }

    void overridesOfAFileCanBeTakenBackToItsAutomaticChoices()
    {
        Bench bench;
        auto plan = bench.editor.plan();
        for (auto& choice : plan.modules) {
            choice.automaticKind = TransformKind::Hadamard; // as no rule of ours would choose
            choice.kind = choice.module == kPlain ? TransformKind::Identity : TransformKind::Hadamard;
            choice.origin = choice.module == kPlain ? core::Origin::User : core::Origin::Automatic;
        }
        bench.editor.adopt(plan, QStringLiteral("file"));
        QVERIFY(bench.kind(kPlain) == TransformKind::Identity);
        bench.editor.acceptAutomatic({kPlain});
        QVERIFY(bench.kind(kPlain) == TransformKind::Hadamard);
    }

    void doingNothingIsNoStep()
    {
        Bench bench;
        bench.editor.acceptAutomatic({kPlain});
        bench.editor.changeScheme({});
        bench.editor.overrideKind({{99, ModuleKind::Mlp}}, TransformKind::Rotation); // no such module
        QCOMPARE(bench.editor.undoStack().count(), 0);
    }
};

QTEST_GUILESS_MAIN(TstPlanEditor)
#include "tst_plan_editor.moc"
