// SPDX-License-Identifier: Apache-2.0
#include "core/eval/task_template.h"
#include "tests/support/refuses.h"

#include <QtTest>

using namespace core;

namespace {

std::string filtered(const char* filter, const char* text)
{
    return TextFilter::parse(filter).apply(text);
}

std::string rendered(const Json& text, const Json& item)
{
    return TextTemplate::parse(text).render(item);
}

} // namespace

class TaskTemplateTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanTakesBracketsOutAsTheHarnessDoes_data()
    {
        // preprocess() of lm_eval/tasks/hellaswag/utils.py (lm-eval 0.4.13) on the same texts
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("titles, nested, double spaces")
            << QByteArray("  a [title] b [step] c [x [y] z]  end  ") << QByteArray("a. b c z] end");
        QTest::newRow("one pass, no second strip")
            << QByteArray("[header] How to   go [sub]") << QByteArray(" How to  go ");
        QTest::newRow("a bracket ends in its line") << QByteArray("a [open\n] b") << QByteArray("a [open\n] b");
        QTest::newRow("brackets the wrong way") << QByteArray("x]y[") << QByteArray("x]y[");
        QTest::newRow("empty") << QByteArray("") << QByteArray("");
    }

    void cleanTakesBracketsOutAsTheHarnessDoes()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        QCOMPARE(QByteArray::fromStdString(filtered("clean", text.constData())), expected);
    }

    void wordsAreCutAtSpacesAlone()
    {
        QCOMPARE(filtered("last_word", "one two  three"), std::string("three"));
        QCOMPARE(filtered("without_last_word", "one two  three"), std::string("one two "));
        QCOMPARE(filtered("last_word", "tab\tword"), std::string("tab\tword"));
        QCOMPARE(filtered("without_last_word", "tab\tword"), std::string());
    }

    void cutsAreAtTheFirstOccurrence()
    {
        QCOMPARE(filtered("before:_", "a _ b _ c"), std::string("a "));
        QCOMPARE(filtered("after:_", "a _ b _ c"), std::string(" b _ c"));
        PLANISH_REFUSES(filtered("after:_", "nothing"), ErrorKind::InvalidArgument, {"'_'", "nothing"});
        PLANISH_REFUSES(TextFilter::parse("upper"), ErrorKind::InvalidArgument, {"'upper'", "strip"});
    }

    void pathsLeadThroughListsAndKeysWithDots()
    {
        const auto item = Json::parse("{\"a\": {\"b\": [{\"t\": 1}, {\"t\": 2}]}, \"x.y\": 3, \"n\": 4}");
        QVERIFY(valueAt(item, "a.b.t") == Json::parse("[1, 2]"));
        QVERIFY(valueAt(item, "x.y") == Json(3));
        PLANISH_REFUSES(valueAt(item, "a.c"), ErrorKind::InvalidArgument, {"'c'", "missing"});
        PLANISH_REFUSES(valueAt(item, "n.c"), ErrorKind::InvalidArgument, {"'n'", "number"});
    }

    void templatesPutTheItemsValuesIn()
    {
        const auto item = Json::parse("{\"q\": \"Why  \", \"n\": 3, \"deep\": {\"t\": \"BIG one\"}}");
        QCOMPARE(rendered("Question: {q}\nAnswer:", item), std::string("Question: Why  \nAnswer:"));
        QCOMPARE(rendered("{{{q|strip}}} {n} {deep.t|capitalize}", item), std::string("{Why} 3 Big one"));
        QCOMPARE(rendered({{"text", "  {q} x"}, {"filters", {"strip", "last_word"}}}, item), std::string("x"));
        PLANISH_REFUSES(rendered("{gone}", item), ErrorKind::InvalidArgument, {"'gone'"});
        PLANISH_REFUSES(rendered("{deep}", item), ErrorKind::InvalidArgument, {"'deep'", "object"});
        for (const auto* broken : {"{q", "q}", "{}", "{q|bad}"})
            PLANISH_REFUSES(TextTemplate::parse(broken), ErrorKind::InvalidArgument, {});
    }
};

QTEST_GUILESS_MAIN(TaskTemplateTest)
#include "tst_task_template.moc"
