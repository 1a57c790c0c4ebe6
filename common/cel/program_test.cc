#include "common/cel/program.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "common/cel/evaluation_testing.h"
#include "common/value/json_writer.h"

namespace openchoreo::cel {
namespace {

struct Case {
  const char* expression;
  const char* want;
};

constexpr const char* kVars =
    R"({"m": {"a": 1, "b": {"c": "x"}, "n": null, "l": [1, 2]}, "s": "text", "d": 2.5, "list": [3, 1, 2]})";

void ExpectAll(std::span<const Case> cases, Macros macros = Macros::kNone) {
  for (const Case& c : cases)
    EXPECT_EQ(EvaluateToText(c.expression, kVars, macros), c.want) << c.expression;
}

TEST(ProgramTest, SelectsAndIndexes) {
  constexpr Case kCases[] = {
      {"m.a", "1"},
      {"m['b'].c", "\"x\""},
      {"m.b", "{\"c\": \"x\"}"},
      {"m.missing", "error: no such key: missing"},
      {"s.missing", "error: no such key: missing"},
      {"list[1]", "1"},
      {"list[1.0]", "1"},
      {"list[9]", "error: index out of bounds: 9"},
      {"list[1.5]", "error: unsupported index value 1.5 in list"},
      {"list.name", "error: unsupported index type 'string' in list"},
      {"{1: 'a'}[dyn(1.0)]", "\"a\""},
      {"{1: 'a', 1u: 'b'}[dyn(1u)]", "\"b\""},
      {"has(m.a) && !has(m.z) && has(m.n)", "true"},
      {"has(m.z.y)", "error: no such key: z"},
      {"has(s.z)", "false"},
      {"m.`a`", "1"},
      {"(true ? m : m).b.c", "\"x\""},
  };
  ExpectAll(kCases);
}

TEST(ProgramTest, OptionalSelection) {
  constexpr Case kCases[] = {
      {"m.?b.c", "optional.of(\"x\")"},
      {"m.?z.c", "optional.none()"},
      {"m.?b.z.y", "optional.none()"},
      {"m[?'a'].orValue(5)", "1"},
      {"list[?7].orValue(5)", "5"},
      {"m.?b.c.optMap(c, c + '!')", "optional.of(\"x!\")"},
      {"m.?z.optMap(c, c + '!').hasValue()", "false"},
      {"m.?z.or(optional.of(1)).value()", "1"},
      {"optional.none().value()", "error: optional.none() dereference"},
      {"[?m.?a, ?m.?z, 7]", "[1, 7]"},
      {"{?'a': m.?a, ?'z': m.?z}", "{\"a\": 1}"},
      {"{'b': optional.of({'c': 1})}.b.c", "error: no such key: c"},
  };
  ExpectAll(kCases);
}

TEST(ProgramTest, LogicAbsorbsErrors) {
  constexpr Case kCases[] = {
      {"m.z || true", "true"},
      {"true || m.z", "true"},
      {"m.z && false", "false"},
      {"m.z && true", "error: no such key: z"},
      {"m.z && m.y", "error: no such key: z"},
      {"m.s || true", "true"},
      {"dyn('x') || true", "true"},
      {"dyn('x') || false", "error: no such overload"},
      {"dyn(1) ? 2 : 3", "error: no such overload"},
      {"true ? 1 : 1 / 0", "1"},
      {"[1, 0].all(x, 1 / x > 5)", "false"},
      {"[0, 1].exists(x, 1 / x == 1)", "true"},
      {"[0, 1].exists_one(x, 1 / x == 1)", "error: division by zero"},
      {"[1, 2, 0].map(x, x < 2, 1 / (x - 1))", "error: division by zero"},
  };
  ExpectAll(kCases);
}

TEST(ProgramTest, Arithmetic) {
  constexpr Case kCases[] = {
      {"9223372036854775807 + 1", "error: integer overflow"},
      {"-9223372036854775808 / -1", "error: integer overflow"},
      {"0u - 1u", "error: unsigned integer overflow"},
      {"7 / -2", "-3"},
      {"7 % -2", "1"},
      {"1 % 0", "error: modulus by zero"},
      {"1.0 / 0.0", "+Inf"},
      {"d + 1", "error: no such overload"},
      {"m + m", "error: no such overload: _+_"},
      {"s - 1", "error: no such overload"},
      {"dyn(1) < 1.5", "true"},
      {"dyn(1) == 1.0 && dyn(1u) == 1", "true"},
      {"dyn(9007199254740993) == 9007199254740992.0", "true"},
      {"dyn(null) < 1", "error: no such overload: _<_"},
      {"1 == 1.0",
       "compile: ERROR: <input>:1:3: found no matching overload for '_==_' applied to '(int, "
       "double)'"},
      // Upstream's checker is less strict once it has seen a comprehension.
      {"[1].map(x, x < 1.5)", "[true]"},
  };
  ExpectAll(kCases);
}

TEST(ProgramTest, Comprehensions) {
  constexpr Case kCases[] = {
      {"list.map(x, x * 2)", "[6, 2, 4]"},
      {"list.filter(x, x > 1)", "[3, 2]"},
      {"list.map(x, x > 1, x * 2)", "[6, 4]"},
      {"m.map(k, k)", "[\"a\", \"b\", \"l\", \"n\"]"},
      {"m.transformList(k, v, k + string(type(v) == map))",
       "[\"afalse\", \"btrue\", \"lfalse\", \"nfalse\"]"},
      {"list.transformMap(i, v, i > 0, v)", "{1: 1, 2: 2}"},
      {"list.transformMapEntry(i, v, {string(v): i})", "{\"1\": 1, \"2\": 2, \"3\": 0}"},
      {"list.transformMapEntry(i, v, {'k': v})", "error: insert failed: key k already exists"},
      {"list.sortBy(x, -x)", "[3, 2, 1]"},
      {"list.map(x, list.filter(y, y < x).size())", "[2, 0, 1]"},
      {"dyn(5).map(x, x)", "error: got 'types.Int', expected iterable type"},
      {"lists.range(20).transformMapEntry(i, v, {i: v})[17]", "17"},
      {"list.map(__result__, 1)",
       "compile: ERROR: <input>:1:10: iteration variable overwrites accumulator variable"},
  };
  ExpectAll(kCases);
}

TEST(ProgramTest, ContextMacros) {
  const char* vars =
      R"({"derived": {"configVolumes": [1], "endpointResources": {"http": 2}}, "configurations": {}, "workload": {}})";
  EXPECT_EQ(EvaluateToText("configurations.toVolumes()", vars, Macros::kComponentV1), "[1]");
  EXPECT_EQ(EvaluateToText("(configurations).toVolumes()", vars, Macros::kComponentV1), "[1]");
  EXPECT_EQ(
      EvaluateToText("workload.toEndpointResources('http').orValue(0)", vars, Macros::kComponentV1),
      "2");
  EXPECT_EQ(EvaluateToText("workload.toVolumes()", vars, Macros::kComponentV1),
            "compile: ERROR: <input>:1:19: undeclared reference to 'toVolumes' (in container '')");
  EXPECT_EQ(EvaluateToText("configurations.toVolumes()", vars),
            "compile: ERROR: <input>:1:25: undeclared reference to 'toVolumes' (in container '')");
}

TEST(ProgramTest, ConfigurationsOfV012) {
  const char* vars =
      R"({"metadata": {"componentName": "app", "environmentName": "dev"}, "configurations": {
      "main": {"configs": {"envs": [{"name": "A"}], "files": [{"name": "f.yaml", "mountPath": "/etc", "value": "v"}]}},
      "side": {"secrets": {"envs": [{"name": "B"}], "files": [{"name": "k", "mountPath": "/s", "remoteRef": {"key": "x"}}]}}}})";
  const auto evaluate = [&](const char* expression) {
    return EvaluateToText(expression, vars, Macros::kComponentV012);
  };
  EXPECT_EQ(evaluate("configurations.toConfigFileList().map(f, f.name + f.mountPath + f.value)"),
            "[\"f.yaml/etcv\"]");
  EXPECT_EQ(evaluate("configurations.toSecretFileList()[0].remoteRef.key"), "\"x\"");
  EXPECT_EQ(evaluate("configurations.toContainerEnvFrom('main')[0].configMapRef.name.startsWith('"
                     "app-dev-main-env-configs-')"),
            "true");
  EXPECT_EQ(evaluate("configurations.toContainerVolumeMounts('side')[0].mountPath"), "\"/s/k\"");
  EXPECT_EQ(evaluate("configurations.toVolumes().size()"), "2");
  EXPECT_EQ(evaluate("configurations.toConfigEnvsByContainer()[0].container"), "\"main\"");
  EXPECT_EQ(evaluate("configurations.toSecretEnvsByContainer()[0].container"), "\"side\"");
  EXPECT_EQ(evaluate("configurations.toContainerVolumeMounts('none')"),
            "error: toContainerVolumeMounts: container 'none' not found in configurations");
}

TEST(ProgramTest, FunctionsOfV012AreItsAlone) {
  const char* call = "configurationsToVolumes({}, 'p')";
  EXPECT_EQ(EvaluateToText(call, "{}", Macros::kComponentV012), "[]");
  EXPECT_EQ(EvaluateToText(call, "{}", Macros::kComponentV1),
            "compile: ERROR: <input>:1:24: undeclared reference to 'configurationsToVolumes' (in "
            "container '')");
}

TEST(ProgramTest, MarksWhatCelMade) {
  base::Arena arena;
  const value::Value item = value::Value::Int(1);
  const std::vector<value::Value> slots = {value::Value::List({&item, 1})};
  const Environment environment({"x"});
  const auto flags = [&](const char* expression) {
    const auto program = Compile(expression, environment);
    return (*program)->Evaluate(slots, arena, {})->flags();
  };
  EXPECT_EQ(flags("x"), 0);
  EXPECT_EQ(flags("[] + x"), 0);
  EXPECT_EQ(flags("[x]"), value::Value::kFromCel);
  EXPECT_EQ(flags("x.map(y, y)"), value::Value::kFromCel);
  EXPECT_EQ(flags("x + [2]"), value::Value::kFromCel | value::Value::kConcatenated);
  EXPECT_EQ(flags("'a,b'.split(',')"), value::Value::kFromCel | value::Value::kGoStrings);
  EXPECT_EQ(flags("{1: 2}"), value::Value::kFromCel | value::Value::kMixedKeys);
}

TEST(ProgramTest, LimitsEndAnEvaluation) {
  const Environment environment({"l"});
  base::Arena arena;
  std::vector<value::Value> items(1000, value::Value::Int(1));
  const std::vector<value::Value> slots = {value::Value::List(items)};
  base::RenderLimits limits;
  limits.max_cel_steps = 100'000;
  limits.max_cel_bytes = 1 << 20;
  const auto error = [&](const char* expression) {
    const auto program = Compile(expression, environment);
    if (!program) return program.error().message;
    const auto result = (*program)->Evaluate(slots, arena, limits);
    if (result) return std::string("no error");
    EXPECT_EQ(result.error().code, base::ErrorCode::kLimit);
    return result.error().message;
  };
  const char* kSteps = "expression takes too many steps: more than 100000 (max_cel_steps)";
  const char* kMemory = "expression takes too much memory: more than 1048576 bytes (max_cel_bytes)";
  EXPECT_EQ(error("l.all(a, l.all(b, l.all(c, true)))"), kSteps);
  EXPECT_EQ(error("l.all(a, l.all(b, l.all(c, true))) || true"), kSteps);
  EXPECT_EQ(error("l.map(a, l).size() + l.map(a, l.map(b, l)).size()"), kSteps);
  EXPECT_EQ(error("lists.range(1000000)"), kSteps);
  EXPECT_EQ(error("l.map(a, lists.range(a + 99)).size() == 1"), kMemory);
  limits.max_cel_steps = 100'000'000;
  EXPECT_EQ(error("lists.range(1000000)"), kMemory);
  // Errors that || absorbs take memory too, and so does text in the making.
  EXPECT_EQ(error("l.all(a, l.all(b, b.missing_field_with_a_long_name || true))"), kMemory);
  EXPECT_EQ(error("json.encode(l.map(a, l)).size()"), kMemory);
  EXPECT_EQ(error("'%s'.format([l.map(a, l)]).size()"), kMemory);
  EXPECT_EQ(error("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'.replace('', "
                  "'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb')"
                  ".replace('', 'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccc')"
                  ".replace('', 'dddddddddddddddddddddddddddddddddddddddddddd').size()"),
            kMemory);
}

TEST(ProgramTest, ErrorsInsideAreComputedOnce) {
  // Each level that looked at its failing operand again would double the time.
  std::string text = "x";
  for (int i = 0; i < 60; ++i) text = "dyn(" + text + ").missing";
  EXPECT_EQ(EvaluateToText(text, R"({"x": {}})"), "error: no such key: missing");
}

TEST(ProgramTest, UnboundVariable) {
  base::Arena arena;
  const auto program = Compile("x || true", Environment({"x"}));
  const std::vector<value::Value> slots = {value::Value::Error(nullptr)};
  EXPECT_TRUE((*program)->Evaluate(slots, arena, {})->as_bool());
  const auto alone = Compile("x", Environment({"x"}));
  EXPECT_EQ((*alone)->Evaluate(slots, arena, {}).error().message, "no such attribute(s): x");
}

TEST(ProgramTest, OutlivesItsText) {
  std::shared_ptr<const Program> program;
  {
    std::string text = "{'key': 'a' + 'b', 're': 'xyz'.matches('^x'), 'r': x.field}";
    program = *Compile(text, Environment({"x"}));
    std::fill(text.begin(), text.end(), '#');
  }
  base::Arena arena;
  const std::vector<value::Value> slots = {value::Value::Null()};
  EXPECT_EQ(program->Evaluate(slots, arena, {}).error().message, "no such key: field");
}

// Whatever keeps something between evaluations: patterns, automata, zones, tables made on first
// use.
TEST(ProgramTest, EightThreadsSharePrograms) {
  constexpr const char* kExpressions[] = {
      "l.filter(x, x % 2 == 0).map(x, string(x) + 'é'.upperAscii()).join(',').matches('[0-9]+é,')",
      "timestamp('2024-01-02T03:04:05Z').getHours('Asia/Tokyo') == 12",
      "timestamp('2024-06-02T03:04:05Z').getHours('Europe/London') == 4",
      "oc_hash('a').size() == 8 && oc_dns_label('Größe', 'x').startsWith('größe-x')",
      "'a1'.matches('(?i)^[A-Z]' + '\\\\d$')",
      "dyn([3, 1, 2]).sort() == [1, 2, 3] && [1, 1].distinct().size() == 1",
      "json.encode({'a': l.slice(0, 2)}) == '{\"a\":[0,1]}'",
      "'%s %.2f %x'.format([{'k': 1}, 2.5, 255]) == '{k: 1} 2.50 ff'",
      "l.transformMap(i, x, x * 2).exists(k, v, k == 99 && v == 198)",
      "{'a': 1}.?b.optMap(v, v + 1).orValue(3) == 3",
      "!(timestamp('\u2028') == timestamp(0)) || true",
      "strings.quote('a\u2028') != ''",
  };
  const Environment environment({"l"});
  std::vector<std::shared_ptr<const Program>> programs;
  for (const char* expression : kExpressions) {
    const auto program = Compile(expression, environment);
    ASSERT_TRUE(program) << expression << "\n" << program.error().message;
    programs.push_back(*program);
  }
  std::vector<value::Value> items;
  for (int i = 0; i < 100; ++i) items.push_back(value::Value::Int(i));
  const std::vector<value::Value> slots = {value::Value::List(items)};
  constexpr int kRounds = 50;
  std::vector<std::thread> threads;
  std::vector<std::vector<int>> right(8, std::vector<int>(programs.size()));
  for (std::vector<int>& counts : right) {
    threads.emplace_back([&] {
      base::Arena arena;
      for (int round = 0; round < kRounds; ++round) {
        for (std::size_t i = 0; i < programs.size(); ++i) {
          arena.Reset();
          const auto result = programs[i]->Evaluate(slots, arena, {});
          counts[i] += result && result->is_bool() && result->as_bool() ? 1 : 0;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::vector<int>& counts : right) {
    for (std::size_t i = 0; i < counts.size(); ++i)
      EXPECT_EQ(counts[i], kRounds) << kExpressions[i];
  }
}

}  // namespace
}  // namespace openchoreo::cel
