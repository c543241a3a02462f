// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"

#include <QString>

#include <array>
#include <string>
#include <vector>

namespace ui {

/** What one model wrote. */
struct Answer
{
    std::string text;
    QString note; // speed, why it ended
    std::vector<int> promptIds;
    std::vector<core::GeneratedToken> tokens; // with their divergence where a second model read along
};

/** A question and what one model, or two side by side, answered. */
struct Turn
{
    std::string question;
    std::array<Answer, 2> answers;
};

struct Conversation
{
    std::string system;          // empty: none
    std::string model = {};      // whose tokens these are: names of the models, without their folders
    std::string otherModel = {}; // that read along; empty: none
    std::vector<Turn> turns;

    /** What model `side` is asked next: its own answers so far, questions that were never answered left out (two in a row
        would be refused by templates), the last question at the end. */
    std::vector<core::Message> messages(int side) const;
    bool isCompared() const; // a second model read along
};

/** A JSON file with all tokens and what the second model held of them, written aside and renamed. Both throw core::Error that names the file. */
void saveConversation(const QString& path, const Conversation& conversation);
Conversation loadConversation(const QString& path);

} // namespace ui
