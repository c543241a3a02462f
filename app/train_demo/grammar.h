// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/train_demo/random.h"
#include "app/train_demo/world.h"

#include <map>
#include <string>

namespace demo {

/** Writes one text from grammar strings, remembering what it has chosen so that the text does not contradict itself.

    "[a|b|c]"  one of the alternatives; they may nest and hold anything
    "{P}"      the name of the person cast as P; "{P.town}" an attribute of that person (World::attribute)
    "{obj}"    a word given by bind(), else one drawn from the list of that name and kept for the rest of the text;
               "{obj2}" is another word of the same list */
class Grammar
{
public:
    Grammar(const World& world, Random& random)
        : m_world(world)
        , m_random(random)
    {
    }

    void cast(const std::string& role, std::size_t person);
    void bind(const std::string& slot, const std::string& word) { m_words[slot] = word; }

    /** Throws Error(Corrupt) naming the string where brackets do not match or a slot is unknown. */
    std::string write(std::string_view text);

    /** Words chosen so far, by slot. */
    const std::map<std::string, std::string>& words() const { return m_words; }

private:
    std::string resolve(const std::string& slot);
    std::string draw(const std::string& slot);

    const World& m_world;
    Random& m_random;
    std::map<std::string, std::size_t> m_cast;
    std::map<std::string, std::string> m_words;
};

/** The first letter as a capital; what follows ". " too. Grammar strings may so begin sentences with any word. */
std::string capitalized(std::string text);

} // namespace demo
