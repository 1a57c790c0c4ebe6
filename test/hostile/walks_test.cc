// Every walk over a value ends within its budget, by steps and by memory: each is set on a value of
// 2^40 leaves that takes a few hundred bytes. test/architecture/check_walks.py finds walks that are
// not charged; here are those others call.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "common/cel/program.h"
#include "common/emit/yaml_writer.h"
#include "common/patch/patch.h"
#include "common/record/record.h"
#include "common/schema/schema.h"
#include "common/template/cel_result.h"
#include "common/template/compiled_template.h"
#include "common/value/go_dump.h"
#include "common/value/go_text.h"
#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/map_builder.h"
#include "common/value/value_hash.h"
#include "test/support/heap_meter.h"

namespace openchoreo {
namespace {

using value::Value;

constexpr int kLevels = 40;
constexpr std::size_t kBytes = std::size_t{4} << 20;

const std::string kControls(3 * kBytes / 5, '\1');

// Lists of two, one inside the other, down to `leaf`; both items of each are the same.
Value SharedLists(base::Arena& arena, const Value& leaf) {
  Value below = leaf;
  for (int i = 0; i < kLevels; ++i) {
    auto* items = arena.AllocateArray<Value>(2);
    items[0] = items[1] = below;
    below = Value::List({items, 2}, Value::kFromCel);
  }
  return below;
}

Value SharedMaps(base::Arena& arena, const Value& leaf) {
  Value below = leaf;
  for (int i = 0; i < kLevels; ++i) {
    below = value::MakeMap(arena, {{"a", below}, {"b", below}});
    below = Value::Map(below.as_map(), Value::kFromCel);
  }
  return below;
}

// What is walked, and as what: other kinds of leaves are looked at by other walks.
struct Shared {
  Value numbers, texts, nulls, omits, maps;
};

struct Walk {
  const char* name;
  std::function<void(const Shared& shared, base::Arena& arena)> run;
};

// An expression ends by its own limits, or by those of what it is part of.
void ExpectLimit(const char* expression, const Value& v, base::Arena& arena,
                 const cel::Environment& environment = cel::Environment({"v"})) {
  const auto program = cel::Compile(expression, environment);
  OC_CHECK(program);
  const auto result = (*program)->Evaluate({&v, 1}, arena, {});
  ASSERT_FALSE(result) << expression;
  EXPECT_TRUE(result.error().code == base::ErrorCode::kLimit ||
              result.error().code == base::ErrorCode::kCancelled)
      << result.error().message.substr(0, 200);
  arena.budget().HasRoom(std::size_t{1} << 40);  // nothing more is made in it
}

Walk Cel(const char* expression) {
  return {expression, [expression](const Shared& shared, base::Arena& arena) {
            ExpectLimit(expression, shared.numbers, arena);
          }};
}

Walk CelOfMaps(const char* expression) {
  return {expression, [expression](const Shared& shared, base::Arena& arena) {
            ExpectLimit(expression, shared.maps, arena);
          }};
}

// As templates of v0.12 see it.
Walk OldCelOfMaps(const char* name, const char* expression) {
  return {name, [expression](const Shared& shared, base::Arena& arena) {
            ExpectLimit(expression, shared.maps, arena,
                        cel::Environment({"v"}, cel::Macros::kNone, cel::StringFormat::kV022));
          }};
}

void Render(const char* source, const Value& v, base::Arena& arena) {
  base::Arena reading;
  const auto compiled = tmpl::Compile(*value::ReadJson(source, reading), cel::Environment({"v"}));
  EXPECT_FALSE(compiled->Render({&v, 1}, arena, {})) << source;
}

void Validate(const char* schema, const Value& v, base::Arena& arena) {
  base::Arena reading;
  const auto made = schema::FromOpenApi(*value::ReadJson(schema, reading));
  ASSERT_TRUE(made) << schema;
  const Value values = value::MakeMap(arena, {{"v", v}});
  (*made)->Validate(values, arena.budget());
}

// Long: an entry per walk.
const std::vector<Walk>& Walks() {
  static const std::vector<Walk> kWalks = {
      // Texts.
      {"JSON",
       [](const Shared& s, base::Arena& arena) {
         std::string out;
         EXPECT_FALSE(value::AppendJson(out, s.texts, arena.budget()));
       }},
      {"JSON of maps",
       [](const Shared& s, base::Arena& arena) {
         EXPECT_EQ(value::ToJson(s.maps, arena.budget()), "");
       }},
      {"YAML",
       [](const Shared& s, base::Arena& arena) {
         std::string out;
         EXPECT_FALSE(emit::AppendYaml(out, s.texts, arena.budget()));
       }},
      {"YAML of maps",
       [](const Shared& s, base::Arena& arena) {
         std::string out;
         EXPECT_FALSE(emit::AppendYaml(out, s.maps, arena.budget()));
       }},
      {"%v", [](const Shared& s, base::Arena& arena) { value::GoText(s.texts, arena.budget()); }},
      {"%v of maps",
       [](const Shared& s, base::Arena& arena) { value::GoText(s.maps, arena.budget()); }},
      {"dump",
       [](const Shared& s, base::Arena& arena) {
         std::string out;
         value::AppendGoDump(out, s.maps, arena.budget());
       }},
      {"record",
       [](const Shared& s, base::Arena& arena) {
         record::Record record;
         record.context = s.maps;
         std::string out;
         EXPECT_FALSE(record::AppendRecord(out, record, arena.budget()));
       }},
      {"JSON of what is escaped",
       [](const Shared& s, base::Arena& arena) {
         const Value text = Value::String(std::string_view(kControls).substr(0, kBytes / 4));
         std::string out;
         EXPECT_FALSE(value::AppendJson(out, value::MakeMap(arena, {{"a", text}, {"b", s.texts}}),
                                        arena.budget()));
       }},
      {"JSON of bytes",
       [](const Shared& s, base::Arena& arena) {
         const Value blob = Value::Bytes(kControls);
         std::string out;
         EXPECT_FALSE(value::AppendJson(out, value::MakeMap(arena, {{"a", blob}, {"b", s.texts}}),
                                        arena.budget()));
       }},
      // Hashes and comparison.
      {"hash of a dump",
       [](const Shared& s, base::Arena& arena) {
         value::HashGoDump({&s.maps, 1}, "metadata", arena.budget());
       }},
      {"content hash",
       [](const Shared& s, base::Arena& arena) { value::HashValue(s.texts, arena.budget()); }},
      {"equality",
       [](const Shared& s, base::Arena& arena) {
         EXPECT_FALSE(JsonEquals(s.texts, s.texts, arena.budget()));
       }},
      // Copies and conversions.
      {"deep copy", [](const Shared& s, base::Arena& arena) { value::DeepCopy(arena, s.texts); }},
      {"numbers as doubles",
       [](const Shared& s, base::Arena& arena) { value::NumbersAsDoubles(arena, s.numbers); }},
      {"numbers as doubles, none there",
       [](const Shared& s, base::Arena& arena) { value::NumbersAsDoubles(arena, s.maps); }},
      {"result of an expression",
       [](const Shared& s, base::Arena& arena) { tmpl::FromCelResult(s.nulls, arena); }},
      {"result of an expression, nothing to convert",
       [](const Shared& s, base::Arena& arena) { tmpl::FromCelResult(s.maps, arena); }},
      {"omits in a result",
       [](const Shared& s, base::Arena& arena) { tmpl::FromCelResult(s.omits, arena); }},
      {"input of an expression",
       [](const Shared& s, base::Arena& arena) {
         tmpl::ToCelInput(SharedLists(arena, Value::CelNull()), arena);
         tmpl::ToCelInput(s.texts, arena);
       }},
      // Templates.
      {"text",
       [](const Shared& s, base::Arena& arena) { Render(R"("a ${v} b")", s.texts, arena); }},
      {"key",
       [](const Shared& s, base::Arena& arena) { Render(R"({"${v}": 1})", s.texts, arena); }},
      {"whole value",
       [](const Shared& s, base::Arena& arena) { Render(R"(["${v}"])", s.nulls, arena); }},
      // Patches.
      {"filter of a patch",
       [](const Shared& s, base::Arena& arena) {
         const Value item = value::MakeMap(arena, {{"f", s.texts}});
         const Value target = value::MakeMap(arena, {{"l", Value::List({&item, 1})}});
         const patch::Operation operation{"add", "/l[?(@.f=='x')]/y", Value::Int(1)};
         EXPECT_FALSE(patch::Apply(target, {&operation, 1}, arena));
       }},
      // Schemas.
      {"unique items",
       [](const Shared& s, base::Arena& arena) {
         Validate(R"({"type":"object","properties":{"v":{"type":"array","uniqueItems":true}}})",
                  s.texts, arena);
       }},
      // Expressions.
      Cel("v == v"),
      Cel("v in [1, v]"),
      Cel("v.flatten(1000).size()"),
      Cel("json.encode(v)"),
      Cel("'%s'.format([v])"),
      Cel("[v, 1, v].distinct()"),
      Cel("sets.contains([v], [v])"),
      Cel("google.protobuf.ListValue{values: v}"),
      Cel("[?v]"),
      CelOfMaps("v == v"),
      CelOfMaps("json.encode(v)"),
      CelOfMaps("'%s'.format([v])"),
      OldCelOfMaps("format of v0.12", "'%s'.format([v])"),
      CelOfMaps("google.protobuf.Struct{fields: v}"),
      CelOfMaps("optional.of(v) == optional.of(v)"),
  };
  return kWalks;
}

class WalksTest : public testing::Test {
 protected:
  WalksTest()
      : shared_{SharedLists(arena_, Value::Int(1)), SharedLists(arena_, Value::String("leaf")),
                SharedLists(arena_, Value::Null()), SharedLists(arena_, Value::Omit()),
                SharedMaps(arena_, Value::String("leaf"))} {}

  void RunAll(std::uint64_t steps, std::size_t bytes) {
    for (const Walk& walk : Walks()) {
      base::RenderLimits limits;
      limits.max_binding_steps = steps;
      limits.max_binding_bytes = bytes;
      base::Budget budget(limits);
      base::Arena arena(budget);
      const std::size_t before = HeapMeter::held();
      HeapMeter::Restart();
      walk.run(shared_, arena);
      EXPECT_TRUE(budget.spent()) << walk.name;
      // While a string grows its old bytes are there, too. Beside is what the test makes itself:
      // programs, schemas.
      EXPECT_LE(HeapMeter::peak() - before, 3 * bytes / 2 + (std::size_t{1} << 18)) << walk.name;
    }
  }

  base::Arena arena_;
  const Shared shared_;
};

TEST_F(WalksTest, EndByTheirSteps) { RunAll(200'000, std::size_t{1} << 30); }

TEST_F(WalksTest, EndByTheirMemory) { RunAll(std::uint64_t{20'000'000}, kBytes); }

TEST_F(WalksTest, EndWhenTheyAreCancelled) {
  const std::function<bool()> cancelled = [] { return true; };
  for (const Walk& walk : Walks()) {
    base::Budget budget(base::RenderLimits(), &cancelled);
    base::Arena arena(budget);
    walk.run(shared_, arena);
    EXPECT_EQ(base::ErrorOf(budget).code, base::ErrorCode::kCancelled) << walk.name;
  }
}

}  // namespace
}  // namespace openchoreo
