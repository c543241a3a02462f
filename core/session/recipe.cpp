// SPDX-License-Identifier: Apache-2.0
#include "core/session/recipe.h"

#include "core/base/error.h"
#include "core/calibrate/calibration_json.h"
#include "core/search/search_json.h"
#include "core/select/plan_file.h"
#include "core/session/result_json.h"

#include <limits>
#include <set>

namespace core {

namespace {

/** One object of the recipe: values by key with their types checked, and keys that nobody asked for refused. */
class Section
{
public:
    Section(const Json& json, std::string path, std::string file)
        : m_json(json)
        , m_path(std::move(path))
        , m_file(std::move(file))
    {
        if (!json.is_object())
            throw refusal(m_path.empty() ? "the recipe" : "'" + m_path + "'", "must be a JSON object");
    }

    template <typename Value>
    bool read(const char* key, Value& value)
    {
        m_known.insert(key);
        if (!m_json.contains(key))
            return false;
        const auto& json = m_json.at(key);
        if constexpr (std::is_same_v<Value, bool>)
            require(key, json.is_boolean(), "true or false");
        else if constexpr (std::is_integral_v<Value>)
            require(key,
                    json.is_number_unsigned()
                        && json.template get<std::uint64_t>() <= std::uint64_t(std::numeric_limits<Value>::max()),
                    "a whole number from 0 to " + std::to_string(std::numeric_limits<Value>::max()));
        else if constexpr (std::is_floating_point_v<Value>)
            require(key, json.is_number() && json.template get<double>() >= 0.0, "a number of at least 0");
        else
            require(key, json.is_string(), "a text");
        value = json.template get<Value>();
        return true;
    }

    void readTexts(const char* key, std::vector<std::string>& values)
    {
        const auto* list = object(key);
        if (!list)
            return;
        require(key, list->is_array(), "a list of texts");
        for (const auto& value : *list) {
            require(key, value.is_string(), "a list of texts");
            values.push_back(value.get<std::string>());
        }
    }

    template <typename Value, std::size_t n>
    void readWord(const char* key, Value& value, const Words<Value, n>& words)
    {
        readWord(key, value, [&](const std::string& text) { return valueOf(words, text); });
    }

    /** A word that `parse` understands; its Error becomes one that names the key. */
    template <typename Value, typename Parse>
    void readWord(const char* key, Value& value, const Parse& parse)
    {
        std::string text;
        if (!read(key, text))
            return;
        try {
            value = parse(text);
        } catch (const Error& error) {
            throw refusal(name(key), error.what());
        }
    }

    const Json* object(const char* key)
    {
        m_known.insert(key);
        return m_json.contains(key) ? &m_json.at(key) : nullptr;
    }

    void refuseOthers() const
    {
        for (const auto& [key, value] : m_json.items())
            if (!m_known.contains(key))
                throw refusal(name(key), "is not a key of a recipe");
    }

    std::string name(const std::string& key) const { return "'" + (m_path.empty() ? key : m_path + "." + key) + "'"; }
    const std::string& file() const { return m_file; }

    Error refusal(const std::string& key, const std::string& reason) const
    {
        return Error(ErrorKind::InvalidArgument, key + " " + reason, m_file);
    }

private:
    void require(const char* key, bool right, const std::string& what) const
    {
        if (!right)
            throw refusal(name(key), "must be " + what);
    }

    const Json& m_json;
    std::string m_path;
    std::string m_file;
    std::set<std::string> m_known;
};

std::string resolved(const std::filesystem::path& folder, const std::string& path)
{
    return path.empty() ? path : (folder / path).lexically_normal().string(); // an absolute path replaces the folder
}

void readSelection(Section& top, Recipe& recipe, const std::filesystem::path& folder)
{
    const bool hasPlan = top.read("plan", recipe.planFile);
    recipe.planFile = resolved(folder, recipe.planFile);
    for (const auto* key : {"method", "rule", "overrides", "kronecker", "scheme", "module_bits", "keep", "search"})
        if (hasPlan && top.object(key))
            throw top.refusal(top.name(key), "stands beside 'plan', which decides it already");
    top.readWord("method", recipe.select.method, kSelectMethods);
    top.read("rule", recipe.select.ruleFile);
    recipe.select.ruleFile = resolved(folder, recipe.select.ruleFile);
    top.readWord("kronecker", recipe.select.kronecker, kKroneckerRules);
    if (const auto* scheme = top.object("scheme"))
        recipe.select.scheme = schemeFromJson(*scheme, top.file());
    if (const auto* keep = top.object("keep")) {
        Section section(*keep, "keep", top.file());
        section.read("first", recipe.select.keepFirst);
        section.read("last", recipe.select.keepLast);
        section.read("bits", recipe.select.keepBits);
        section.refuseOthers();
    }
    if (const auto* modules = top.object("module_bits")) {
        Section section(*modules, "module_bits", top.file());
        for (const auto& [module, bits] : modules->items()) {
            ModuleBits parsed;
            section.readWord(module.c_str(), parsed, parseModuleBits);
            try {
                recipe.select.moduleBits.emplace_back(parseModuleId(module), parsed);
            } catch (const Error& error) {
                throw section.refusal(section.name(module), error.what());
            }
        }
    }
    if (const auto* overrides = top.object("overrides")) {
        Section section(*overrides, "overrides", top.file());
        for (const auto& [module, kind] : overrides->items()) {
            TransformKind parsed{};
            section.readWord(module.c_str(), parsed, parseTransformKind);
            try {
                recipe.select.overrides.emplace_back(parseModuleId(module), parsed);
            } catch (const Error& error) {
                throw section.refusal(section.name(module), error.what());
            }
        }
    }
}

void readCalibration(Section& top, Recipe& recipe, const std::filesystem::path& folder)
{
    const auto* json = top.object("calibration");
    if (!json)
        throw top.refusal("'calibration'", "is missing");
    Section section(*json, "calibration", top.file());
    auto& options = recipe.calibration;
    if (!section.read("text", recipe.calibrationText))
        throw section.refusal(section.name("text"), "is missing");
    recipe.calibrationText = resolved(folder, recipe.calibrationText);
    section.read("samples", options.samples);
    section.read("seqlen", options.seqlen);
    section.read("epochs", options.epochs);
    section.read("batch", options.batch);
    recipe.seedGiven = section.read("seed", options.seed);
    section.read("learning_rate", options.learningRate);
    section.read("clip_learning_rate", options.clipLearningRate);
    section.read("weight_decay", options.weightDecay);
    section.read("scale_alpha", options.scaleAlpha);
    section.readWord("precision", options.precision, kPrecisions);
    section.readWord("finish", options.finish, kFinishes);
    section.readWord("clipping", options.clipping, kClippings);
    section.readWord("rotation_form", options.rotationForm, parseRotationForm);
    section.readWord("inverse", options.affineForm, kAffineForms);
    section.readWord("diag_init", options.scaleStart, kScaleStarts);
    section.readWord("clip_sharing", options.clipSharing, kClipSharings);
    section.refuseOthers();
}

/** A list of candidates in place of `candidates`, where the section has one. */
void readCandidates(Section& section, std::vector<Candidate>& candidates)
{
    const auto* list = section.object("candidates");
    if (!list)
        return;
    candidates.clear();
    for (const auto& candidate : *list) {
        if (!list->is_array() || !candidate.is_string())
            throw section.refusal(section.name("candidates"), "must be a list of texts");
        try {
            candidates.push_back(parseCandidate(candidate.get<std::string>()));
        } catch (const Error& error) {
            throw section.refusal(section.name("candidates"), error.what());
        }
    }
}

/** After the calibration, whose text and options are the defaults, but for the epochs. */
void readSearch(Section& top, Recipe& recipe, const std::filesystem::path& folder)
{
    auto& select = recipe.select;
    auto& training = select.search.training;
    select.text = recipe.calibrationText;
    const int epochs = training.epochs;
    training = recipe.calibration;
    training.epochs = epochs;
    training.precision = Precision::Float32; // the only one a search has
    const auto* json = top.object("search");
    if (!json)
        return;
    if (select.method != SelectMethod::Search)
        throw top.refusal("'search'", "needs the method search");
    Section section(*json, "search", top.file());
    if (section.read("text", select.text))
        select.text = resolved(folder, select.text);
    section.read("samples", training.samples);
    section.read("seqlen", training.seqlen);
    section.read("batch", training.batch);
    section.readWord("mode", select.search.mode, kSearchModes);
    training.epochs = select.search.mode == SearchMode::Oracle ? 15 : 5;
    section.read("epochs", training.epochs);
    section.read("starts", select.search.starts);
    if (double margin = 0.0; section.read("margin", margin))
        select.search.margin = margin;
    section.readWord("decide_by", select.search.decideBy, kDecideBys);
    section.readWord("measure", select.search.measure, kHeldOutMeasures);
    readCandidates(section, select.search.candidates);
    section.refuseOthers();
}

void readRefinement(Section& top, Recipe& recipe, const std::filesystem::path& folder)
{
    const auto* json = top.object("refine");
    if (!json)
        return;
    Section section(*json, "refine", top.file());
    RefineOptions options;
    section.read("text", options.text);
    options.text = resolved(folder, options.text);
    section.read("seqlen", options.seqlen);
    section.read("tokens", options.tokens);
    readCandidates(section, options.candidates);
    section.refuseOthers();
    recipe.refine = options;
}

void readGuard(Section& top, Recipe& recipe, const std::filesystem::path& folder)
{
    const auto* json = top.object("guard");
    if (!json)
        return;
    Section section(*json, "guard", top.file());
    GuardSpec guard;
    section.read("text", guard.text);
    guard.text = resolved(folder, guard.text);
    section.read("seqlen", guard.seqlen);
    section.read("limit_tokens", guard.limitTokens);
    section.refuseOthers();
    recipe.guard = guard;
}

/** A shipped task stays as it is; definition and items of TASK=FILE are paths. */
std::string resolvedTask(const std::filesystem::path& folder, const std::string& task)
{
    const auto equals = task.find('=');
    auto name = task.substr(0, equals);
    if (name.ends_with(".json"))
        name = resolved(folder, name);
    return equals == std::string::npos ? name : name + "=" + resolved(folder, task.substr(equals + 1));
}

void readEvaluation(Section& top, Recipe& recipe, const std::filesystem::path& folder)
{
    const auto* json = top.object("evaluation");
    if (!json)
        return;
    Section section(*json, "evaluation", top.file());
    EvaluateSpec spec;
    section.read("text", spec.text);
    section.read("items", spec.itemsFile);
    section.readTexts("tasks", spec.tasks);
    if (spec.text.empty() && spec.tasks.empty() && spec.itemsFile.empty())
        throw section.refusal(section.name("text"), "is missing, and so are 'tasks' and 'items'");
    section.read("tasks_dir", spec.tasksDir);
    section.read("limit", spec.limit);
    section.read("batch_tokens", spec.tokensInPass);
    for (auto* path : {&spec.text, &spec.itemsFile, &spec.tasksDir})
        *path = resolved(folder, *path);
    for (auto& task : spec.tasks)
        task = resolvedTask(folder, task);
    section.read("seqlen", spec.seqlen);
    section.read("limit_tokens", spec.limitTokens);
    section.readWord("convention", spec.convention, kPerplexityConventions);
    section.read("reference", recipe.compareWithModel);
    section.refuseOthers();
    recipe.evaluate = spec;
}

} // namespace

Recipe recipeFromJson(const Json& json, const std::filesystem::path& folder, const std::string& name)
{
    Recipe recipe;
    recipe.json = json;
    Section top(json, "", name);
    int schema = Recipe::kSchema;
    top.read("schema", schema);
    if (schema != Recipe::kSchema)
        throw Error(ErrorKind::Unsupported,
                    "the recipe has schema " + std::to_string(schema) + "; this program knows "
                        + std::to_string(Recipe::kSchema),
                    name);
    readSelection(top, recipe, folder);
    readCalibration(top, recipe, folder);
    readSearch(top, recipe, folder);
    readRefinement(top, recipe, folder);
    readGuard(top, recipe, folder);
    readEvaluation(top, recipe, folder);
    top.refuseOthers();
    return recipe;
}

Recipe readRecipe(const std::filesystem::path& path)
{
    return recipeFromJson(readJson(path), path.parent_path(), path.string());
}

} // namespace core
