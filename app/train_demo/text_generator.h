// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/train_demo/grammar.h"

#include <set>

namespace demo {

enum class Kind { Story, Meeting, Echo, Portrait, Lesson, Procedure, Ways, Twins, Questions, Dialogue, List };

struct Document
{
    Kind kind = Kind::Story;
    std::string text;
    double nats = 0.0; // information of the choices made: an upper bound of the text's entropy
};

/** The training text, document by document, without end. What the task items ask (task_items.h) does not occur in it.
    */
class TextGenerator
{
public:
    TextGenerator(const World& world, std::uint64_t seed);

    /** A document that this generator has not written before, but for lists and single sentences, of which there are
        few. */
    Document next();

    /** Documents that must not be written: those of another generator (the held-out text). */
    void avoid(const std::set<std::uint64_t>& hashes) { m_written.insert(hashes.begin(), hashes.end()); }
    const std::set<std::uint64_t>& written() const { return m_written; }

private:
    std::string write(Kind kind);
    std::string story(bool meeting);
    std::string echo();
    std::string portrait(std::size_t person, std::size_t sentences);
    std::string lesson();
    std::string procedure();
    std::string ways();
    std::string twins();
    std::string questions();
    std::string dialogue();
    std::string dialogueTurn(std::size_t turn);
    std::string list();

    std::pair<std::size_t, std::size_t> pair();
    std::string statement(const Fact& fact, bool withName);
    std::string askedAndAnswered(); // "Question: ...\nAnswer: ..."
    const Fact& drawFact();

    const World& m_world;
    Random m_random;
    std::set<std::uint64_t> m_written;
    std::vector<std::size_t> m_factsByReach[3];
};

// Shared with the task items, so that they are asked in the forms that the text has.

/** The pieces of a procedure: "Baking bread: Mara pours ...", then "She adds ..." */
std::string stepSentence(const Activity& activity, std::size_t step, const std::string& lead);
extern const std::vector<std::string> kStepLeads;
bool isHeldOutProcedure(const Person& person, const Activity& activity);

extern const std::vector<std::string> kWayQuestions; // {verb}, {object}
extern const std::vector<std::string> kWayAnswers;   // {tool}
bool isHeldOutWay(const Way& way, const std::string& object);

/** The chat template's turns, literally: "User: ...\nAssistant: ...</s>\n". */
std::string chatTurn(const std::string& said, const std::string& answered);

} // namespace demo
