// SPDX-License-Identifier: Apache-2.0
#include "core/chat/template_evaluator.h"

#include "core/chat/template_text.h"

#include <array>
#include <ctime>

namespace core::chat_template {

constexpr std::size_t kMostSteps = 1'000'000;
constexpr std::size_t kMostUsed = 256u << 20;
constexpr std::size_t kLongestText = 4u << 20; // some ten times what fits the longest contexts

void Budget::step(int line)
{
    if (++m_steps > kMostSteps)
        Evaluator::fail(ErrorKind::Unsupported, "it takes more than a million steps", line);
}

void Budget::use(std::size_t amount, int line)
{
    m_used += amount;
    if (m_used > kMostUsed)
        Evaluator::fail(ErrorKind::Unsupported, "it handles too much text", line);
}

void Budget::useText(std::size_t length, int line, std::size_t added)
{
    if (length > kLongestText)
        Evaluator::fail(ErrorKind::Unsupported, "it makes a text of more than 4 MB", line);
    use(added, line);
}

const Value* Arguments::get(std::size_t place, std::string_view name) const
{
    for (const auto& [given, value] : named) {
        if (given == name)
            return &value;
    }
    return place < values.size() ? &values[place] : nullptr;
}

void Evaluator::fail(ErrorKind kind, const std::string& what, int line)
{
    throw Error(kind, "chat template, line " + std::to_string(line) + ": " + what);
}

Evaluator::Evaluator(Dict variables, std::int64_t now)
    : m_now(now)
{
    m_global.variables = std::move(variables);
}

Evaluator::~Evaluator()
{
    for (const auto& dict : m_namespaces)
        dict->members.clear();
}

std::string Evaluator::run(const Body& body)
{
    execute(body);
    return std::move(m_output);
}

void Evaluator::print(std::string_view text, int line)
{
    m_budget.useText(m_output.size() + text.size(), line, text.size());
    m_output += text;
}

std::string Evaluator::capture(const Body& body)
{
    std::string outer = std::exchange(m_output, {});
    execute(body);
    return std::exchange(m_output, std::move(outer));
}

Evaluator::Flow Evaluator::execute(const Body& body)
{
    for (const auto& statement : body) {
        if (const Flow flow = execute(*statement); flow != Flow::Next)
            return flow;
    }
    return Flow::Next;
}

Evaluator::Flow Evaluator::execute(const Statement& statement)
{
    m_budget.step(statement.line);
    switch (statement.kind) {
    case StatementKind::Text: print(statement.text, statement.line); break;
    case StatementKind::Print: print(evaluate(*statement.value).print(), statement.line); break;
    case StatementKind::If: return execute(evaluate(*statement.value).isTrue() ? statement.body : statement.otherwise);
    case StatementKind::For: return executeFor(statement);
    case StatementKind::Set:
    case StatementKind::SetBlock: executeSet(statement); break;
    case StatementKind::Macro:
        m_scope->variables.set(statement.text, Value(Function{statement.text, &statement}));
        break;
    case StatementKind::Break: return Flow::Break;
    case StatementKind::Continue: return Flow::Continue;
    }
    return Flow::Next;
}

Evaluator::Flow Evaluator::executeFor(const Statement& statement)
{
    List items = itemsOf(evaluate(*statement.value), statement.line);
    Scope scope{{}, m_scope};
    m_scope = &scope;
    if (statement.filter) {
        List kept;
        for (Value& item : items) {
            bind(statement, item);
            if (evaluate(*statement.filter).isTrue())
                kept.push_back(std::move(item));
        }
        items = std::move(kept);
    }
    constexpr std::size_t kIteration = 1024; // about what its loop variable takes
    const auto count = static_cast<std::int64_t>(items.size());
    for (std::int64_t i = 0; i < count; ++i) {
        m_budget.use(kIteration, statement.line);
        scope.variables.members.clear(); // what an iteration sets ends with it
        bind(statement, items[static_cast<std::size_t>(i)]);
        Dict loop;
        loop.set("index", Value(i + 1));
        loop.set("index0", Value(i));
        loop.set("revindex", Value(count - i));
        loop.set("revindex0", Value(count - i - 1));
        loop.set("first", Value(i == 0));
        loop.set("last", Value(i + 1 == count));
        loop.set("length", Value(count));
        loop.set("previtem", i > 0 ? items[static_cast<std::size_t>(i - 1)] : Value(Undefined{"loop.previtem"}));
        loop.set("nextitem",
                 i + 1 < count ? items[static_cast<std::size_t>(i + 1)] : Value(Undefined{"loop.nextitem"}));
        scope.variables.set("loop", makeDict(std::move(loop)));
        if (execute(statement.body) == Flow::Break)
            break;
    }
    scope.variables.members.clear();
    const Flow flow = items.empty() ? execute(statement.otherwise) : Flow::Next;
    m_scope = scope.parent;
    return flow;
}

void Evaluator::bind(const Statement& loop, const Value& item)
{
    if (loop.targets.size() == 1) {
        m_scope->variables.set(loop.targets[0]->text, item);
        return;
    }
    const List parts = itemsOf(item, loop.line);
    if (parts.size() != loop.targets.size())
        fail(ErrorKind::InvalidArgument,
             "an element of " + std::to_string(parts.size()) + " parts for " + std::to_string(loop.targets.size())
                 + " names",
             loop.line);
    for (std::size_t i = 0; i < parts.size(); ++i)
        m_scope->variables.set(loop.targets[i]->text, parts[i]);
}

void Evaluator::executeSet(const Statement& statement)
{
    Value value =
        statement.kind == StatementKind::SetBlock ? Value(capture(statement.body)) : evaluate(*statement.value);
    if (statement.targets.size() == 1) {
        assign(*statement.targets[0], std::move(value));
        return;
    }
    const List parts = itemsOf(value, statement.line);
    if (parts.size() != statement.targets.size())
        fail(ErrorKind::InvalidArgument, "set: the number of names and values differ", statement.line);
    for (std::size_t i = 0; i < parts.size(); ++i)
        assign(*statement.targets[i], parts[i]);
}

void Evaluator::assign(const Expression& target, Value value)
{
    if (target.kind == ExpressionKind::Name) {
        m_scope->variables.set(target.text, std::move(value));
        return;
    }
    Dict* dict = lookUp(target.operands[0]->text, target.line).dict();
    if (!dict || !dict->isNamespace)
        fail(ErrorKind::InvalidArgument, "only a namespace has attributes that can be set", target.line);
    dict->set(target.text, std::move(value));
}

Value Evaluator::lookUp(const std::string& name, int line)
{
    for (const Scope* scope = m_scope; scope; scope = scope->parent) {
        if (const Value* value = scope->variables.find(name)) {
            if (const std::string* text = value->text())
                m_budget.useText(text->size(), line);
            return *value;
        }
    }
    if (name == "range" || name == "namespace" || name == "raise_exception" || name == "strftime_now" || name == "dict")
        return Value(Function{name});
    return Value(Undefined{name});
}

List Evaluator::itemsOf(const Value& value, int line)
{
    if (const std::string* text = value.text())
        m_budget.use(text->size() * sizeof(Value), line);
    List items;
    if (const List* list = value.list()) {
        items = *list;
    } else if (const Dict* dict = value.dict()) {
        for (const auto& [key, unused] : dict->members)
            items.push_back(Value(key));
    } else if (const std::string* text = value.text()) {
        for (std::string& character : charactersOf(*text))
            items.push_back(Value(std::move(character)));
    } else if (!value.isUndefined()) {
        fail(ErrorKind::InvalidArgument, "a " + std::string(value.typeName()) + " cannot be looped over", line);
    }
    m_budget.use(items.size() * sizeof(Value), line);
    return items;
}

Value Evaluator::callFunction(const Function& function, const Arguments& arguments, int line)
{
    if (function.macro)
        return callMacro(*function.macro, arguments, line);
    if (function.name == "range")
        return range(arguments, line);
    if (function.name == "strftime_now")
        return formatNow(arguments, line);
    if (function.name == "raise_exception") {
        const Value* message = arguments.get(0, "message");
        throw Error(ErrorKind::InvalidArgument,
                    "the chat template refuses the conversation: "
                        + (message ? message->print() : std::string("no reason given")));
    }
    auto dict = std::make_shared<Dict>(); // namespace and dict
    dict->isNamespace = function.name == "namespace";
    for (const auto& [name, value] : arguments.named)
        dict->set(name, value);
    if (dict->isNamespace)
        m_namespaces.push_back(dict);
    return Value(std::move(dict));
}

Value Evaluator::callMacro(const Statement& macro, const Arguments& arguments, int line)
{
    constexpr int kDeepest = 40;
    if (++m_macroDepth > kDeepest)
        fail(ErrorKind::Unsupported, "macros call one another too deeply", line);
    Scope scope{{}, &m_global};
    for (std::size_t i = 0; i < macro.parameters.size(); ++i) {
        const auto& [name, absent] = macro.parameters[i];
        const Value* given = arguments.get(i, name);
        scope.variables.set(name, given ? *given : absent ? evaluate(*absent) : Value(Undefined{name}));
    }
    Scope* caller = std::exchange(m_scope, &scope);
    std::string text = capture(macro.body);
    m_scope = caller;
    --m_macroDepth;
    return Value(std::move(text));
}

Value Evaluator::range(const Arguments& arguments, int line)
{
    constexpr std::int64_t kLongest = 100'000; // as Jinja's sandbox
    std::vector<std::int64_t> bounds;
    for (const Value& value : arguments.values) {
        const auto* bound = value.as<std::int64_t>();
        if (!bound)
            fail(ErrorKind::InvalidArgument, "range needs integers", line);
        bounds.push_back(*bound);
    }
    if (bounds.empty() || bounds.size() > 3 || (bounds.size() == 3 && bounds[2] == 0))
        fail(ErrorKind::InvalidArgument, "range needs one to three integers, the step not zero", line);
    const std::int64_t begin = bounds.size() == 1 ? 0 : bounds[0];
    const std::int64_t end = bounds.size() == 1 ? bounds[0] : bounds[1];
    const std::int64_t step = bounds.size() == 3 ? bounds[2] : 1;
    List items;
    for (std::int64_t i = begin; step > 0 ? i < end : i > end;) {
        items.push_back(Value(i));
        if (items.size() > static_cast<std::size_t>(kLongest))
            fail(ErrorKind::Unsupported, "a range of more than 100000 numbers", line);
        if (__builtin_add_overflow(i, step, &i))
            break;
    }
    m_budget.use(items.size() * sizeof(Value), line);
    return makeList(std::move(items));
}

Value Evaluator::formatNow(const Arguments& arguments, int line)
{
    const Value* format = arguments.get(0, "format");
    if (!format || !format->text())
        fail(ErrorKind::InvalidArgument, "strftime_now needs a format", line);
    const auto seconds = static_cast<std::time_t>(m_now);
    std::tm local{};
    localtime_r(&seconds, &local);
    std::array<char, 512> text{};
    const std::size_t length = std::strftime(text.data(), text.size(), format->text()->c_str(), &local);
    return Value(std::string(text.data(), length));
}

} // namespace core::chat_template
