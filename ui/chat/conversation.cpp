// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/conversation.h"

#include "core/base/error.h"
#include "ui/convert.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

namespace ui {

namespace {

constexpr int kSchema = 1;
const QLatin1String kSystem("system");
const QLatin1String kTurns("turns");
const QLatin1String kQuestion("question");
const QLatin1String kAnswers("answers");
const QLatin1String kText("text");
const QLatin1String kNote("note");

[[noreturn]] void refuse(const QString& what, const QString& path)
{
    throw core::Error(core::ErrorKind::Corrupt, toStd(what), toStd(path));
}

std::string requiredText(const QJsonValue& value, const char* name, const QString& path)
{
    if (!value.isString())
        refuse(QStringLiteral("not a conversation: a turn has no text \"%1\"").arg(QLatin1String(name)), path);
    return toStd(value.toString());
}

Turn turnFromJson(const QJsonObject& json, const QString& path)
{
    Turn turn{.question = requiredText(json.value(kQuestion), "question", path), .answers = {}};
    const auto answers = json.value(kAnswers).toArray();
    if (answers.size() != static_cast<int>(turn.answers.size()))
        refuse(QStringLiteral("not a conversation: a turn has %1 answers, 2 are expected").arg(answers.size()), path);
    for (int side = 0; side < answers.size(); ++side) {
        const auto answer = answers[side].toObject();
        turn.answers[static_cast<std::size_t>(side)] = {.text = requiredText(answer.value(kText), "text", path),
                                                        .note = answer.value(kNote).toString(),
                                                        .promptIds = {},
                                                        .tokens = {}};
    }
    return turn;
}

} // namespace

std::vector<core::Message> Conversation::messages(int side) const
{
    std::vector<core::Message> result;
    if (!system.empty())
        result.push_back({"system", system});
    for (std::size_t i = 0; i < turns.size(); ++i) {
        const auto& answer = turns[i].answers[static_cast<std::size_t>(side)];
        const bool isLast = i + 1 == turns.size();
        if (answer.text.empty() && !isLast)
            continue;
        result.push_back({"user", turns[i].question});
        if (!isLast)
            result.push_back({"assistant", answer.text});
    }
    return result;
}

void saveConversation(const QString& path, const Conversation& conversation)
{
    QJsonArray turns;
    for (const auto& turn : conversation.turns) {
        QJsonArray answers;
        for (const auto& answer : turn.answers)
            answers.append(QJsonObject{{kText, toQString(answer.text)}, {kNote, answer.note}});
        turns.append(QJsonObject{{kQuestion, toQString(turn.question)}, {kAnswers, answers}});
    }
    const QJsonObject json{
        {QStringLiteral("schema"), kSchema}, {kSystem, toQString(conversation.system)}, {kTurns, turns}};
    QSaveFile file(path);
    const auto text = QJsonDocument(json).toJson();
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit())
        throw core::Error(core::ErrorKind::Io, toStd(file.errorString()), toStd(path));
}

Conversation loadConversation(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        throw core::Error(core::ErrorKind::Io, toStd(file.errorString()), toStd(path));
    QJsonParseError error;
    const auto json = QJsonDocument::fromJson(file.readAll(), &error).object();
    if (error.error != QJsonParseError::NoError)
        refuse(QStringLiteral("not JSON: %1 at byte %2").arg(error.errorString()).arg(error.offset), path);
    const int schema = json.value(QLatin1String("schema")).toInt();
    if (schema != kSchema)
        throw core::Error(core::ErrorKind::Unsupported,
                          "the conversation has schema " + std::to_string(schema) + ", this program reads 1",
                          toStd(path));
    Conversation conversation{.system = toStd(json.value(kSystem).toString()), .turns = {}};
    for (const auto& turn : json.value(kTurns).toArray())
        conversation.turns.push_back(turnFromJson(turn.toObject(), path));
    return conversation;
}

} // namespace ui
