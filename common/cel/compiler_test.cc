#include "common/cel/compiler.h"

#include <gtest/gtest.h>

#include "common/value/map_builder.h"

namespace openchoreo::cel {
namespace {

std::string TypeOrError(std::string_view text, std::span<const TypedVariable> typed = {}) {
  std::vector<std::string> names = {"x", "y", "d"};
  for (const TypedVariable& variable : typed) names.push_back(variable.name);
  const auto compiled = CompileWith(text, Environment(std::move(names)), {typed, true});
  return compiled ? compiled->type : compiled.error().message;
}

TEST(CompilerTest, DeducesTypes) {
  struct Case {
    const char* text;
    const char* type;
  };

  constexpr Case kCases[] = {
      {"[]", "list(dyn)"},
      {"[1, 2u]", "list(dyn)"},
      {"[[], [1]]", "list(list(int))"},
      {"{}", "map(dyn, dyn)"},
      {"{'a': [1]}.a", "list(int)"},
      {"x.a", "dyn"},
      {"[1].map(i, string(i))", "list(string)"},
      {"optional.of(1)", "optional_type(int)"},
      {"{'a': 1}.?a", "optional_type(int)"},
      {"[1][?0].orValue(2)", "int"},
      {"true ? x : 1", "dyn"},
      {"type(1)", "type(int)"},
      {"null", "null_type"},
      {"timestamp(0)", "google.protobuf.Timestamp"},
      {"[1, 2].transformMap(i, v, [v])", "map(int, list(int))"},
      {"google.protobuf.Int32Value{value: 1}", "wrapper(int)"},
  };
  for (const Case& c : kCases) EXPECT_EQ(TypeOrError(c.text), c.type) << c.text;
}

TEST(CompilerTest, DeclaredTypes) {
  base::Arena arena;
  const TypedVariable typed[] = {{"m", ParseTypeText(arena, "map(string, list(int))")},
                                 {"w", ParseTypeText(arena, "wrapper(int)")}};
  EXPECT_EQ(TypeOrError("m.a[0] + 1", typed), "int");
  EXPECT_EQ(TypeOrError("w == null", typed), "bool");
  EXPECT_EQ(TypeOrError("m + 1", typed),
            "ERROR: <input>:1:3: found no matching overload for '_+_' applied to '(map(string, "
            "list(int)), int)'\n"
            " | m + 1\n"
            " | ..^");
}

TEST(CompilerTest, ReportsAllErrorsInSourceOrder) {
  EXPECT_EQ(TypeOrError("a.b &&\n\tnope(c)"),
            "ERROR: <input>:1:1: undeclared reference to 'a' (in container '')\n"
            " | a.b &&\n"
            " | ^\n"
            "ERROR: <input>:2:6: undeclared reference to 'nope' (in container '')\n"
            " |  nope(c)\n"
            " | .....^\n"
            "ERROR: <input>:2:7: undeclared reference to 'c' (in container '')\n"
            " |  nope(c)\n"
            " | ......^");
}

TEST(CompilerTest, WideCharactersGetWideMarks) {
  EXPECT_EQ(TypeOrError("'é' + q"),
            "ERROR: <input>:1:7: undeclared reference to 'q' (in container '')\n"
            " | 'é' + q\n"
            " | .．....^");
}

TEST(CompilerTest, ErrorsCarryTheirPlace) {
  const auto program = Compile("1 + missing", Environment({}));
  ASSERT_FALSE(program);
  EXPECT_EQ(program.error().code, base::ErrorCode::kCelCompile);
  EXPECT_EQ(program.error().place.text_begin, 4u);
  EXPECT_EQ(program.error().place.text_end, 11u);
}

TEST(CompilerTest, SyntaxErrors) {
  constexpr const char* kBroken[] = {
      "",
      "1 +",
      "(1",
      "[1,,]",
      "{'a' 1}",
      "a b",
      "'unclosed",
      "'\\q'",
      "1.",
      "a.true",
      "a..b",
      "x = 1",
      "!-1",
      "-!true",
      "f(1,)",
      "has(1)",
      "'\\u{1}'",
      "b'\\u00e9'",
      "99999999999999999999",
      "0x",
      "as",
      "a.`a#b`",
      "`a`",
      "1 ? 2",
      "[?]",
      "'a\nb'",
      "@x",
      "\"\"\"x\"",
  };
  for (const char* text : kBroken) {
    const auto compiled = CompileWith(text, Environment({"a", "x"}), {});
    ASSERT_FALSE(compiled) << text;
    EXPECT_EQ(compiled.error().code, base::ErrorCode::kCelCompile) << text;
  }
}

TEST(CompilerTest, Accepts) {
  constexpr const char* kFine[] = {
      "[,]",          "{,}",           "[1,]",      "- 1",   "--x",
      "!!true",       "x.`in`",        "x.`b-c`",   ".x",    "1u",
      "0xFFu",        ".5e1",          "'''a'b'''", "r'\\'", "bR'\\x'",
      "b'é'",         "// comment\nx", "x\t?y:d",   "x.if",  "x in [1]",
      "{?'a': x.?b}", "'\\U0001F600'",
  };
  for (const char* text : kFine)
    EXPECT_EQ(TypeOrError(text).find("ERROR"), std::string::npos) << TypeOrError(text);
}

std::string Repeat(std::string_view piece, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += piece;
  return out;
}

TEST(CompilerTest, NestingIsBounded) {
  const auto fails = [](const std::string& text, const char* message) {
    const std::string error = TypeOrError(text);
    EXPECT_NE(error.find(message), std::string::npos)
        << text.substr(0, 40) << ": " << error.substr(0, 200);
  };
  const char* kRecursion = "recursion";
  fails(Repeat("(", 90000) + "1", kRecursion);
  fails(Repeat("[", 5000) + Repeat("]", 5000), kRecursion);
  fails("x" + Repeat(".a", 1000), kRecursion);
  fails("1" + Repeat("+1", 1000), kRecursion);
  fails("x" + Repeat("[0]", 1000), kRecursion);
  fails(Repeat("true ? 1 : ", 1000) + "1", kRecursion);
  fails("'" + Repeat("a", 100001) + "'", "size exceeds limit");
  // Every optMap copies its target: the copies are counted.
  fails("optional.of(1)" + Repeat(".optMap(a, a)", 40), "exceeds limit of 100000");
  EXPECT_EQ(TypeOrError(Repeat("(", 100) + "1" + Repeat(")", 100)), "int");
  EXPECT_EQ(TypeOrError("true" + Repeat(" && true", 5000)), "bool");
  EXPECT_EQ(TypeOrError(Repeat("!", 50000) + "true"), "bool");
}

// The limits fall where cel-go's do: the parser's counts only what is nested, the visitor's a
// chain's links too.
TEST(CompilerTest, NestingLimitsAreUpstreams) {
  const char* kParser = "ERROR: <input>:-1:0: expression recursion limit exceeded: 250";
  const char* kVisitor = "ERROR: <input>:-1:0: max recursion depth exceeded";
  EXPECT_EQ(TypeOrError("x" + Repeat(".a", 250)), "dyn");
  EXPECT_EQ(TypeOrError("x" + Repeat(".a", 251)), kVisitor);
  EXPECT_EQ(TypeOrError("1" + Repeat("*1", 250)), "int");
  EXPECT_EQ(TypeOrError("1" + Repeat("*1", 251)), kVisitor);
  EXPECT_EQ(TypeOrError(Repeat("1+1*(", 82) + "1" + Repeat(")", 82)), "int");
  EXPECT_EQ(TypeOrError(Repeat("1+1*(", 84) + "1" + Repeat(")", 84)), kParser);
  EXPECT_EQ(TypeOrError(Repeat("(", 249) + "1" + Repeat(")", 249)), "int");
  EXPECT_EQ(TypeOrError(Repeat("(", 250) + "1" + Repeat(")", 250)), kParser);
}

// Errors of the text come with those of its meaning, at upstream's places.
TEST(CompilerTest, PlacesOfSyntaxErrors) {
  struct Case {
    const char* text;
    std::vector<const char*> errors;
  };

  const Case kCases[] = {
      {"", {"1:0: Syntax error: mismatched input '<EOF>'"}},
      {"x y ;",
       {"1:3: Syntax error: mismatched input 'y'",
        "1:5: Syntax error: token recognition error at: ';'"}},
      {"\"\"\"x", {"1:3: Syntax error: token recognition error at: '\"x'"}},
      {"b\"\\q\"", {"1:2: Syntax error: token recognition error at: '\"\\q'"}},
      {"'\\x4", {"1:1: Syntax error: token recognition error at: ''\\x4'"}},
      {"has(1) )", {"1:5: invalid argument to has() macro", "1:8: Syntax error"}},
      {".var", {"1:1: reserved identifier: var"}},
      {"for(x", {"1:1: reserved identifier: for", "1:6: Syntax error"}},
      {"math.least(b\"\\uffff\")", {"1:12: unable to unescape string", "1:12: math.least()"}},
      {"[1].existsOne(d, true)", {"1:14: undeclared reference to 'existsOne'"}},
      {"for(b'\\uffff')", {"1:1: reserved identifier: for"}},
      {"[1].transformList(i, i, 1).sortBy(x, x)",
       {"1:22: duplicate variable name: i", "1:22: sortBy can only be applied to"}},
  };
  for (const Case& c : kCases) {
    const std::string error = TypeOrError(c.text);
    std::size_t at = 0;
    for (const char* part : c.errors) {
      at = error.find(std::string("ERROR: <input>:") + part, at);
      EXPECT_NE(at, std::string::npos) << c.text << "\n" << error;
    }
  }
}

std::string Explained(std::string_view text) {
  base::Arena arena;
  value::MapBuilder map(arena);
  map.Add("replicas", value::Value::Double(2));
  const value::Value slots[] = {map.Build()};
  const auto tree = Explain(text, Environment({"params"}), slots, {});
  return tree ? *tree : tree.error().message;
}

TEST(CompilerTest, ExplainShowsTypesAndValues) {
  EXPECT_EQ(Explained("[1, 5, 2].exists(i, i == 2) &&\n  has(params.b)"),
            "[1, 5, 2].exists(i, i == 2) && has(params.b) : bool = false\n"
            "  [1, 5, 2].exists(i, i == 2) : bool = true\n"
            "    [1, 5, 2] : list(int) = [1,5,2]\n"
            "    i == 2 : bool = false | false | true\n"
            "      i : int = 1 | 5 | 2\n"
            "  has(params.b) : bool = false\n"
            "    params : dyn (map) = {\"replicas\":2}\n");
}

// What a ComponentType's author runs into: numbers that are doubles, fields that are not there.
TEST(CompilerTest, ExplainShowsWhereItWentWrong) {
  EXPECT_EQ(Explained("(params.replicas + 1)"),
            "(params.replicas + 1) : int = error: no such overload\n"
            "  params.replicas : dyn (double) = 2\n");
  EXPECT_EQ(Explained("params.replica > 1"),
            "params.replica > 1 : bool = error: no such key: replica\n"
            "  params.replica : dyn = error: no such key: replica\n"
            "    params : dyn (map) = {\"replicas\":2}\n");
  EXPECT_EQ(
      Explained("true ? lists.range(9).map(x, x * 2) : params.x"),
      "true ? lists.range(9).map(x, x * 2) : params.x : dyn (list) = [0,2,4,6,8,10,12,14,16]\n"
      "  lists.range(9).map(x, x * 2) : list(int) = [0,2,4,6,8,10,12,14,16]\n"
      "    lists.range(9) : list(int) = [0,1,2,3,4,5,6,7,8]\n"
      "    x * 2 : int = 0 | 2 | 4 | 6 | … | 16  (9 times)\n"
      "      x : int = 0 | 1 | 2 | 3 | … | 8  (9 times)\n"
      "  params.x : dyn  (not evaluated)\n");
}

TEST(CompilerTest, TypesInsideTypesEnd) {
  // Each step doubles the type's parts; beyond a size it is dyn.
  for (const char* step : {"{@: @}", "[@, @]", "{'a': @, 'b': [@]}", "optional.of({@: @})"}) {
    std::string text = "[1]";
    for (int i = 0; i < 60; ++i) {
      const std::string name = "x" + std::to_string(i);
      std::string body = step;
      for (std::size_t at; (at = body.find('@')) != std::string::npos;) body.replace(at, 1, name);
      text.append(".map(").append(name).append(", ").append(body).append(")");
    }
    EXPECT_TRUE(Compile(text + ".size() == 1", Environment(std::vector<std::string>{}))) << step;
    EXPECT_TRUE(Compile(text + " == " + text, Environment(std::vector<std::string>{}))) << step;
  }
}

}  // namespace
}  // namespace openchoreo::cel
