// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"
#include "core/chat/template_syntax.h"

#include <optional>
#include <string>
#include <vector>

namespace core::chat_template {

/** The arguments of a call, a filter or a test; in a filter the filtered value is not among them. */
struct Arguments
{
    std::vector<Value> values;
    std::vector<std::pair<std::string, Value>> named;

    /** By place or by name; null where it is not given. */
    const Value* get(std::size_t place, std::string_view name) const;
};

/** What a template may use up. Work is counted in bytes and elements handled, so that no construct is free. */
class Budget
{
public:
    void step(int line);
    void use(std::size_t amount, int line);

    /** A text of `length` bytes exists now, of which `added` are new. */
    void useText(std::size_t length, int line, std::size_t added);
    void useText(std::size_t length, int line) { useText(length, line, length); }

private:
    std::size_t m_steps = 0;
    std::size_t m_used = 0;
};

/** Runs a parsed template. */
class Evaluator
{
public:
    /** `now`: seconds since 1970 for strftime_now. */
    Evaluator(Dict variables, std::int64_t now);
    ~Evaluator();
    Evaluator(const Evaluator&) = delete;
    Evaluator& operator=(const Evaluator&) = delete;

    std::string run(const Body& body);

    // For the filters and methods.
    Value test(const std::string& name, const Value& value, const Arguments& arguments, int line);
    Value filter(const std::string& name, const Value& value, const Arguments& arguments, int line);
    Value attribute(const Value& object, const std::string& name, int line);
    List itemsOf(const Value& value, int line); // what a loop over it sees
    Budget& budget() { return m_budget; }

    [[noreturn]] static void fail(ErrorKind kind, const std::string& what, int line);

private:
    enum class Flow { Next, Break, Continue };

    struct Scope
    {
        Dict variables;
        Scope* parent = nullptr;
    };

    Flow execute(const Body& body);
    Flow execute(const Statement& statement);
    Flow executeFor(const Statement& statement);
    void executeSet(const Statement& statement);
    void assign(const Expression& target, Value value);
    void bind(const Statement& loop, const Value& item);
    void print(std::string_view text, int line);
    std::string capture(const Body& body);

    Value evaluate(const Expression& expression);
    Value evaluateSubscript(const Expression& expression);
    Value evaluateSlice(const Expression& expression);
    Value evaluateUnary(const Expression& expression);
    Value evaluateBinary(const Expression& expression);
    Value evaluateCompare(const Expression& expression);
    Value evaluateCall(const Expression& expression);
    Value evaluateDict(const Expression& expression);
    Value lookUp(const std::string& name, int line);
    Value callFunction(const Function& function, const Arguments& arguments, int line);
    Value callMacro(const Statement& macro, const Arguments& arguments, int line);
    Value range(const Arguments& arguments, int line);
    Value formatNow(const Arguments& arguments, int line);
    Arguments argumentsOf(const Expression& call, std::size_t first);

    Scope m_global;
    Scope* m_scope = &m_global;
    std::string m_output;
    std::int64_t m_now;
    Budget m_budget;
    std::vector<std::shared_ptr<Dict>> m_namespaces; // they can hold one another: emptied at the end
    int m_macroDepth = 0;
};

/** A method of a string or a mapping, such as strip or items. */
Value callMethod(const Value& object, const std::string& name, const Arguments& arguments, int line, Budget& budget);

/** Lists and mappings are compared by their JSON. */
bool equal(const Value& left, const Value& right, int line, Budget& budget);

bool contains(const Value& container, const Value& item, int line, Budget& budget);

} // namespace core::chat_template
