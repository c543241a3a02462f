// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/conversation.h"

#include "core/base/error.h"
#include "ui/convert.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include <algorithm>

namespace ui {

namespace {

constexpr int kSchema = 1;
const QLatin1String kSystem("system");
const QLatin1String kTurns("turns");
const QLatin1String kQuestion("question");
const QLatin1String kAnswers("answers");
const QLatin1String kText("text");
const QLatin1String kNote("note");
const QLatin1String kModel("model");
const QLatin1String kOtherModel("other_model");
const QLatin1String kPrompt("prompt_ids");
const QLatin1String kTokens("tokens");
const QLatin1String kId("id");
const QLatin1String kLogProbability("log_probability");
const QLatin1String kKl("kl");
const QLatin1String kOtherTop("other_top");
const QLatin1String kOtherText("other_text");
const QLatin1String kAlternatives("alternatives");
const QLatin1String kOtherAlternatives("other_alternatives");

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

QJsonArray toJson(const std::vector<core::TokenAlternative>& alternatives)
{
    QJsonArray rows;
    for (const auto& row : alternatives)
        rows.append(QJsonArray{row.id, toQString(row.text), row.probability});
    return rows;
}

std::vector<core::TokenAlternative> alternativesFromJson(const QJsonValue& json)
{
    std::vector<core::TokenAlternative> alternatives;
    for (const auto& row : json.toArray())
        alternatives.push_back({row[0].toInt(), toStd(row[1].toString()), row[2].toDouble()});
    return alternatives;
}

QJsonObject toJson(const core::GeneratedToken& token)
{
    QJsonObject json{{kId, token.id}, {kText, toQString(token.text)}, {kLogProbability, token.logProbability}};
    if (const auto& apart = token.divergence) {
        json.insert(kKl, apart->kl);
        json.insert(kOtherTop, apart->otherTop);
        json.insert(kOtherText, toQString(apart->otherText));
        json.insert(kAlternatives, toJson(apart->alternatives));
        json.insert(kOtherAlternatives, toJson(apart->otherAlternatives));
    }
    return json;
}

core::GeneratedToken tokenFromJson(const QJsonObject& json, const QString& path)
{
    core::GeneratedToken token{.id = json.value(kId).toInt(),
                               .text = requiredText(json.value(kText), "text", path),
                               .logProbability = json.value(kLogProbability).toDouble()};
    if (json.contains(kKl))
        token.divergence =
            core::TokenDivergence{.id = token.id,
                                  .kl = json.value(kKl).toDouble(),
                                  .otherTop = json.value(kOtherTop).toInt(),
                                  .otherText = toStd(json.value(kOtherText).toString()),
                                  .alternatives = alternativesFromJson(json.value(kAlternatives)),
                                  .otherAlternatives = alternativesFromJson(json.value(kOtherAlternatives))};
    return token;
}

QJsonObject toJson(const Answer& answer)
{
    QJsonArray prompt;
    for (const int id : answer.promptIds)
        prompt.append(id);
    QJsonArray tokens;
    for (const auto& token : answer.tokens)
        tokens.append(toJson(token));
    return {{kText, toQString(answer.text)}, {kNote, answer.note}, {kPrompt, prompt}, {kTokens, tokens}};
}

Turn turnFromJson(const QJsonObject& json, const QString& path)
{
    Turn turn{.question = requiredText(json.value(kQuestion), "question", path), .answers = {}};
    const auto answers = json.value(kAnswers).toArray();
    if (answers.size() != static_cast<int>(turn.answers.size()))
        refuse(QStringLiteral("not a conversation: a turn has %1 answers, 2 are expected").arg(answers.size()), path);
    for (int side = 0; side < answers.size(); ++side) {
        const auto answer = answers[side].toObject();
        auto& read = turn.answers[static_cast<std::size_t>(side)];
        read = {.text = requiredText(answer.value(kText), "text", path),
                .note = answer.value(kNote).toString(),
                .promptIds = {},
                .tokens = {}};
        for (const auto& id : answer.value(kPrompt).toArray())
            read.promptIds.push_back(id.toInt());
        for (const auto& token : answer.value(kTokens).toArray())
            read.tokens.push_back(tokenFromJson(token.toObject(), path));
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

bool Conversation::isCompared() const
{
    return std::any_of(turns.begin(), turns.end(), [](const Turn& turn) {
        const auto& tokens = turn.answers[0].tokens;
        return !tokens.empty() && tokens.front().divergence.has_value();
    });
}

void saveConversation(const QString& path, const Conversation& conversation)
{
    QJsonArray turns;
    for (const auto& turn : conversation.turns) {
        QJsonArray answers;
        for (const auto& answer : turn.answers)
            answers.append(toJson(answer));
        turns.append(QJsonObject{{kQuestion, toQString(turn.question)}, {kAnswers, answers}});
    }
    const QJsonObject json{{QStringLiteral("schema"), kSchema},
                           {kSystem, toQString(conversation.system)},
                           {kModel, toQString(conversation.model)},
                           {kOtherModel, toQString(conversation.otherModel)},
                           {kTurns, turns}};
    QSaveFile file(path);
    const auto text = QJsonDocument(json).toJson(QJsonDocument::Compact) + '\n';
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
    Conversation conversation{.system = toStd(json.value(kSystem).toString()),
                              .model = toStd(json.value(kModel).toString()),
                              .otherModel = toStd(json.value(kOtherModel).toString()),
                              .turns = {}};
    for (const auto& turn : json.value(kTurns).toArray())
        conversation.turns.push_back(turnFromJson(turn.toObject(), path));
    return conversation;
}

} // namespace ui
