#include <gtest/gtest.h>

#include "common/schema/schema.h"
#include "common/schema/shorthand_text.h"
#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/map_builder.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::schema {
namespace {

using value::ReadJson;
using value::Value;

struct Made {
  std::string document;
  std::string error;
  std::string place;
};

Made Make(std::string_view fields, std::string_view types = "null") {
  base::Arena arena;
  const auto schema = FromShorthand(*ReadJson(fields, arena), *ReadJson(types, arena));
  if (!schema) return {"", schema.error().message, schema.error().place.field};
  return {value::ToJson((*schema)->resolved()), "", ""};
}

TEST(ShorthandTest, BuildsDocuments) {
  const struct {
    const char* name;
    const char* fields;
    const char* types;
    const char* want;
  } cases[] = {
      {"a field without default is required", R"({"a":"string","b":"integer | default=3"})", "null",
       R"({"properties":{"a":{"type":"string"},"b":{"default":3,"type":"integer"}},"required":["a"],"type":"object"})"},
      {"holders nest", R"({"a":"[]array<map<map[string]number>> | default=[]"})", "null",
       R"({"properties":{"a":{"default":[],"items":{"items":{"additionalProperties":{"additionalProperties":{"type":"number"},"type":"object"},"type":"object"},"type":"array"},"type":"array"}},"type":"object"})"},
      {"custom types", R"({"a":"T","b":"[]U | default=[]"})",
       R"({"T":"string | default=x","U":{"c":"boolean"}})",
       R"({"properties":{"a":{"default":"x","type":"string"},"b":{"default":[],"items":{"properties":{"c":{"type":"boolean"}},"required":["c"],"type":"object"},"type":"array"}},"required":[],"type":"object"})"},
      {"markers", R"({"a":"integer | minimum=1 maximum=5 | enum=1,2 oc:x oc:y=z default=1"})",
       "null",
       R"({"properties":{"a":{"default":1,"enum":[1,2],"maximum":5,"minimum":1,"type":"integer"}},"type":"object"})"},
      {"quotes", R"({"a":"string | default=\"a b\" title='it''s' enum=\"a b\",c"})", "null",
       R"({"properties":{"a":{"default":"a b","enum":["a b","c"],"title":"it's","type":"string"}},"type":"object"})"},
      {"object defaults", R"({"o":{"$default":{"n":"x"},"n":"string"}})", "null",
       R"({"properties":{"o":{"default":{"n":"x"},"properties":{"n":{"type":"string"}},"required":["n"],"type":"object"}},"type":"object"})"},
  };

  for (const auto& c : cases) {
    const Made made = Make(c.fields, c.types);
    std::string want = c.want;
    const std::size_t empty = want.find(R"("required":[],)");
    if (empty != std::string::npos) want.erase(empty, 14);
    EXPECT_EQ(made.document + made.error, want) << c.name;
  }
}

TEST(ShorthandTest, ErrorsNameFieldAndMarker) {
  const std::string prefix = "failed to convert schema to OpenAPI: ";

  const struct {
    const char* fields;
    const char* types;
    const char* want;
    const char* place;
  } cases[] = {
      {R"({"db":{"port":"integer | minimum=x"}})", "null",
       R"(field "db": field "port": invalid minimum "x": strconv.ParseFloat: parsing "x": invalid syntax)",
       "/db/port"},
      {R"({"a":"string | required=true"})", "null",
       R"(field "a": marker "required" is not allowed - use default values to make fields optional)",
       "/a"},
      {R"({"a":"string | minLenght=1"})", "null",
       R"(field "a": unknown constraint marker "minLenght")", "/a"},
      {R"({"a":"string | optional"})", "null",
       R"(field "a": constraint marker "optional" is missing a value (should be in format 'key=value'))",
       "/a"},
      {R"({"a":"Missing"})", "null", R"(field "a": unknown type "Missing")", "/a"},
      {R"({"a":"T"})", R"({"T":{"b":"[]T"}})",
       R"(field "a": field "b": detected cyclic type reference involving "T")", "/a/b"},
      {R"({"a":"map[int]string"})", "null",
       R"(field "a": map key type must be 'string', got "int" in "map[int]string")", "/a"},
      {R"({"a":"integer | default=0 minimum=1"})", "null",
       R"(field "a": invalid default value: default value does not satisfy schema constraints: [ in body should be greater than or equal to 1])",
       "/a"},
      {R"({"a":"number | default=0.5 enum=0,1,3"})", "null",
       R"(field "a": invalid default value: default value does not satisfy schema constraints: [ in body should be one of [0 1 3]])",
       "/a"},
      {R"({"a":5})", "null", R"(field "a": unsupported field definition of type float64)", "/a"},
      {R"({"a":"[]string | default=[1"})", "null",
       R"(field "a": invalid default "[1": unexpected end of JSON input)", "/a"},
      {R"({"o":{"$default":{},"n":"string"}})", "null",
       R"(field "o": invalid $default: default value does not satisfy schema: default value does not satisfy schema constraints: [.n in body is required])",
       "/o"},
  };

  for (const auto& c : cases) {
    const Made made = Make(c.fields, c.types);
    EXPECT_EQ(made.error, prefix + c.want);
    EXPECT_EQ(made.place, c.place) << c.fields;
  }
}

TEST(ShorthandTest, PrunesBeforeItFills) {
  base::Arena arena;
  const auto schema = FromShorthand(
      *ReadJson(
          R"({"a":"integer | default=1","l":"[]T | default=[]","m":"map<string> | default={}"})",
          arena),
      *ReadJson(R"({"T":{"n":"string | default=x"}})", arena));
  const Value values = *ReadJson(R"({"z":1,"l":[{"y":2}],"m":{"k":"v"}})", arena);
  EXPECT_EQ(value::ToJson((*schema)->ApplyDefaults(values, arena)),
            R"({"a":1,"l":[{"n":"x"}],"m":{"k":"v"}})");
  // v0.12 does not check numbers against the range of their type.
  EXPECT_EQ((*schema)->Validate(*ReadJson(R"({"a":1.5,"l":[],"m":{}})", arena), arena.budget()),
            std::vector<std::string>{R"(a must be of type integer: "number")"});
}

TEST(ShorthandTest, PrunesWhatNoSchemaSpeaksOf) {
  base::Arena arena;
  const auto schema = FromShorthand(*ReadJson(R"({"s":"string | format=int32"})", arena), Value());
  const Value values = *ReadJson(R"({"s":["a",{"b":1},[{"c":2}]]})", arena);
  const Value pruned = (*schema)->ApplyDefaults(values, arena);
  EXPECT_EQ(value::ToJson(pruned), R"({"s":["a",{},[{}]]})");
  EXPECT_EQ((*schema)->Validate(pruned, arena.budget()),
            std::vector<std::string>{R"(s must be of type string: "array")"});
}

TEST(ShorthandTest, FormatsGoWithAnyType) {
  base::Arena arena;
  const auto schema = FromShorthand(*ReadJson(R"({"b":"boolean | format=email"})", arena), Value());
  EXPECT_EQ((*schema)->Validate(*ReadJson(R"({"b":"x"})", arena), arena.budget()),
            std::vector<std::string>{R"(b must be of type email: "x")"});
}

TEST(ShorthandTest, HostileTypesAreBounded) {
  std::string types = "{";
  for (int i = 0; i < 40; ++i) {
    const std::string next = "T" + std::to_string(i + 1);
    types += "\"T" + std::to_string(i) + R"(":{"a":")" + next + R"(","b":")" + next + "\"},";
  }
  types += R"("T40":"string"})";
  EXPECT_NE(Make(R"({"a":"T0"})", types).error.find("schema has more than 50000 fields"),
            std::string::npos);
  std::string deep(20000, '[');
  for (std::size_t i = 1; i < deep.size(); i += 2) deep[i] = ']';
  EXPECT_NE(Make(R"({"a":")" + deep + "string\"}").error.find("nested more than 100"),
            std::string::npos);
}

TEST(ShorthandTextTest, Splits) {
  const auto joined = [](const std::vector<std::string_view>& parts) {
    std::string text;
    for (const std::string_view part : parts) text += "<" + std::string(part) + ">";
    return text;
  };
  EXPECT_EQ(joined(Tokens(R"( a=1  b='x y' c={"k": [1, 2]} d="q\" r")")),
            R"(<a=1><b='x y'><c={"k": [1, 2]}><d="q\" r">)");
  EXPECT_EQ(joined(CommaList(R"(a, "b,c",,d )")), R"(<a><"b,c"><d>)");
  EXPECT_EQ(Unquoted(R"("a\tb\u00e9\x41\101")"),
            "a\tb\xc3\xa9"
            "AA");
  EXPECT_EQ(Unquoted(R"("a"b")"), R"("a"b")");
}

}  // namespace
}  // namespace openchoreo::schema
