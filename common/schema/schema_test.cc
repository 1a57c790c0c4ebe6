#include "common/schema/schema.h"

#include <gtest/gtest.h>

#include <chrono>

#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/map_builder.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::schema {
namespace {

using value::ReadJson;
using value::Value;

struct Outcome {
  std::string defaulted;
  std::string errors;
};

Outcome Checked(std::string_view schema_text, std::string_view values_text) {
  base::Arena arena;
  const auto schema = FromOpenApi(*ReadJson(schema_text, arena));
  if (!schema) return {"", schema.error().message};
  const Value values = NumbersAsDoubles(arena, *ReadJson(values_text, arena));
  const Value defaulted = (*schema)->ApplyDefaults(values, arena);
  std::string errors;
  for (const std::string& violation : (*schema)->Validate(defaulted, arena.budget())) {
    if (!errors.empty()) errors += "; ";
    errors += violation;
  }
  return {value::ToJson(defaulted), errors};
}

TEST(SchemaTest, FindsKeysThatAreNearlyProperties) {
  const struct {
    const char* name;
    const char* values;
    const char* want;
  } cases[] = {
      {"a letter less", R"({"memoy":"1Gi"})", "/memoy=memory "},
      {"another case", R"({"Memory":"1Gi"})", "/Memory=memory "},
      {"below a map, in a list", R"({"o":{"siz":1},"l":[{"name":"a"},{"nam":"b"}]})",
       "/l/1/nam=name /o/siz=size "},
      {"what was meant is there as well", R"({"memoy":1,"memory":"1Gi"})", ""},
      {"far from all", R"({"color":"red","cp":1})", "/cp=cpu "},
      {"any key may stand there", R"({"free":{"memoy":"x"}})", ""},
      {"a known key", R"({"memory":"1Gi"})", ""},
  };

  base::Arena arena;
  const auto schema = FromOpenApi(*ReadJson(
      R"({"type":"object","properties":{"memory":{"type":"string"},"cpu":{"type":"string"},)"
      R"("o":{"type":"object","properties":{"size":{"type":"integer"}}},)"
      R"("l":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"}}}},)"
      R"("free":{"type":"object","additionalProperties":{"type":"string"}}}})",
      arena));
  ASSERT_TRUE(schema) << schema.error().message;
  for (const auto& c : cases) {
    std::string found;
    for (const NearMiss& miss : (*schema)->NearMisses(*ReadJson(c.values, arena), arena.budget()))
      found += miss.pointer + "=" + miss.meant + " ";
    EXPECT_EQ(found, c.want) << c.name;
  }
}

TEST(SchemaTest, FillsDefaults) {
  const struct {
    const char* name;
    const char* schema;
    const char* values;
    const char* want;
  } cases[] = {
      {"missing properties at any depth of what exists",
       R"({"type":"object","properties":{"a":{"type":"integer","default":1},"o":{"type":"object","properties":{"b":{"type":"string","default":"x"}}}}})",
       R"({"o":{}})", R"({"a":1,"o":{"b":"x"}})"},
      {"no object is made without a default",
       R"({"type":"object","properties":{"o":{"type":"object","properties":{"b":{"type":"string","default":"x"}}}}})",
       "{}", "{}"},
      {"an empty default cascades",
       R"({"type":"object","properties":{"o":{"type":"object","default":{},"properties":{"b":{"type":"string","default":"x"}}}}})",
       "null", R"({"o":{"b":"x"}})"},
      {"null gives way unless nullable",
       R"({"type":"object","properties":{"a":{"default":1},"b":{"default":1,"nullable":true}}})",
       R"({"a":null,"b":null})", R"({"a":1,"b":null})"},
      {"items and additional properties",
       R"({"type":"object","properties":{"l":{"type":"array","items":{"type":"object","properties":{"p":{"default":80}}}}},"additionalProperties":{"type":"object","properties":{"v":{"default":7}}}})",
       R"({"l":[{},{"p":1}],"m":{}})", R"({"l":[{"p":80},{"p":1}],"m":{"v":7}})"},
      {"vendor extensions are stripped before defaulting",
       R"({"type":"object","properties":{"x-a":{"default":1},"b":{"default":{"x-k":1,"k":2}}}})",
       "{}", R"({"b":{"k":2}})"},
      {"references and what stands beside them",
       R"({"type":"object","$defs":{"A":{"type":"string","default":"d"}},"properties":{"x":{"$ref":"#/$defs/A"},"y":{"$ref":"#/$defs/A","default":"e"}}})",
       "{}", R"({"x":"d","y":"e"})"},
  };

  for (const auto& c : cases) EXPECT_EQ(Checked(c.schema, c.values).defaulted, c.want) << c.name;
}

TEST(SchemaTest, SharesWhatDoesNotChange) {
  base::Arena arena;
  const auto schema = FromOpenApi(*ReadJson(
      R"({"type":"object","properties":{"a":{"default":1},"o":{"properties":{"b":{"default":2}}}}})",
      arena));
  const Value values = *ReadJson(R"({"a":5,"o":{"b":6},"z":[1]})", arena);
  EXPECT_EQ((*schema)->ApplyDefaults(values, arena).as_map().data(), values.as_map().data());
}

TEST(SchemaTest, Validates) {
  const struct {
    const char* name;
    const char* schema;
    const char* values;
    const char* want;
  } cases[] = {
      {"required at the root", R"({"type":"object","required":["b","a"]})", "{}",
       ".a is required; .b is required"},
      {"types", R"({"properties":{"a":{"type":"integer"}}})", R"({"a":"x"})",
       R"(a must be of type integer: "string")"},
      {"whole doubles are integers", R"({"properties":{"a":{"type":"integer"}}})", R"({"a":3.0})",
       ""},
      {"other doubles are not", R"({"properties":{"a":{"type":"integer"}}})", R"({"a":1.5})",
       R"(a must be of type integer: "number"; Checked value must be of type integer (default format) in a)"},
      {"enums", R"({"properties":{"a":{"enum":["x",1,null]}}})", R"({"a":"y"})",
       "a should be one of [x 1 <nil>]"},
      {"items by index", R"({"properties":{"l":{"items":{"minimum":1,"exclusiveMinimum":true}}}})",
       R"({"l":[2,1]})", "l[1] should be greater than 1"},
      {"forbidden properties", R"({"properties":{"a":{}},"additionalProperties":false})",
       R"({"b":1})", ".b is a forbidden property"},
      {"the closest alternative",
       R"({"properties":{"v":{"oneOf":[{"type":"string"},{"type":"integer"}]}}})", R"({"v":true})",
       R"("v" must validate one and only one schema (oneOf). Found none valid; v must be of type string: "boolean")"},
      {"an invalid pattern", R"({"properties":{"s":{"pattern":"["}}})", R"({"s":""})",
       "s should match '[, but pattern is invalid: error parsing regexp: missing closing ]: `[`'"},
      {"duplicates", R"({"properties":{"l":{"uniqueItems":true}}})",
       R"({"l":[1,{"a":[2]},{"a":[2]}]})", "l shouldn't contain duplicates"},
      {"several properties: sorted",
       R"({"required":["c"],"properties":{"b":{"type":"string"},"a":{"type":"string"}}})",
       R"({"a":1,"b":1})",
       R"(.c is required; a must be of type string: "number"; b must be of type string: "number")"},
      {"null", R"({"properties":{"a":{"type":"string"}}})", R"({"a":null})",
       R"(a must be of type string: "null")"},
      {"a minimum no int64 holds",
       R"({"properties":{"a":{"type":"number","default":2,"minimum":1e24}}})", "{}", ""},
      {"a maximum no int64 holds",
       R"({"properties":{"a":{"type":"number","default":2,"maximum":1e24}}})", "{}",
       "a should be less than or equal to -9223372036854775808"},
      {"a factor no int64 holds",
       R"({"properties":{"a":{"type":"number","default":2,"multipleOf":1e24}}})", "{}",
       "factor MultipleOf declared for a must be positive: -9223372036854775808"},
  };

  for (const auto& c : cases) EXPECT_EQ(Checked(c.schema, c.values).errors, c.want) << c.name;
}

TEST(SchemaTest, ChecksFormats) {
  const struct {
    const char* format;
    const char* good;
    const char* bad;
  } cases[] = {
      {"date-time", "2024-02-29T23:59:59Z", "2023-02-29T00:00:00Z"},
      {"ipv4", "010.1.2.3", "1.2.3.256"},
      {"ipv6", "fe80::1", "fe80:::1"},
      {"cidr", "10.0.0.0/8", "10.0.0.0/33"},
      {"email", "A B <a.b@c.de>", "a@"},
      {"uri", "https://a.b/c?d", "a.b/c"},
      {"hostname", "a.example", "a.b"},
      {"uuid", "123e4567-e89b-12d3-a456-426614174000", "123e4567"},
      {"duration", "1h30m", "h"},
      {"byte", "AAH/", "A"},
  };

  for (const auto& c : cases) {
    const std::string schema =
        R"({"properties":{"s":{"type":"string","format":")" + std::string(c.format) + "\"}}}";
    EXPECT_EQ(Checked(schema, R"({"s":")" + std::string(c.good) + "\"}").errors, "") << c.format;
    EXPECT_EQ(Checked(schema, R"({"s":")" + std::string(c.bad) + "\"}").errors,
              "s must be of type " + std::string(c.format) + ": \"" + c.bad + "\"");
  }
  EXPECT_EQ(
      Checked(R"({"properties":{"s":{"type":"string","format":"unheard-of"}}})", R"({"s":"x"})")
          .errors,
      "");
}

TEST(SchemaTest, RefusesWhatIsNoSchema) {
  const struct {
    const char* schema;
    const char* want;
  } cases[] = {
      {R"({"$ref":"#/$defs/A","$defs":{"A":{"$ref":"#/$defs/A"}}})",
       "failed to resolve $ref: circular $ref: A → A"},
      {R"({"properties":{"a":{"$ref":"http://x"}}})",
       "failed to resolve $ref: only local $ref supported, got \"http://x\""},
      {R"({"properties":{"a":{"type":["string"]}}})",
       "failed to unmarshal schema to JSONSchemaProps: json: cannot unmarshal array into Go struct "
       "field "
       "JSONSchemaProps.properties.type of type string"},
      {R"({"properties":{"a":{"minLength":1.5}}})",
       "failed to unmarshal schema to JSONSchemaProps: json: cannot unmarshal number 1.5 into Go "
       "struct field "
       "JSONSchemaProps.properties.minLength of type int64"},
      {R"({"patternProperties":{"a":{}}})",
       "failed to build structural schema: OpenAPIV3Schema 'patternProperties' is not supported"},
      {R"({"properties":{"a":{"dependencies":{"a":["b"]}}}})",
       "failed to build structural schema: OpenAPIV3Schema 'dependencies' is not supported"},
      {R"({"properties":{"a":{"dependencies":{"a":[1]}}}})",
       "failed to unmarshal schema to JSONSchemaProps: json: cannot unmarshal number into Go "
       "struct "
       "field JSONSchemaProps.properties.dependencies of type string"},
      {R"(["a"])",
       "failed to parse schema: json: cannot unmarshal array into Go value of type "
       "map[string]interface {}"},
  };

  for (const auto& c : cases) EXPECT_EQ(Checked(c.schema, "{}").errors, c.want);
}

TEST(SchemaTest, HostileReferencesAreBounded) {
  // Each definition holds the next one twice: 2^25 nodes if nobody counts.
  std::string schema = R"({"properties":{"a":{"$ref":"#/$defs/D0"}},"$defs":{)";
  for (int i = 0; i < 25; ++i) {
    const std::string next = R"({"$ref":"#/$defs/D)" + std::to_string(i + 1) + "\"}";
    schema +=
        "\"D" + std::to_string(i) + R"(":{"properties":{"x":)" + next + R"(,"y":)" + next + "}},";
  }
  schema += R"("D25":{}}})";
  EXPECT_EQ(Checked(schema, "{}").errors,
            "failed to resolve $ref: schema has more than 200000 nodes once its $refs are inlined");

  // A chain beyond upstream's depth.
  std::string chain = R"({"$ref":"#/$defs/D0","$defs":{)";
  for (int i = 0; i < 80; ++i) {
    chain += "\"D" + std::to_string(i) + R"(":{"$ref":"#/$defs/D)" + std::to_string(i + 1) + "\"},";
  }
  chain += R"("D80":{}}})";
  EXPECT_EQ(Checked(chain, "{}").errors,
            "failed to resolve $ref: $ref resolution exceeded maximum depth of 64");
}

TEST(SchemaTest, HostileValuesAreBounded) {
  // 1,000 alternatives for each of 10,000 items.
  std::string schema = R"({"properties":{"l":{"items":{"anyOf":[)";
  for (int i = 0; i < 1000; ++i) schema += R"({"maximum":0},)";
  schema += R"({"maximum":-1}]}}}})";
  std::string values = R"({"l":[1)";
  for (int i = 1; i < 10000; ++i) values += ",1";
  const Outcome outcome = Checked(schema, values + "]}");
  EXPECT_NE(outcome.errors.find("validation takes more than 5000000 steps"), std::string::npos);
}

}  // namespace
}  // namespace openchoreo::schema
