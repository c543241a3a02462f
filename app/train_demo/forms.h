// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

namespace demo {

/** Word lists that grammar slots draw from. */
extern const std::map<std::string, std::vector<std::string>> kLists;

// Grammar strings (grammar.h). P is who the story is about, Q someone else.
extern const std::vector<std::string> kOpenings; // one person; tell a fact or two
extern const std::vector<std::string> kMiddles;  // one person; something happens
extern const std::vector<std::string> kMeetings; // two people
extern const std::vector<std::string> kClosings;

/** Stories of two people whose last word stands already in the story: also the items of the last-word task. */
extern const std::vector<std::string> kEchoStories;

/** A sentence in which "_" is one of the people A and B, and what shows which one. */
struct Twin
{
    std::string stem; // ends in "_"
    std::string whenFirst;
    std::string whenSecond;
};
extern const std::vector<Twin> kTwins;

/** A small talk outside the world's facts: what is said and what is answered. */
struct SmallTalk
{
    std::string said, answered;
};
extern const std::vector<SmallTalk> kSmallTalk;

} // namespace demo
