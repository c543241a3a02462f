// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fuzzy_match.h"

#include <QTest>

using ui::fuzzyMatch;

class TstFuzzyMatch : public QObject
{
    Q_OBJECT

    static int score(const char* query, const char* text)
    {
        const auto match = fuzzyMatch(QString::fromUtf8(query), QString::fromUtf8(text));
        return match ? match->score : std::numeric_limits<int>::min();
    }

private Q_SLOTS:
    void meetsLettersInOrderAndNoOthers()
    {
        QVERIFY(fuzzyMatch(QStringLiteral("opf"), QStringLiteral("Open file")));
        QVERIFY(!fuzzyMatch(QStringLiteral("fpo"), QStringLiteral("Open file")));
        QVERIFY(!fuzzyMatch(QStringLiteral("openfilex"), QStringLiteral("Open file")));
        QVERIFY(fuzzyMatch(QString(), QStringLiteral("anything")));
        QVERIFY(fuzzyMatch(QStringLiteral("ö"), QStringLiteral("Öffnen"))); // either case, beyond ASCII
        QVERIFY(!fuzzyMatch(QStringLiteral("a"), QString()));
    }

    void saysWhichLettersWereMet()
    {
        const auto match = fuzzyMatch(QStringLiteral("ofi"), QStringLiteral("Open file"));
        QCOMPARE(match->positions, QList<int>({0, 5, 6}));
        // The run "down" at the end, not the d of "block": a run of neighbours counts most.
        QCOMPARE(fuzzyMatch(QStringLiteral("down"), QStringLiteral("dreams of 12.down"))->positions,
                 QList<int>({13, 14, 15, 16}));
    }

    void whatAPersonMeansComesFirst()
    {
        QVERIFY(score("sav", "File: Save project") > score("sav", "Measure activations over"));
        QVERIFY(score("5.down", "5.down") > score("5.down", "15.down"));
        QVERIFY(score("op", "Open") > score("op", "Stop"));
        QVERIFY(score("st", "Stop") > score("st", "Stop current job")); // of equals the shorter
    }
};

QTEST_GUILESS_MAIN(TstFuzzyMatch)
#include "tst_fuzzy_match.moc"
