// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/train_demo/world_tables.h"

#include <cstdint>
#include <optional>

namespace demo {

struct Person
{
    std::string name;
    bool woman = false;
    std::size_t town = 0, trade = 0, pet = 0, food = 0, thing = 0, colour = 0, bestFriend = 0;
};

struct Town
{
    std::string name, landmark, good, marketDay;
};

/** What a relation is about decides where its questions may appear (see isHeldOut). */
enum class Reach {
    Person, // one step from a person ("where does Mara live?")
    Joined, // two steps ("which tool does Mara use?": her trade, and that trade's tool), and seldom told
    World,  // about towns, trades, animals, words, numbers
};

/** A kind of fact, with grammar strings (grammar.h) for saying and asking it; {S} is the subject, {A} the answer. */
struct Relation
{
    std::string id;
    Reach reach = Reach::World;
    std::string statement;        // names the subject
    std::string pronounStatement; // for a person already named; empty for others
    std::vector<std::string> questions;
};

struct Fact
{
    std::size_t relation = 0;
    std::string subject;
    std::string answer;
    std::optional<std::size_t> person;
};

/** The closed world: a hundred people in twenty towns and every fact about them, drawn from the tables by a seed. */
class World
{
public:
    explicit World(std::uint64_t seed);

    const std::vector<Person>& people() const { return m_people; }
    const std::vector<Town>& towns() const { return m_towns; }
    const std::vector<Fact>& facts() const { return m_facts; }
    const std::vector<Relation>& relations() const;

    /** "town", "a_trade", "tool", "her": what a grammar string may ask of a person. Throws Error(NotFound). */
    std::string attribute(std::size_t person, const std::string& key) const;

    /** One person in ten appears in stories, never in questions. */
    static bool isHeldOut(std::size_t person) { return person % 10 == 7; }

    /** True where the training text may not ask this: any question about a held-out person, joined questions about
        every second one, and a quarter of all wordings of the rest. */
    bool isHeldOut(const Fact& fact, const std::string& question) const;

    /** Two people who never meet in a training story. */
    static bool isHeldOutPair(std::size_t a, std::size_t b);

    /** Distinct answers that facts of this relation have. */
    std::vector<std::string> answersOf(std::size_t relation) const;

private:
    void drawPeople(std::uint64_t seed);
    void drawTowns(std::uint64_t seed);
    void collectFacts();
    void collectPersonFacts();
    void add(const std::string& relation, const std::string& subject, const std::string& answer,
             std::optional<std::size_t> person = {});

    std::vector<Person> m_people;
    std::vector<Town> m_towns;
    std::vector<Fact> m_facts;
};

/** "a bell", "an anchor", "a pair of boots". */
std::string withArticle(const std::string& noun);

extern const std::vector<Relation> kRelations;

} // namespace demo
