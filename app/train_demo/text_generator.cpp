// SPDX-License-Identifier: Apache-2.0
#include "app/train_demo/text_generator.h"

#include "app/train_demo/forms.h"

#include <algorithm>

namespace demo {

const std::vector<std::string> kStepLeads = {"{P.She}", "{P.She}", "Then {P.she}", "After that {P.she}"};
const std::vector<std::string> kWayQuestions = {"How do you {verb} {object}?", "What do you need to {verb} {object}?",
                                                "What helps you to {verb} {object}?", "How can I {verb} {object}?"};
const std::vector<std::string> kWayAnswers = {"Use {tool}.", "You need {tool}.", "Take {tool}."};

namespace {

/** How often each kind of document is written, in the order of Kind. */
const std::vector<int> kKindWeights = {20, 9, 20, 13, 5, 5, 3, 20, 16, 9, 3};
const std::vector<int> kReachWeights = {50, 22, 28}; // of questions, in the order of Reach
constexpr int kTriesForNewText = 20;

std::string joined(const std::vector<std::string>& parts, const std::string& separator)
{
    std::string text;
    for (const auto& part : parts)
        text += (text.empty() ? "" : separator) + part;
    return text;
}

std::string enumerated(const std::vector<std::string>& words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
    return text;
}

std::string withOtherTime(std::string form)
{
    static const std::string slot = "{time}";
    if (const auto at = form.find(slot); at != std::string::npos)
        form.replace(at, slot.size(), "{time2}");
    return form;
}

} // namespace

std::string stepSentence(const Activity& activity, std::size_t step, const std::string& lead)
{
    return lead + " " + activity.steps.at(step) + ".";
}

bool isHeldOutProcedure(const Person& person, const Activity& activity)
{
    return hashOf(person.name + activity.name) % 6 == 0;
}

bool isHeldOutWay(const Way& way, const std::string& object)
{
    const auto place = std::find(way.objects.begin(), way.objects.end(), object) - way.objects.begin();
    return place == 1 || place == 4;
}

std::string chatTurn(const std::string& said, const std::string& answered)
{
    return "User: " + said + "\nAssistant: " + answered + "</s>\n";
}

TextGenerator::TextGenerator(const World& world, std::uint64_t seed)
    : m_world(world)
    , m_random(seed)
{
    for (std::size_t i = 0; i < world.facts().size(); ++i)
        m_factsByReach[static_cast<std::size_t>(kRelations[world.facts()[i].relation].reach)].push_back(i);
}

Document TextGenerator::next()
{
    Document document;
    document.kind = static_cast<Kind>(m_random.weighted(kKindWeights));
    const double before = m_random.nats();
    for (int attempt = 0; attempt < kTriesForNewText; ++attempt) {
        m_random.setNats(before);
        document.text = write(document.kind);
        if (m_written.insert(hashOf(document.text)).second)
            break;
    }
    document.nats = m_random.nats() - before;
    return document;
}

std::string TextGenerator::write(Kind kind)
{
    switch (kind) {
    case Kind::Story:
    case Kind::Meeting: return story(kind == Kind::Meeting);
    case Kind::Echo: return echo();
    case Kind::Portrait: return portrait(m_random.below(m_world.people().size()), 3 + m_random.below(4));
    case Kind::Lesson: return lesson();
    case Kind::Procedure: return procedure();
    case Kind::Ways: return ways();
    case Kind::Twins: return twins();
    case Kind::Questions: return questions();
    case Kind::Dialogue: return dialogue();
    case Kind::List: break;
    }
    return list();
}

std::pair<std::size_t, std::size_t> TextGenerator::pair()
{
    for (;;) {
        const auto p = m_random.below(m_world.people().size());
        const auto q = m_random.below(m_world.people().size());
        if (p != q && !World::isHeldOutPair(p, q))
            return {p, q};
    }
}

std::string TextGenerator::story(bool meeting)
{
    Grammar grammar(m_world, m_random);
    const auto [p, q] = pair();
    grammar.cast("P", p);
    grammar.cast("Q", q);
    std::vector<std::string> parts = {m_random.pick(kOpenings), m_random.pick(meeting ? kMeetings : kMiddles)};
    if (m_random.below(3) == 0) // a second event, at another time
        parts.push_back(withOtherTime(m_random.pick(kMiddles)));
    if (m_random.below(2) == 0)
        parts.push_back(m_random.pick(kClosings));
    return capitalized(grammar.write(joined(parts, " ")));
}

std::string TextGenerator::echo()
{
    Grammar grammar(m_world, m_random);
    const auto [p, q] = pair();
    grammar.cast("P", p);
    grammar.cast("Q", q);
    return capitalized(grammar.write(m_random.pick(kEchoStories)));
}

std::string TextGenerator::statement(const Fact& fact, bool withName)
{
    Grammar grammar(m_world, m_random);
    if (fact.person)
        grammar.cast("S", *fact.person);
    else
        grammar.bind("S", fact.subject);
    grammar.bind("A", fact.answer);
    const Relation& relation = kRelations[fact.relation];
    return capitalized(grammar.write(withName ? relation.statement : relation.pronounStatement));
}

std::string TextGenerator::portrait(std::size_t person, std::size_t sentences)
{
    std::vector<const Fact*> near;
    std::vector<const Fact*> far;
    for (const auto& fact : m_world.facts()) {
        if (fact.person == person)
            (kRelations[fact.relation].reach == Reach::Person ? near : far).push_back(&fact);
    }
    m_random.shuffle(near);
    near.resize(std::min(near.size(), sentences));
    m_random.shuffle(far);
    far.resize(1 + m_random.below(2));
    near.insert(near.end(), far.begin(), far.end());
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < near.size(); ++i)
        parts.push_back(statement(*near[i], i == 0));
    return joined(parts, " ");
}

std::string TextGenerator::lesson()
{
    std::vector<std::string> parts;
    const auto& facts = m_factsByReach[static_cast<std::size_t>(Reach::World)];
    if (m_random.below(2) == 0) { // everything about one subject
        const std::string subject = m_world.facts()[m_random.pick(facts)].subject;
        for (const auto index : facts) {
            if (m_world.facts()[index].subject == subject)
                parts.push_back(statement(m_world.facts()[index], true));
        }
        m_random.shuffle(parts);
    } else {
        for (std::size_t i = 0, count = 3 + m_random.below(4); i < count; ++i)
            parts.push_back(statement(m_world.facts()[m_random.pick(facts)], true));
    }
    return joined(parts, " ");
}

std::string TextGenerator::procedure()
{
    for (;;) {
        const std::size_t person = m_random.below(m_world.people().size());
        const Activity& activity = m_random.pick(kActivities);
        if (isHeldOutProcedure(m_world.people()[person], activity))
            continue;
        Grammar grammar(m_world, m_random);
        grammar.cast("P", person);
        std::string text = activity.name + ": ";
        for (std::size_t step = 0; step < activity.steps.size(); ++step) {
            const std::string lead = step == 0 ? "{P}" : " " + m_random.pick(kStepLeads);
            text += stepSentence(activity, step, lead);
        }
        return grammar.write(text);
    }
}

std::string TextGenerator::ways()
{
    static const std::vector<std::string> forms = {
        "To {verb} {object}, {P} takes {tool}.", "{P} wants to {verb} {object}. {P.She} uses {tool}.",
        "You {verb} {object} with {tool}.", "If you want to {verb} {object}, you need {tool}."};
    std::vector<std::string> parts;
    for (std::size_t i = 0, count = 1 + m_random.below(3); i < count; ++i) {
        Grammar grammar(m_world, m_random);
        const Way& way = m_random.pick(kWays);
        grammar.cast("P", m_random.below(m_world.people().size()));
        grammar.bind("verb", way.verb);
        grammar.bind("object", m_random.pick(way.objects));
        grammar.bind("tool", way.tool);
        parts.push_back(capitalized(grammar.write(m_random.pick(forms))));
    }
    return joined(parts, " ");
}

std::string TextGenerator::twins()
{
    std::vector<std::string> parts;
    for (std::size_t i = 0, count = 1 + m_random.below(3); i < count; ++i) {
        Grammar grammar(m_world, m_random);
        const auto [a, b] = pair();
        grammar.cast("A", a);
        grammar.cast("B", b);
        const Twin& twin = m_random.pick(kTwins);
        const bool first = m_random.below(2) == 0;
        const std::string stem = twin.stem.substr(0, twin.stem.size() - 1);
        parts.push_back(grammar.write(stem + (first ? "{A} " + twin.whenFirst : "{B} " + twin.whenSecond)));
    }
    return joined(parts, " ");
}

const Fact& TextGenerator::drawFact()
{
    return m_world.facts()[m_random.pick(m_factsByReach[m_random.weighted(kReachWeights)])];
}

std::string TextGenerator::askedAndAnswered()
{
    for (;;) {
        Grammar grammar(m_world, m_random);
        if (m_random.below(8) == 0) {
            const Way& way = m_random.pick(kWays);
            const std::string object = m_random.pick(way.objects);
            if (isHeldOutWay(way, object))
                continue;
            grammar.bind("verb", way.verb);
            grammar.bind("object", object);
            grammar.bind("tool", way.tool);
            return grammar.write("Question: " + m_random.pick(kWayQuestions)
                                 + "\nAnswer: " + m_random.pick(kWayAnswers));
        }
        const Fact& fact = drawFact();
        grammar.bind("S", fact.subject);
        const std::string question = grammar.write(m_random.pick(kRelations[fact.relation].questions));
        if (!m_world.isHeldOut(fact, question))
            return "Question: " + question + "\nAnswer: " + fact.answer;
    }
}

std::string TextGenerator::questions()
{
    std::vector<std::string> parts;
    for (std::size_t i = 0, count = 1 + m_random.below(5); i < count; ++i)
        parts.push_back(askedAndAnswered());
    return joined(parts, "\n\n");
}

std::string TextGenerator::dialogueTurn(std::size_t turn)
{
    Grammar grammar(m_world, m_random);
    static const std::vector<int> weights = {2, 9, 2, 2, 1, 1};
    switch (m_random.weighted(weights)) {
    case 0: {
        // Greetings open a talk, thanks and farewells close it; questions about the model come anywhere.
        const SmallTalk& talk =
            turn == 0 ? kSmallTalk[m_random.below(3)] : kSmallTalk[1 + m_random.below(kSmallTalk.size() - 1)];
        return chatTurn(grammar.write(talk.said), grammar.write(talk.answered));
    }
    case 1: {
        const Fact& fact = drawFact();
        grammar.bind("S", fact.subject);
        const std::string question = grammar.write(m_random.pick(kRelations[fact.relation].questions));
        return m_world.isHeldOut(fact, question) ? dialogueTurn(turn) : chatTurn(question, statement(fact, true));
    }
    case 2: {
        const std::size_t person = m_random.below(m_world.people().size());
        grammar.cast("P", person);
        return chatTurn(grammar.write("[Tell me about {P}.|Who is {P}?|Do you know {P}?|What do you know about {P}?]"),
                        portrait(person, 3 + m_random.below(2)));
    }
    case 3: {
        const auto [p, q] = pair();
        grammar.cast("P", p);
        grammar.cast("Q", q);
        const std::string asked = grammar.write("[Tell me a story about {P}.|I want to hear a story about {P}.]");
        const std::string told =
            m_random.pick(kOpenings) + " " + m_random.pick(kMiddles) + " " + m_random.pick(kClosings);
        return chatTurn(asked, capitalized(grammar.write(told)));
    }
    case 4: {
        const std::size_t from = m_random.below(kNumbers.size() - 4);
        const std::size_t to = from + 2 + m_random.below(std::min<std::size_t>(8, kNumbers.size() - from - 2));
        const std::vector<std::string> counted(kNumbers.begin() + static_cast<long>(from),
                                               kNumbers.begin() + static_cast<long>(to) + 1);
        return chatTurn("Count from " + kNumbers[from] + " to " + kNumbers[to] + ".",
                        capitalized(joined(counted, ", ") + "."));
    }
    default: break;
    }
    const Way& way = m_random.pick(kWays);
    const std::string object = m_random.pick(way.objects);
    if (isHeldOutWay(way, object))
        return dialogueTurn(turn);
    grammar.bind("verb", way.verb);
    grammar.bind("object", object);
    grammar.bind("tool", way.tool);
    return chatTurn(grammar.write(m_random.pick(kWayQuestions)), grammar.write(m_random.pick(kWayAnswers)));
}

std::string TextGenerator::dialogue()
{
    std::string text;
    for (std::size_t turn = 0, count = 1 + m_random.below(4); turn < count; ++turn)
        text += dialogueTurn(turn);
    return text;
}

std::string TextGenerator::list()
{
    const auto namesWhere = [&](auto&& holds) {
        std::vector<std::string> names;
        for (const auto& person : m_world.people()) {
            if (holds(person))
                names.push_back(person.name);
        }
        m_random.shuffle(names);
        return enumerated(names);
    };
    const auto circle = [&](const Words& words) {
        Words turned = words;
        std::rotate(turned.begin(), turned.begin() + static_cast<long>(m_random.below(words.size())), turned.end());
        return joined(turned, ", ");
    };
    switch (m_random.below(6)) {
    case 0: {
        const std::size_t town = m_random.below(kTowns.size());
        return "The people of " + kTowns[town] + ": " + namesWhere([&](auto& p) { return p.town == town; }) + ".";
    }
    case 1: {
        const std::size_t trade = m_random.below(kTrades.size());
        return "Who works as " + withArticle(kTrades[trade].name) + ": "
            + namesWhere([&](auto& p) { return p.trade == trade; }) + ".";
    }
    case 2: {
        const std::size_t pet = m_random.below(kAnimals.size());
        return "Who has " + withArticle(kAnimals[pet].name) + ": " + namesWhere([&](auto& p) { return p.pet == pet; })
            + ".";
    }
    case 3: return "The days in order: " + circle(kDays) + ".";
    case 4: return "The seasons in order: " + circle(kSeasons) + ".";
    default: break;
    }
    const std::size_t from = m_random.below(kNumbers.size() - 3);
    const std::vector<std::string> counted(kNumbers.begin() + static_cast<long>(from), kNumbers.end());
    return "Counting from " + kNumbers[from] + ": " + joined(counted, ", ") + ".";
}

} // namespace demo
