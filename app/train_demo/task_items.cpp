// SPDX-License-Identifier: Apache-2.0
#include "app/train_demo/task_items.h"

#include "app/train_demo/forms.h"
#include "app/train_demo/text_generator.h"
#include "core/base/error.h"
#include "core/io/json.h"

#include <algorithm>
#include <functional>
#include <set>

namespace demo {

namespace {

using core::Json;

constexpr std::size_t kItems = 200;
constexpr std::size_t kChoices = 4;

struct Choices
{
    std::vector<std::string> texts;
    std::size_t gold = 0;
};

/** The right text among wrong ones, shuffled. */
Choices shuffled(Random& random, const std::string& right, std::vector<std::string> wrong, std::size_t count)
{
    Choices choices;
    random.shuffle(wrong);
    wrong.resize(std::min(wrong.size(), count - 1));
    choices.texts = wrong;
    choices.gold = random.below(wrong.size() + 1);
    choices.texts.insert(choices.texts.begin() + static_cast<long>(choices.gold), right);
    return choices;
}

/** Draws items until there are enough different ones. */
class ItemWriter
{
public:
    explicit ItemWriter(std::filesystem::path path)
        : m_path(std::move(path))
    {
    }

    /** False where an item with this text is already there. */
    bool isNew(const std::string& text) { return m_seen.insert(text).second; }
    void add(const Json& item) { m_lines += item.dump() + "\n"; }
    std::size_t size() const { return m_seen.size(); }

    void write() const
    {
        std::filesystem::create_directories(m_path.parent_path());
        core::writeFileAtomically(m_path, m_lines);
    }

private:
    std::filesystem::path m_path;
    std::string m_lines;
    std::set<std::string> m_seen;
};

struct Asked
{
    const Fact* fact;
    std::string question;
};

std::string questionAbout(const World& world, Random& random, const Fact& fact, const std::string& form)
{
    Grammar grammar(world, random);
    grammar.bind("S", fact.subject);
    return grammar.write(form);
}

/** Every question that the text does not ask, where `wanted`. */
std::vector<Asked> heldOutQuestions(const World& world, Random& random, const std::function<bool(const Fact&)>& wanted)
{
    std::vector<Asked> asked;
    for (const auto& fact : world.facts()) {
        if (!wanted(fact) || world.answersOf(fact.relation).size() < kChoices)
            continue;
        for (const auto& form : kRelations[fact.relation].questions) {
            const std::string question = questionAbout(world, random, fact, form);
            if (world.isHeldOut(fact, question))
                asked.push_back({&fact, question});
        }
    }
    random.shuffle(asked);
    return asked;
}

void addArcItems(const World& world, Random& random, const std::vector<Asked>& asked, std::size_t count,
                 ItemWriter& items)
{
    const std::size_t wanted = items.size() + count;
    for (const auto& [fact, question] : asked) {
        if (items.size() == wanted)
            return;
        if (!items.isNew(question))
            continue;
        auto wrong = world.answersOf(fact->relation);
        std::erase(wrong, fact->answer);
        std::erase(wrong, fact->subject);
        const auto choices = shuffled(random, fact->answer, wrong, kChoices);
        static const std::vector<std::string> labels = {"A", "B", "C", "D"};
        items.add({{"id", "demo_" + std::to_string(items.size())},
                   {"question", question},
                   {"choices", {{"text", choices.texts}, {"label", labels}}},
                   {"answerKey", labels[choices.gold]}});
    }
    throw core::Error(core::ErrorKind::Internal, "the world has too few held-out questions");
}

void writeArc(const World& world, const std::filesystem::path& folder, Random& random)
{
    const auto reachOf = [](const Fact& fact) { return kRelations[fact.relation].reach; };
    ItemWriter easy(folder / "arc_easy" / "test.jsonl");
    const auto ofHeldOut = heldOutQuestions(
        world, random, [&](auto& f) { return reachOf(f) == Reach::Person && World::isHeldOut(*f.person); });
    const auto ofOthers = heldOutQuestions(
        world, random, [&](auto& f) { return reachOf(f) == Reach::Person && !World::isHeldOut(*f.person); });
    const auto ofWorld = heldOutQuestions(world, random, [&](auto& f) { return reachOf(f) == Reach::World; });
    addArcItems(world, random, ofHeldOut, kItems / 3, easy);
    addArcItems(world, random, ofOthers, kItems / 3, easy);
    addArcItems(world, random, ofWorld, kItems - easy.size(), easy);
    easy.write();

    ItemWriter challenge(folder / "arc_challenge" / "test.jsonl");
    const auto inTwoSteps =
        heldOutQuestions(world, random, [&](auto& f) { return reachOf(f) == Reach::Joined && *f.person % 2 == 1; });
    addArcItems(world, random, inTwoSteps, kItems, challenge);
    challenge.write();
}

/** Steps of the activity that are not the next ones, and steps of others, as endings of the same length. */
std::vector<std::string> wrongEndings(Grammar& grammar, Random& random, const Activity& activity, std::size_t next)
{
    const auto ending = [&](const Activity& from, std::size_t first, std::size_t second) {
        return grammar.write(from.steps[first] + ". " + stepSentence(from, second, random.pick(kStepLeads)));
    };
    std::vector<std::string> endings = {ending(activity, next + 1, next), ending(activity, next - 1, next - 2)};
    while (endings.size() < kChoices - 1) {
        const Activity& other = random.pick(kActivities);
        if (&other != &activity)
            endings.push_back(ending(other, next, next + 1));
    }
    return endings;
}

void writeHellaswag(const World& world, const std::filesystem::path& folder, Random& random)
{
    ItemWriter items(folder / "hellaswag" / "validation.jsonl");
    while (items.size() < kItems) {
        const std::size_t person = random.below(world.people().size());
        const Activity& activity = random.pick(kActivities);
        const std::size_t next = 2 + random.below(activity.steps.size() - 3);
        if (!isHeldOutProcedure(world.people()[person], activity)
            || !items.isNew(world.people()[person].name + activity.name + std::to_string(next)))
            continue;
        Grammar grammar(world, random);
        grammar.cast("P", person);
        std::string context = stepSentence(activity, 0, "{P}");
        for (std::size_t step = 1; step < next; ++step)
            context += " " + stepSentence(activity, step, random.pick(kStepLeads));
        context = grammar.write(context);
        const std::string begun = grammar.write(random.pick(kStepLeads));
        std::string lower = begun;
        lower[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(lower[0])));
        const std::string right =
            grammar.write(activity.steps[next] + ". " + stepSentence(activity, next + 1, random.pick(kStepLeads)));
        const auto endings = shuffled(random, right, wrongEndings(grammar, random, activity, next), kChoices);
        items.add({{"ind", items.size() - 1},
                   {"activity_label", activity.name},
                   {"ctx_a", context},
                   {"ctx_b", lower},
                   {"ctx", context + " " + lower},
                   {"endings", endings.texts},
                   {"source_id", "demo~" + std::to_string(items.size() - 1)},
                   {"split", "val"},
                   {"split_type", "indomain"},
                   {"label", std::to_string(endings.gold)}});
    }
    items.write();
}

/** Two people whom no training story brings together. */
std::pair<std::size_t, std::size_t> heldOutPair(const World& world, Random& random)
{
    for (;;) {
        const std::size_t p = random.below(world.people().size());
        const std::size_t q = random.below(world.people().size());
        if (p != q && World::isHeldOutPair(p, q))
            return {p, q};
    }
}

void writeLambada(const World& world, const std::filesystem::path& folder, Random& random)
{
    ItemWriter items(folder / "lambada_openai" / "test.jsonl");
    while (items.size() < kItems) {
        Grammar grammar(world, random);
        const auto [p, q] = heldOutPair(world, random);
        grammar.cast("P", p);
        grammar.cast("Q", q);
        std::string text = capitalized(grammar.write(random.pick(kEchoStories)));
        text.resize(text.find_last_not_of(".\"") + 1); // ends in the last word, as the data set's do
        if (items.isNew(text))
            items.add({{"text", text}});
    }
    items.write();
}

void writePiqa(const World& world, const std::filesystem::path& folder, Random& random)
{
    ItemWriter items(folder / "piqa" / "valid.jsonl");
    std::string labels;
    while (items.size() < kItems) {
        const Way& way = random.pick(kWays);
        const Way& other = random.pick(kWays);
        const std::string& object = random.pick(way.objects);
        Grammar grammar(world, random);
        grammar.bind("verb", way.verb);
        grammar.bind("object", object);
        grammar.bind("tool", way.tool);
        const std::string goal = grammar.write(random.pick(kWayQuestions));
        const std::string form = random.pick(kWayAnswers);
        const std::string right = grammar.write(form);
        grammar.bind("tool", other.tool);
        if (&way == &other || !isHeldOutWay(way, object) || !items.isNew(goal + right + other.tool))
            continue;
        const auto ways = shuffled(random, right, {grammar.write(form)}, 2);
        items.add({{"goal", goal}, {"sol1", ways.texts[0]}, {"sol2", ways.texts[1]}});
        labels += std::to_string(ways.gold) + "\n";
    }
    items.write();
    core::writeFileAtomically(folder / "piqa" / "valid-labels.lst", labels);
}

void writeWinogrande(const World& world, const std::filesystem::path& folder, Random& random)
{
    ItemWriter items(folder / "winogrande" / "dev.jsonl");
    while (items.size() < kItems) {
        Grammar grammar(world, random);
        const auto [a, b] = heldOutPair(world, random);
        grammar.cast("A", a);
        grammar.cast("B", b);
        const Twin& twin = random.pick(kTwins);
        const bool first = random.below(2) == 0;
        const std::string sentence = grammar.write(twin.stem + " " + (first ? twin.whenFirst : twin.whenSecond));
        if (!items.isNew(sentence))
            continue;
        // The options stand in either order, so that the answer says nothing.
        const bool swapped = random.below(2) == 0;
        const std::string& nameA = world.people()[a].name;
        const std::string& nameB = world.people()[b].name;
        items.add({{"qID", "demo-" + std::to_string(items.size() - 1)},
                   {"sentence", sentence},
                   {"option1", swapped ? nameB : nameA},
                   {"option2", swapped ? nameA : nameB},
                   {"answer", first != swapped ? "1" : "2"}});
    }
    items.write();
}

} // namespace

void writeTaskItems(const World& world, const std::filesystem::path& folder, std::uint64_t seed)
{
    Random random(seed ^ hashOf("task items"));
    writeArc(world, folder, random);
    writeHellaswag(world, folder, random);
    writeLambada(world, folder, random);
    writePiqa(world, folder, random);
    writeWinogrande(world, folder, random);
}

} // namespace demo
