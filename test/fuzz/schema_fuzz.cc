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
#include "common/value/unbudgeted.h"
#include "test/fuzz/ceilings.h"
#include "test/fuzz/require.h"

namespace {

using namespace openchoreo;
using value::Value;

constexpr std::uint64_t kSteps = 2'000'000;
constexpr std::size_t kBytes = 32u << 20;

void Check(const base::Result<std::shared_ptr<const schema::Schema>>& schema, const Value& values) {
  if (!schema) {
    Require(!schema.error().message.empty(), "an error without a message");
    return;
  }
  const std::string before = value::ToJson(values);
  base::Budget budget(kSteps, kBytes, kBytes);
  base::Arena arena(budget);
  const Value once = (*schema)->ApplyDefaults(values, arena);
  const Value twice = (*schema)->ApplyDefaults(once, arena);
  if (budget.spent()) return;
  Require(value::ToJson(once) == value::ToJson(twice), "defaults are filled twice");
  Require(value::ToJson(values) == before, "the values were changed");
  const auto violations = (*schema)->Validate(once, budget);
  const auto again = (*schema)->Validate(twice, budget);
  if (budget.spent()) return;
  Require(violations == again, "equal values, other violations");
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
  const Ceilings ceilings(6 * kSteps, 4 * kBytes, size);
  if (const Value* root = request->Find("schema")) {
    base::Budget budget(kSteps, kBytes, kBytes);
    Check(schema::FromOpenApi(*root, budget), values);
  }
  if (const Value* fields = request->Find("fields")) {
    base::Budget budget(kSteps, kBytes, kBytes);
    Check(schema::FromShorthand(*fields, request->Get("types"), budget), values);
  }
  return 0;
}
