// Any JSON document of the form {schema, fields, types, values}: schemas are made or refused,
// defaults are stable, validation ends.
#include <cstdint>
#include <string>
#include <string_view>

#include "common/schema/schema.h"
#include "common/schema/schema_document.h"
#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/map_builder.h"
#include "test/fuzz/require.h"

namespace {

using namespace openchoreo;
using value::Value;

void Check(const base::Result<std::shared_ptr<const schema::Schema>>& schema, const Value& values,
           base::Arena& arena) {
  if (!schema) {
    Require(!schema.error().message.empty(), "an error without a message");
    return;
  }
  const std::string before = value::ToJson(values);
  const Value once = (*schema)->ApplyDefaults(values, arena);
  const Value twice = (*schema)->ApplyDefaults(once, arena);
  Require(value::ToJson(once) == value::ToJson(twice), "defaults are filled twice");
  Require(value::ToJson(values) == before, "the values were changed");
  Require((*schema)->Validate(once) == (*schema)->Validate(twice),
          "equal values, other violations");
  if (schema::CheckDocument((*schema)->resolved())) {
    std::string text;
    schema::AppendDocument(text, (*schema)->resolved());
    base::Arena scratch;
    Require(value::ReadJson(text, scratch).has_value(), "the printed schema is no JSON");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  base::Arena arena;
  const auto request = value::ReadJson({reinterpret_cast<const char*>(data), size}, arena);
  if (!request || !request->is_map()) return 0;
  Value values = value::NumbersAsDoubles(arena, request->Get("values"));
  if (!values.is_map()) values = Value::Map({});
  if (const Value* root = request->Find("schema")) Check(schema::FromOpenApi(*root), values, arena);
  if (const Value* fields = request->Find("fields")) {
    Check(schema::FromShorthand(*fields, request->Get("types")), values, arena);
  }
  return 0;
}
