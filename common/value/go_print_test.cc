#include <gtest/gtest.h>

#include "common/names/fnv32a.h"
#include "common/value/go_dump.h"
#include "common/value/go_text.h"
#include "common/value/json_reader.h"
#include "common/value/map_builder.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::value {
namespace {

TEST(GoDumpTest, MeasuredPairs) {
  base::Budget budget;
  EXPECT_EQ(GoDump({}, "metadata", budget), "([]map[string]interface {})[]");
  EXPECT_EQ(names::SafeEncode(HashGoDump({}, "metadata", budget)), "74f5b764d");

  base::Arena arena;
  Value object = NumbersAsDoubles(
      arena,
      *ReadJson(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"data":{"b":true,
             "big":1e21,"e":{},"el":[],"f":2.5,"i":2,"l":[1,"a",{"x":"y"}],"m":1000000,"n":null}})",
                arena));
  Value data = object.Get("data");
  data = WithKey(arena, data, "celint", Value::Int(2));
  data = WithKey(arena, data, "celuint", Value::Uint(2));
  data = WithKey(arena, data, "s", Value::String("q\"uote\n☃"));
  object = WithKey(arena, object, "data", data);
  const Value maps[] = {object};
  EXPECT_EQ(
      GoDump(maps, "metadata", budget),
      "([]map[string]interface {})[map[apiVersion:(string)v1 data:(map[string]interface "
      "{})map[b:(bool)true "
      "big:(float64)1e+21 celint:(int64)2 celuint:(uint64)2 e:(map[string]interface {})map[] "
      "el:([]interface {})[] f:(float64)2.5 i:(float64)2 l:([]interface {})[(float64)1 (string)a "
      "(map[string]interface {})map[x:(string)y]] m:(float64)1e+06 n:(interface {})<nil> "
      "s:(string)q\"uote\n☃] kind:(string)ConfigMap]]");
  EXPECT_EQ(names::SafeEncode(HashGoDump(maps, "metadata", budget)), "6fc97c4c9b");
}

TEST(GoDumpTest, KindsThatCelLeavesBehind) {
  base::Arena arena;
  const Value strings[] = {Value::String("a"), Value::String("b")};
  const Value references[] = {Value::Int(1), Value::String("a"), Value::CelNull()};

  const struct {
    Value value;
    const char* want;
  } cases[] = {
      {Value::CelNull(), "(structpb.NullValue)0"},
      {Value::List(strings, Value::kGoStrings), "([]string)[a b]"},
      {Value::List(strings), "([]interface {})[(string)a (string)b]"},
      {Value::Bytes("a\xff"), "([]uint8)[97 255]"},
      {Value::Duration(1500), "(time.Duration)1500"},
      {Value::List(references, Value::kGoReferences),
       "([]ref.Val)[(types.Int)1 (types.String)a (types.Null)0]"},
      {Value::Timestamp(1704067200, 0, 0),
       "(time.Time){wall:(uint64)0 ext:(int64)63839664000 loc:(*time.Location)<nil>}"},
      {Value::Timestamp(1704060000, 500000000, 120),
       "(time.Time){wall:(uint64)500000000 ext:(int64)63839656800 "
       "loc:(*time.Location){name:(string) "
       "zone:([]time.zone)[{name:(string) offset:(int)7200 isDST:(bool)false}] "
       "tx:([]time.zoneTrans)[{when:(int64)-9223372036854775808 index:(uint8)0 isstd:(bool)false "
       "isutc:(bool)false}] extend:(string) cacheStart:(int64)-9223372036854775808 "
       "cacheEnd:(int64)9223372036854775807 cacheZone:(*time.zone){name:(string) offset:(int)7200 "
       "isDST:(bool)false}}}"},
  };

  for (const auto& c : cases) {
    std::string text;
    base::Budget budget;
    AppendGoDump(text, c.value, budget);
    EXPECT_EQ(text, c.want);
  }
}

TEST(GoTextTest, PrintsLikePercentV) {
  const struct {
    const char* json;
    const char* want;
  } cases[] = {
      {"null", "<nil>"},
      {"1e6", "1e+06"},
      {"\"a b\"", "a b"},
      {"[1,\"x\",true]", "[1 x true]"},
      {R"({"b":{"c":[]},"a":null})", "map[a:<nil> b:map[c:[]]]"},
  };

  base::Arena arena;
  for (const auto& c : cases) {
    EXPECT_EQ(GoText(NumbersAsDoubles(arena, *ReadJson(c.json, arena))), c.want) << c.json;
  }
}

}  // namespace
}  // namespace openchoreo::value
