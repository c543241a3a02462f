// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/chat/chat_template.h"

#include <QtTest>

#include <ctime>

using core::ChatTemplateVariables;
using core::Message;
using core::renderChat;

class TestChatTemplate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void constructsPrintWhatJinjaPrints_data();
    void constructsPrintWhatJinjaPrints();
    void publishedPromptFormatsComeOut_data();
    void publishedPromptFormatsComeOut();
    void aTemplateSeesTheGivenVariables();
    void theDefaultIsRolesAndContents();
    void aTemplateCanRefuseAConversation();
    void whatIsNotSupportedIsNamedWithItsLine_data();
    void whatIsNotSupportedIsNamedWithItsLine();
    void hostileTemplatesEndWithAnError_data();
    void hostileTemplatesEndWithAnError();
};

namespace {

const std::vector<Message> kConversation{
    {"system", " Be brief. "}, {"user", "Gr\u00FC\u00DFe \u9F98 \U0001F999"}, {"assistant", "a,b,,c"}};

ChatTemplateVariables variables()
{
    ChatTemplateVariables variables;
    variables.bosToken = "<s>";
    variables.eosToken = "</s>";
    variables.now = 0;
    return variables;
}

std::string failureOf(const std::string& text, core::ErrorKind kind)
{
    try {
        renderChat(text, kConversation, variables());
    } catch (const core::Error& error) {
        return error.kind() == kind ? error.what()
                                    : "another kind: " + std::string(toString(error.kind())) + ": " + error.what();
    }
    return "no error";
}

} // namespace

void TestChatTemplate::initTestCase()
{
    qputenv("TZ", "UTC"); // strftime_now gives local time
    tzset();
}

void TestChatTemplate::constructsPrintWhatJinjaPrints_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* text, const char* expected) {
        QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(expected);
    };
    row("trim and lengths", "{{ messages|length }} {{ messages[1].content|length }} [{{ messages[0].content|trim }}]",
        "3 9 [Be brief.]");
    row("slices",
        "{% for m in messages[1:] %}{{ m.role }};{% endfor %}{{ messages[-1]['role'] }} {{ 'abcdef'[1:-1] }} {{ "
        "'abcdef'[::-1] }} {{ 'abcdef'[::2] }} {{ messages[1].content[6] }} {{ 'abc'[-9:9] }}",
        "user;assistant;assistant bcde fedcba ace 龘 abc");
    row("loop variables",
        "{% for m in messages %}{{ loop.index0 }}{{ loop.index }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ "
        "loop.revindex }} {% endfor %}",
        "01TrueFalse33 12FalseFalse32 23FalseTrue31 ");
    row("neighbours in a loop",
        "{% for m in messages %}{{ loop.previtem.role if loop.previtem is defined else '-' }}>{{ loop.nextitem.role if "
        "not loop.last else '-' }} {% endfor %}",
        "->user system>assistant user>- ");
    row("loop with condition and else",
        "{% for m in messages if m.role == 'user' %}{{ m.role }}{{ loop.index }}{% else %}none{% endfor %}{% for m in "
        "[] %}x{% else %}empty{% endfor %}",
        "user1empty");
    row("break and continue",
        "{% for i in range(9) %}{% if i == 2 %}{% continue %}{% endif %}{% if i > 4 %}{% break %}{% endif %}{{ i }}{% "
        "endfor %}",
        "0134");
    row("namespace outlives the loop, set does not",
        "{% set ns = namespace(n=0) %}{% set x = 1 %}{% for m in messages %}{% set ns.n = ns.n + 2 %}{% set x = 5 %}{% "
        "endfor %}{{ ns.n }} {{ x }}",
        "6 1");
    row("macro with default",
        "{% macro turn(role, sep='|') %}<{{ role }}{{ sep }}>{% endmacro %}{{ turn('user') }}{{ turn(sep='/', "
        "role='x') }}",
        "<user|><x/>");
    row("block set", "{% set x %}a{{ 1 + 1 }}b{% endset %}{{ x|upper }}", "A2B");
    row("precedence",
        "{{ 1 + 2 * 3 }} {{ 'a' ~ 1 ~ 2 }} {{ 'a' + 'b'|upper }} {{ not true or true }} {{ 7 // 2 }} {{ -7 // 2 }} {{ "
        "-7 % 3 }} {{ 7 / 2 }} {{ 6 / 2 }}",
        "7 a12 aB True 3 -4 2 3.5 3.0");
    row("comparisons",
        "{{ 1 == 1.0 }} {{ 'a' != 'b' }} {{ 2 >= 3 }} {{ 'b' > 'a' }} {{ 'x' in 'xyz' }} {{ 'q' not in ['a'] }} {{ "
        "'role' in messages[0] }} {{ [1, 2] == [1, 2] }}",
        "True True False True True True True True");
    row("and, or give operands", "{{ '' or 'x' }} {{ 'a' and 'b' }} {{ none or 0 }} {{ (1 and '') == '' }}",
        "x b 0 True");
    row("conditional without else",
        "[{{ 'a' if false }}][{{ 'a' if true }}][{{ 'x' if false else 'y' if false else 'z' }}]", "[][a][z]");
    row("tests",
        "{{ nope is defined }} {{ nope is undefined }} {{ none is none }} {{ tools is not none }} {{ 'a' is string }} "
        "{{ 3 is odd }} {{ 4 is divisibleby 2 }} {{ messages is iterable }} {{ messages[0] is mapping }} {{ 'a' is in "
        "['a'] }} {{ 1 is number }} {{ true is boolean }}",
        "False True True False True True True True True True True True");
    row("undefined prints nothing",
        "[{{ nope }}][{{ messages[0].nope }}][{{ nope|default('d') }}][{{ ''|default('d', true) }}][{% for x in nope "
        "%}{% endfor %}]",
        "[][][d][d][]");
    row("none, booleans, floats", "{{ none }} {{ true }} {{ 1.5 }} {{ 2.0 }}", "None True 1.5 2.0");
    row("string methods",
        "[{{ ' ab '.strip() }}][{{ 'xxabxx'.strip('x') }}][{{ ' a'.lstrip() }}][{{ 'a \n'.rstrip() }}][{{ 'Ab'.upper() "
        "}}{{ 'ÄB'.lower() }}][{{ 'a b'.title() }}][{{ 'hELLO'.capitalize() }}]",
        "[ab][ab][a][a][ABäb][A B][Hello]");
    row("split and join",
        "{{ messages[2].content.split(',')[1] }}|{{ messages[2].content.split(',')|join('+') }}|{{ ' a  b "
        "'.split()|join('_') }}|{{ 'a-b-c'.split('-', 1)|last }}|{{ 'x'.join(['1', '2']) }}",
        "b|a+b++c|a_b|b-c|1x2");
    row("starts, ends, replace, find",
        "{{ 'abc'.startswith('ab') }} {{ 'abc'.endswith('x') }} {{ 'aXbX'.replace('X', '-') }} {{ 'aXbX'|replace('X', "
        "'-', 1) }} {{ 'äbc'.find('c') }}",
        "True False a-b- a-bX 2");
    row("mappings",
        "{% set d = {'a': 1, 'b': 'x'} %}{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}{{ d.get('q', 'z') }} "
        "{{ d.keys()|list|length }} {{ d['a'] }}{{ d.b }} {% for k in d %}{{ k }}{% endfor %}",
        "a=1;b=x;z 2 1x ab");
    row("tojson", "{{ {'a': [1, 2.5, true, none], 'b': 'q\"ü\n'}|tojson }}",
        "{\"a\": [1, 2.5, true, null], \"b\": \"q\\\"ü\\n\"}");
    row("tojson with indent", "{{ {'a': [1], 'b': {}}|tojson(indent=2) }}",
        "{\n  \"a\": [\n    1\n  ],\n  \"b\": {}\n}");
    row("list filters",
        "{{ [3, 1]|first }}{{ [3, 1]|last }} {{ messages|map(attribute='role')|join(',') }} {{ "
        "messages|selectattr('role', 'equalto', 'user')|list|length }} {{ messages|rejectattr('role', 'in', "
        "['user'])|map(attribute='role')|list|last }} {{ [1, 2]|reverse|join }} {{ ['a']|map('upper')|join }}",
        "31 system,user,assistant 1 assistant 21 A");
    row("numbers", "{{ '42'|int + 1 }} {{ 'x'|int }} {{ -3|abs }} {{ 3.7|int }}", "43 0 3 3");
    row("neighbouring strings", "{{ 'a' \"b\" 'c' }} {{ 'tab\\tq\\'' }}", "abc tab\tq'");
    row("unpacking", "{% for a, b in [(1, 2), [3, 4]] %}{{ a }}{{ b }} {% endfor %}", "12 34 ");
    row("block tags trim their line", "a\n  {% if true %}\n  b\n  {% endif %}\nc\n", "a\n  b\nc");
    row("signs strip white space", "a  \n {%- if true -%} \n b \n {%- endif %}\n c", "ab c");
    row("plus keeps white space", "a\n  {%+ if true +%}\nb{% endif %}", "a\n  \nb");
    row("print tags keep their line", "a\n  {{ 1 }}\nb {{- 2 -}} \n c\n", "a\n  1\nb2c");
    row("comments", "a\n  {# one\n two #}\nb{#- x -#} c", "a\nbc");
    row("braces in an expression", "{{ {'a': {'b': 1}}['a']['b'] }}{{ '}}' }}{{ '%}' }}", "1}}%}");
    row("generation mark", "{% generation %}x{% endgeneration %}", "x");
    row("strftime_now", "{{ strftime_now('%d %b %Y') }}", "01 Jan 1970");
    row("carriage returns", "a\r\nb\rc\r\n", "a\nb\nc");
}

// Expected: Jinja2 3.1.6 with the environment of transformers' chat_template_utils.py (ImmutableSandboxedEnvironment with
// trim_blocks=True, lstrip_blocks=True, loopcontrols, its tojson), tools=None, the conversation above, clock at 0.
void TestChatTemplate::constructsPrintWhatJinjaPrints()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    QCOMPARE(QString::fromStdString(renderChat(text.toStdString(), kConversation, variables())), expected);
}

void TestChatTemplate::publishedPromptFormatsComeOut_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    // Llama 2: "<s>[INST] <<SYS>>\n{system}\n<</SYS>>\n\n{user} [/INST] {answer} </s><s>[INST] {user} [/INST]"
    // (llama/generation.py, chat_completion).
    QTest::newRow("llama-2")
        << "{% if messages[0]['role'] == 'system' %}{% set rest = messages[1:] %}{% set system = '<<SYS>>\\n' + "
           "messages[0]['content'] + '\\n<</SYS>>\\n\\n' %}{% else %}{% set rest = messages %}{% set system = '' %}{% "
           "endif %}"
           "{% for message in rest %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
           "{{ raise_exception('roles must alternate') }}{% endif %}{% if message['role'] == 'user' %}"
           "{{ bos_token + '[INST] ' + (system if loop.first else '') + message['content'].strip() + ' [/INST]' }}"
           "{% else %}{{ ' ' + message['content'].strip() + ' ' + eos_token }}{% endif %}{% endfor %}"
        << "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi [/INST] Hello </s><s>[INST] Bye [/INST]";
    // Llama 3 (model card, "Meta Llama 3 Instruct"): headers, two newlines, text, <|eot_id|>.
    QTest::newRow("llama-3")
        << "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' "
           "+ "
           "message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 "
           "== 0 %}"
           "{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}"
           "{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}"
        << "<s><|start_header_id|>system<|end_header_id|>\n\nBe "
           "brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n"
           "Hi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nHello<|eot_id|><|start_header_id|>user"
           "<|end_header_id|>\n\nBye<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n";
    // Qwen (ChatML): <|im_start|>role, newline, text, <|im_end|>, newline.
    QTest::newRow("chatml")
        << "{%- for message in messages %}\n    {%- if loop.first and message.role != 'system' %}\n        {{- 'no "
           "system' }}\n"
           "    {%- endif %}\n    {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' "
           "}}\n"
           "{%- endfor %}\n{%- if add_generation_prompt %}\n    {{- '<|im_start|>assistant\\n' }}\n{%- endif %}\n"
        << "<|im_start|>system\nBe "
           "brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello<|im_end|>\n"
           "<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n";
    // Mistral v3 (mistral-common): "<s>[INST] user[/INST] answer</s>[INST] system\n\nuser[/INST]", the system prompt in
    // the last user turn.
    QTest::newRow("mistral v3")
        << "{%- if messages[0]['role'] == 'system' %}\n{%- set system_message = messages[0]['content'] %}\n"
           "{%- set loop_messages = messages[1:] %}\n{%- else %}\n{%- set loop_messages = messages %}\n{%- endif %}\n"
           "{%- set ns = namespace(turns=0) %}\n{{- bos_token }}\n{%- for message in loop_messages %}\n"
           "{%- if message['role'] == 'user' %}\n{%- set ns.turns = ns.turns + 1 %}\n"
           "{%- if loop.last and system_message is defined %}\n{{- '[INST] ' + system_message + '\\n\\n' + "
           "message['content'] + "
           "'[/INST]' }}\n{%- else %}\n{{- '[INST] ' + message['content'] + '[/INST]' }}\n{%- endif %}\n{%- else %}\n"
           "{{- ' ' + message['content']|trim + eos_token }}\n{%- endif %}\n{%- endfor %}\n"
        << "<s>[INST] Hi[/INST] Hello</s>[INST] Be brief.\n\nBye[/INST]";
}

void TestChatTemplate::publishedPromptFormatsComeOut()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    const std::vector<Message> messages{
        {"system", "Be brief."}, {"user", "Hi"}, {"assistant", "Hello"}, {"user", "Bye"}};
    QCOMPARE(QString::fromStdString(renderChat(text.toStdString(), messages, variables())), expected);
}

void TestChatTemplate::aTemplateSeesTheGivenVariables()
{
    ChatTemplateVariables given = variables();
    given.addGenerationPrompt = false;
    given.others = {{"date_string", std::string("26 Jul 2024")}, {"enable_thinking", false}};
    QCOMPARE(
        renderChat("{{ date_string }} {{ enable_thinking }} {{ add_generation_prompt }} {{ bos_token }}{{ eos_token }}",
                   {}, given),
        std::string("26 Jul 2024 False False <s></s>"));
}

void TestChatTemplate::theDefaultIsRolesAndContents()
{
    const std::vector<Message> messages{{"user", "Hi"}, {"assistant", "Hello"}, {"user", "Bye"}};
    QCOMPARE(renderChat(core::kDefaultChatTemplate, messages, variables()),
             std::string("user: Hi\nassistant: Hello\nuser: Bye\nassistant:"));
}

void TestChatTemplate::aTemplateCanRefuseAConversation()
{
    const std::string failure =
        failureOf("{{ raise_exception('roles must alternate') }}", core::ErrorKind::InvalidArgument);
    QVERIFY2(failure.ends_with("refuses the conversation: roles must alternate"), failure.c_str());
}

void TestChatTemplate::whatIsNotSupportedIsNamedWithItsLine_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("wellFormed");
    QTest::addColumn<QString>("part");
    QTest::newRow("include") << "a\n\n{% include 'x' %}" << true << "line 3: the tag {% include %}";
    QTest::newRow("filter") << "a\n{{ 'a'|wordwrap }}" << true << "line 2: the filter wordwrap";
    QTest::newRow("test") << "{{ 1 is prime }}" << true << "line 1: the test prime";
    QTest::newRow("method") << "{{ 'a'.encode() }}" << true << "line 1: the method encode of a string";
    QTest::newRow("formatting") << "{{ '%s' % 1 }}" << true << "line 1: formatting with %";
    QTest::newRow("recursion") << "{% for x in [] recursive %}{% endfor %}" << true << "line 1: recursive loops";
    QTest::newRow("list printed") << "{{ [1] }}" << true << "prints a list";
    QTest::newRow("open string") << "\n{{ 'a }}" << false << "line 2: a string that does not end";
    QTest::newRow("open tag") << "{% if x" << false << "line 1: a tag that does not end";
    QTest::newRow("open comment") << "{# x" << false << "line 1: a comment that does not end";
    QTest::newRow("missing end") << "\n{% for x in [] %}" << false << "{% endfor %} is missing";
    QTest::newRow("end alone") << "\n{% endif %}" << false << "line 2: \"endif\" without its beginning";
    QTest::newRow("no value") << "{{ 1 + }}" << false << "line 1: a value expected";
    QTest::newRow("strange character") << "{{ a ? b }}" << false << "line 1: the character '?'";
    QTest::newRow("two values") << "{{ a b }}" << false << "line 1: unexpected \"b\"";
}

void TestChatTemplate::whatIsNotSupportedIsNamedWithItsLine()
{
    QFETCH(QString, text);
    QFETCH(bool, wellFormed);
    QFETCH(QString, part);
    const std::string failure =
        failureOf(text.toStdString(), wellFormed ? core::ErrorKind::Unsupported : core::ErrorKind::Corrupt);
    QVERIFY2(failure.find(part.toStdString()) != std::string::npos, failure.c_str());
}

void TestChatTemplate::hostileTemplatesEndWithAnError_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("endless loops")
        << "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}";
    QTest::newRow("huge range") << "{% for a in range(9000000000000000000) %}{% endfor %}";
    QTest::newRow("doubling text")
        << "{% set n = namespace(s='ab') %}{% for a in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}";
    QTest::newRow("doubling list")
        << "{% set n = namespace(s=[1]) %}{% for a in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}";
    QTest::newRow("nested doubling")
        << "{% set n = namespace(s=[1]) %}{% for a in range(60) %}{% set n.s = [n.s, n.s] %}{% endfor %}"
           "{{ n.s == n.s }}";
    QTest::newRow("repetition") << "{{ 'abc' * 99999999999 }}";
    QTest::newRow("much output") << "{% for a in range(99999) %}{{ 'abcdefghij' * 1000 }}{% endfor %}";
    QTest::newRow("macro calls itself") << "{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}";
    QTest::newRow("holds itself") << "{% set n = namespace() %}{% set n.a = n %}{{ n|tojson }}";
    QTest::newRow("many brackets") << "{{ " + QString(900, '(') + "1" + QString(900, ')') + " }}";
    QTest::newRow("long sum") << "{{ 1" + QString("+1").repeated(100000) + " }}";
    QTest::newRow("deep ifs") << QString("{% if 1 %}").repeated(50000);
    QTest::newRow("many elifs") << "{% if 0 %}" + QString("{% elif 0 %}").repeated(50000) + "{% endif %}";
    QTest::newRow("too long") << QString(2 << 20, 'x');
}

void TestChatTemplate::hostileTemplatesEndWithAnError()
{
    QFETCH(QString, text);
    const std::string failure = failureOf(text.toStdString(), core::ErrorKind::Unsupported);
    QVERIFY2(failure.find("chat template") != std::string::npos && !failure.starts_with("another kind"),
             failure.c_str());
}

QTEST_GUILESS_MAIN(TestChatTemplate)
#include "tst_chat_template.moc"
