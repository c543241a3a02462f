// SPDX-License-Identifier: Apache-2.0
#include "app/train_demo/world.h"

#include "app/train_demo/random.h"
#include "core/base/error.h"

#include <algorithm>
#include <functional>
#include <map>

namespace demo {

namespace {

/** 0 .. n-1 shuffled, then again from the start, `count` in all: every value is used equally often. */
std::vector<std::size_t> evenDraw(Random& random, std::size_t n, std::size_t count)
{
    std::vector<std::size_t> drawn(count);
    for (std::size_t i = 0; i < count; ++i)
        drawn[i] = i % n;
    random.shuffle(drawn);
    return drawn;
}

/** Each person's best friend: the next in one random circle, so that everyone is named once. */
std::vector<std::size_t> drawFriends(Random& random, std::size_t count)
{
    const auto circle = evenDraw(random, count, count);
    std::vector<std::size_t> friends(count);
    for (std::size_t i = 0; i < count; ++i)
        friends[circle[i]] = circle[(i + 1) % count];
    return friends;
}

/** "barks" to "barked". */
std::string inThePast(const std::string& verb)
{
    return verb.substr(0, verb.size() - 1) + "ed";
}

using Getter = std::function<std::string(const World&, const Person&)>;

const Town& townOf(const World& world, const Person& person)
{
    return world.towns()[person.town];
}

const Person& friendOf(const World& world, const Person& person)
{
    return world.people()[person.bestFriend];
}

const std::map<std::string, Getter>& attributes()
{
    static const std::map<std::string, Getter> table = {
        {"she", [](auto&, auto& p) { return p.woman ? "she" : "he"; }},
        {"She", [](auto&, auto& p) { return p.woman ? "She" : "He"; }},
        {"her", [](auto&, auto& p) { return p.woman ? "her" : "his"; }},
        {"Her", [](auto&, auto& p) { return p.woman ? "Her" : "His"; }},
        {"him", [](auto&, auto& p) { return p.woman ? "her" : "him"; }},
        {"town", [](auto& w, auto& p) { return townOf(w, p).name; }},
        {"landmark", [](auto& w, auto& p) { return townOf(w, p).landmark; }},
        {"good", [](auto& w, auto& p) { return townOf(w, p).good; }},
        {"day", [](auto& w, auto& p) { return townOf(w, p).marketDay; }},
        {"trade", [](auto&, auto& p) { return kTrades[p.trade].name; }},
        {"a_trade", [](auto&, auto& p) { return withArticle(kTrades[p.trade].name); }},
        {"tool", [](auto&, auto& p) { return kTrades[p.trade].tool; }},
        {"workplace", [](auto&, auto& p) { return kTrades[p.trade].workplace; }},
        {"product", [](auto&, auto& p) { return kTrades[p.trade].product; }},
        {"pet", [](auto&, auto& p) { return kAnimals[p.pet].name; }},
        {"a_pet", [](auto&, auto& p) { return withArticle(kAnimals[p.pet].name); }},
        {"petsound", [](auto&, auto& p) { return kAnimals[p.pet].sound; }},
        {"petsounded", [](auto&, auto& p) { return inThePast(kAnimals[p.pet].sound); }},
        {"petfood", [](auto&, auto& p) { return kAnimals[p.pet].food; }},
        {"pethome", [](auto&, auto& p) { return kAnimals[p.pet].home; }},
        {"young", [](auto&, auto& p) { return kAnimals[p.pet].young; }},
        {"food", [](auto&, auto& p) { return kFoods[p.food].name; }},
        {"ingredient", [](auto&, auto& p) { return kFoods[p.food].ingredient; }},
        {"thing", [](auto&, auto& p) { return kThings[p.thing].name; }},
        {"a_thing", [](auto&, auto& p) { return withArticle(kThings[p.thing].name); }},
        {"material", [](auto&, auto& p) { return kThings[p.thing].material; }},
        {"colour", [](auto&, auto& p) { return kColours[p.colour]; }},
        {"friend", [](auto& w, auto& p) { return friendOf(w, p).name; }},
        {"friendtown", [](auto& w, auto& p) { return townOf(w, friendOf(w, p)).name; }},
        {"friendtrade", [](auto& w, auto& p) { return kTrades[friendOf(w, p).trade].name; }},
    };
    return table;
}

} // namespace

World::World(std::uint64_t seed)
{
    drawPeople(seed);
    drawTowns(seed);
    collectFacts();
}

void World::drawPeople(std::uint64_t seed)
{
    Random random(seed ^ hashOf("people"));
    for (std::size_t i = 0; i < kWomen.size(); ++i) {
        m_people.push_back({.name = kWomen[i], .woman = true});
        m_people.push_back({.name = kMen.at(i), .woman = false});
    }
    random.shuffle(m_people);
    const std::size_t count = m_people.size();
    const auto towns = evenDraw(random, kTowns.size(), count);
    const auto trades = evenDraw(random, kTrades.size(), count);
    const auto pets = evenDraw(random, kAnimals.size(), count);
    const auto foods = evenDraw(random, kFoods.size(), count);
    const auto things = evenDraw(random, kThings.size(), count);
    const auto colours = evenDraw(random, kColours.size(), count);
    const auto friends = drawFriends(random, count);
    for (std::size_t i = 0; i < count; ++i) {
        Person& person = m_people[i];
        person.town = towns[i];
        person.trade = trades[i];
        person.pet = pets[i];
        person.food = foods[i];
        person.thing = things[i];
        person.colour = colours[i];
        person.bestFriend = friends[i];
    }
}

void World::drawTowns(std::uint64_t seed)
{
    Random random(seed ^ hashOf("towns"));
    const auto landmarks = evenDraw(random, kLandmarks.size(), kTowns.size());
    const auto goods = evenDraw(random, kGoods.size(), kTowns.size());
    const auto days = evenDraw(random, kDays.size(), kTowns.size());
    for (std::size_t i = 0; i < kTowns.size(); ++i)
        m_towns.push_back({kTowns[i], kLandmarks[landmarks[i]], kGoods[goods[i]], kDays[days[i]]});
}

void World::add(const std::string& relation, const std::string& subject, const std::string& answer,
                std::optional<std::size_t> person)
{
    const auto found = std::find_if(kRelations.begin(), kRelations.end(), [&](auto& r) { return r.id == relation; });
    if (found == kRelations.end())
        throw core::Error(core::ErrorKind::Internal, "no relation is called " + relation);
    m_facts.push_back({static_cast<std::size_t>(found - kRelations.begin()), subject, answer, person});
}

void World::collectPersonFacts()
{
    for (std::size_t i = 0; i < m_people.size(); ++i) {
        for (const auto& relation : kRelations) {
            if (relation.reach != Reach::World)
                add(relation.id, m_people[i].name, attribute(i, relation.id), i);
        }
    }
}

void World::collectFacts()
{
    collectPersonFacts();
    for (const auto& town : m_towns) {
        add("town-landmark", town.name, town.landmark);
        add("town-good", town.name, town.good);
        add("town-day", town.name, town.marketDay);
    }
    for (const auto& trade : kTrades) {
        add("trade-tool", trade.name, trade.tool);
        add("trade-workplace", trade.name, trade.workplace);
        add("trade-product", trade.name, trade.product);
    }
    for (const auto& animal : kAnimals) {
        add("animal-sound", animal.name, animal.sound);
        add("animal-food", animal.name, animal.food);
        add("animal-home", animal.name, animal.home);
        add("animal-young", animal.name, animal.young);
    }
    for (const auto& food : kFoods) {
        add("food-from", food.name, food.ingredient);
        add("food-taste", food.name, food.taste);
    }
    for (const auto& thing : kThings)
        add("thing-material", thing.name, thing.material);
    for (const auto& [one, other] : kOpposites) {
        add("opposite", one, other);
        add("opposite", other, one);
    }
    const auto addOrder = [this](const Words& words, bool circle, const std::string& after, const std::string& before) {
        for (std::size_t i = 0; i + (circle ? 0 : 1) < words.size(); ++i) {
            add(after, words[i], words[(i + 1) % words.size()]);
            add(before, words[(i + 1) % words.size()], words[i]);
        }
    };
    addOrder(kDays, true, "day-after", "day-before");
    addOrder(kNumbers, false, "number-after", "number-before");
    addOrder(kSeasons, true, "season-after", "season-before");
}

const std::vector<Relation>& World::relations() const
{
    return kRelations;
}

std::string World::attribute(std::size_t person, const std::string& key) const
{
    const auto found = attributes().find(key);
    if (found == attributes().end())
        throw core::Error(core::ErrorKind::NotFound, "people have no attribute called " + key);
    return found->second(*this, m_people.at(person));
}

bool World::isHeldOut(const Fact& fact, const std::string& question) const
{
    if (fact.person && isHeldOut(*fact.person))
        return true;
    if (kRelations[fact.relation].reach == Reach::Joined && *fact.person % 2 == 1)
        return true;
    return hashOf(question) % 4 == 0;
}

bool World::isHeldOutPair(std::size_t a, std::size_t b)
{
    return (std::min(a, b) * 37 + std::max(a, b) * 101) % 11 == 3;
}

std::vector<std::string> World::answersOf(std::size_t relation) const
{
    std::vector<std::string> answers;
    for (const auto& fact : m_facts) {
        if (fact.relation == relation && std::find(answers.begin(), answers.end(), fact.answer) == answers.end())
            answers.push_back(fact.answer);
    }
    return answers;
}

std::string withArticle(const std::string& noun)
{
    if (noun == "boots")
        return "a pair of boots";
    return (std::string("aeiou").find(noun.front()) != std::string::npos ? "an " : "a ") + noun;
}

} // namespace demo
