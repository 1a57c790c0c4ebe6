#include <gtest/gtest.h>

#include <string>

#include "common/template/cel_result.h"
#include "common/template/compiled_template.h"
#include "common/template/control_flow.h"
#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/map_builder.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::tmpl {
namespace {

using value::Value;

// Variables from a JSON object, as every context comes: numbers are doubles.
struct Scope {
  explicit Scope(std::string_view json, const base::RenderLimits& limits = {})
      : budget(limits), arena(budget), environment({}) {
    const Value vars = value::NumbersAsDoubles(arena, *value::ReadJson(json, arena));
    std::vector<std::string> names;
    for (const value::MapEntry& entry : vars.as_map()) {
      names.emplace_back(entry.key.as_string());
      slots.push_back(entry.value);
    }
    environment = cel::Environment(names);
  }

  std::shared_ptr<const CompiledTemplate> Compile(std::string_view json) {
    return templates.emplace_back(tmpl::Compile(*value::ReadJson(json, arena), environment));
  }

  base::Budget budget;
  base::Arena arena;
  cel::Environment environment;
  std::vector<Value> slots;
  std::vector<std::shared_ptr<const CompiledTemplate>> templates;  // what they render points there
};

std::string Rendered(std::string_view vars, std::string_view source,
                     const base::RenderLimits& limits = {}) {
  Scope scope(vars, limits);
  const auto result = scope.Compile(source)->Render(scope.slots, scope.arena, limits);
  if (!result) return result.error().message;
  return result->is_omit() ? "(omitted)" : value::ToJson(*result);
}

TEST(TemplateTest, Renders) {
  const struct {
    const char* name;
    const char* vars;
    const char* source;
    const char* want;
  } cases[] = {
      {"constants", "{}", R"({"a":[1,null,true,"x"]})", R"({"a":[1,null,true,"x"]})"},
      {"a whole string keeps the type", R"({"n":3})", R"({"a":" ${n} "})", R"({"a":3})"},
      {"text", R"({"n":1000000,"s":"x","b":true})", R"(["${n}-${s}-${b}-${1}"])",
       R"(["1e+06-x-true-1"])"},
      {"containers in text", R"({"m":{"b":"<","a":[1]}})", R"("v=${m}")",
       R"("v={\"a\":[1],\"b\":\"\\u003c\"}")"},
      {"dynamic keys", R"({"k":"b"})", R"({"${k}":1,"a":2,"x-${k}":3})",
       R"({"a":2,"b":1,"x-b":3})"},
      {"keys must be strings", R"({"n":5})", R"({"${n}":1})",
       "dynamic map key '${n}' must evaluate to a string, got float64: 5"},
      {"omitted fields and items", "{}",
       R"({"a":"${oc_omit()}","b":["${oc_omit()}",1],"c":{"d":"${oc_omit()}"}})",
       R"({"b":[1],"c":{}})"},
      {"omitted whole", "{}", R"("${oc_omit()}")", "(omitted)"},
      {"omitted in literals and joined lists", "{}",
       R"(["${ {'a': oc_omit(), 'b': [oc_omit(), 2]} }","${[oc_omit()] + [1]}"])",
       R"([{"b":[2]},[1]])"},
      {"omitted in text", "{}", R"("x${oc_omit()}")", R"("x{}")"},
      {"a null from an expression is 0", R"({"z":null,"l":["a",null]})",
       R"(["${z}","v${null}","${[null]}","${l}","${l.map(x, x)}",null])",
       R"([0,"v0",[0],["a",null],["a",0],null])"},
      {"optionals", R"({"m":{"a":1}})", R"(["${m.?a}","${m.?b}","${optional.of('x')}"])",
       R"([1,null,"x"])"},
      {"keys that are no strings", "{}", R"("${ {2: 'b', true: 'c', 'k': 'd'} }")",
       R"({"2":"b","k":"d","true":"c"})"},
      {"replaces the first place that looks alike", R"({"x":"${y}","y":"Y"})", R"("${x} ${y}")",
       R"("Y ${y}")"},
      {"also across borders", R"({"a":"$","b":"B"})", R"("${a}{b} ${b}")", R"("B ${b}")"},
      {"literal dollars", R"({"a":"A"})", R"("$${a} $ {a} ${")", R"("$A $ {a} ${")"},
      {"missing variables fail when reached", "{}", R"({"a":"${nope}"})",
       "CEL compilation error in expression 'nope': "},
      {"evaluation errors", R"({"m":{}})", R"({"a":"${m.x}"})",
       "CEL evaluation error in expression 'm.x': no such key: x"},
      {"nested expressions", "{}", R"("${a + ${b}}")",
       "nested CEL expressions must be quoted: ${a + ${"},
  };

  for (const auto& c : cases) {
    const std::string got = Rendered(c.vars, c.source);
    if (std::string_view(c.want).starts_with("CEL compilation")) {
      EXPECT_TRUE(std::string_view(got).starts_with(c.want)) << c.name << ": " << got;
    } else {
      EXPECT_EQ(got, c.want) << c.name;
    }
  }
}

// An empty map as the first thing an arena holds was taken for a lack of memory.
TEST(TemplateTest, EmptyLiteralsNeedNoMemory) {
  Scope scope("{}");
  for (const char* source : {R"("${ {} }")", R"("${[]}")"}) {
    base::Arena fresh;
    EXPECT_TRUE(scope.Compile(source)->Render(scope.slots, fresh, {})) << source;
  }
}

TEST(TemplateTest, ErrorsHavePlaces) {
  Scope scope(R"({"m":{}})");
  const auto result =
      scope.Compile(R"({"a/b":[1,{"c":"x ${m} ${m.y.z}"}]})")->Render(scope.slots, scope.arena, {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, base::ErrorCode::kCelEvaluate);
  EXPECT_EQ(result.error().place.field, "/a~1b/1/c");
  EXPECT_EQ(result.error().place.text_begin, 7u);
  EXPECT_EQ(result.error().place.text_end, 15u);
}

TEST(TemplateTest, SharesConstantParts) {
  Scope scope(R"({"n":1})");
  const auto compiled = scope.Compile(R"({"a":{"b":[1,2]},"c":"${n}"})");
  const Value one = *compiled->Render(scope.slots, scope.arena, {});
  const Value two = *compiled->Render(scope.slots, scope.arena, {});
  EXPECT_EQ(one.Get("a").as_map().data(), two.Get("a").as_map().data());
}

TEST(ControlFlowTest, IncludesAndLoops) {
  Scope scope(R"({"on":true,"n":1,"m":{"b":1,"a":null},"csv":"x,y"})");
  const base::RenderLimits limits;
  const auto include = [&](std::string_view source) -> std::string {
    const auto result =
        EvaluateIncludeWhen(*scope.Compile(source), scope.slots, scope.arena, limits);
    return result ? (*result ? "true" : "false") : result.error().message;
  };
  EXPECT_EQ(include(R"("${on}")"), "true");
  EXPECT_EQ(include(R"("${on}${on}")"), "includeWhen must evaluate to boolean, got string");
  EXPECT_EQ(include(R"("${null}")"),
            "includeWhen must evaluate to boolean, got structpb.NullValue");

  const auto items = [&](std::string_view source) -> std::string {
    const auto rendered = scope.Compile(source)->Render(scope.slots, scope.arena, limits);
    const auto found = IterableItems(*rendered, scope.arena, limits);
    if (!found) return found.error().message;
    return value::ToJson(ToCelInput(Value::List(*found), scope.arena));
  };
  EXPECT_EQ(items(R"("${m}")"), R"([{"key":"a","value":null},{"key":"b","value":1}])");
  EXPECT_EQ(items(R"("${[1, null]}")"), "[1,null]");
  EXPECT_EQ(items(R"("${n}")"), "forEach must evaluate to array or map, got float64");
  EXPECT_EQ(items(R"("${csv.split(',')}")"), "forEach must evaluate to array or map, got []string");
  EXPECT_EQ(items(R"("${optional.of([1])}")"),
            "forEach must evaluate to array or map, got []ref.Val");
}

TEST(ControlFlowTest, RulesReportAllFailures) {
  Scope scope(R"({"off":false,"n":1})");
  const std::string long_rule = "${'" + std::string(130, 'x') + "' == ''}";
  const std::string_view texts[] = {"${n == 1}", "${off}", "${n}", "${n.x}", long_rule};
  std::vector<std::shared_ptr<const CompiledTemplate>> compiled;
  std::vector<ValidationRule> rules;
  for (const std::string_view text : texts) {
    compiled.push_back(tmpl::Compile(Value::String(text), scope.environment));
    rules.push_back({compiled.back().get(), text, "message"});
  }
  const auto result = EvaluateValidationRules(rules, scope.slots, scope.arena, {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message,
            "rule[1] \"${off}\" evaluated to false: message; rule[2] \"${n}\" must evaluate to "
            "boolean, got float64; "
            "rule[3] \"${n.x}\" evaluation error: CEL evaluation error in expression 'n.x': no "
            "such key: x; "
            "rule[4] \"${'" +
                std::string(117, 'x') + "...\" evaluated to false: message");
}

TEST(TemplateTest, HostileTemplatesAreBounded) {
  base::RenderLimits limits;
  limits.max_for_each_items = 100;
  limits.max_scalar_bytes = 10'000;
  Scope scope("{}");
  const Value many =
      *scope.Compile(R"("${lists.range(101)}")")->Render(scope.slots, scope.arena, limits);
  EXPECT_EQ(IterableItems(many, scope.arena, limits).error().code, base::ErrorCode::kLimit);

  // Each value is put into the text once; what is put in is not looked at again beyond upstream's
  // quirk.
  std::string growing = "\"";
  for (int i = 0; i < 50; ++i) growing += "${'${x}'}${'" + std::string(300, 'y') + "'}";
  EXPECT_EQ(Rendered("{}", growing + "\"", limits), "text is longer than 10000 bytes");

  limits.max_binding_bytes = 1 << 20;
  std::string wide = "[0";
  for (int i = 0; i < 20000; ++i) wide += R"(,"${'0123456789' + '0123456789' + string(n)}")";
  EXPECT_EQ(Rendered(R"({"n":1})", wide + "]", limits),
            "rendering takes more memory than 1048576 bytes (max_binding_bytes)");

  EXPECT_EQ(Rendered("{}", std::string(90, '[') + "\"${1}\"" + std::string(90, ']')),
            std::string(90, '[') + "1" + std::string(90, ']'));
}

}  // namespace
}  // namespace openchoreo::tmpl
