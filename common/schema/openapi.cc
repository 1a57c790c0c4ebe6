#include "common/schema/ref_resolver.h"
#include "common/schema/schema.h"
#include "common/schema/schema_document.h"
#include "common/schema/schema_node.h"
#include "common/schema/structural.h"
#include "common/schema/tree_schema.h"
#include "common/value/go_json_error.h"
#include "common/value/map_builder.h"

namespace openchoreo::schema {

using value::Value;

base::Result<std::shared_ptr<const Schema>> FromOpenApi(const Value& root, base::Budget& budget) {
  if (std::string text = value::GoMapError(root); !text.empty())
    return base::Fail(base::ErrorCode::kSchema, "failed to parse schema: " + std::move(text));
  base::Arena arena(budget);
  auto resolved = ResolveRefs(value::NumbersAsDoubles(arena, root), arena);
  if (!resolved) return base::Wrap("failed to resolve $ref: ", std::move(resolved).error());
  constexpr std::string_view kUndecodable = "failed to unmarshal schema to JSONSchemaProps: ";
  if (auto fits = CheckDocument(*resolved, VendorProperties::kSkip, budget); !fits) {
    return base::Wrap(kUndecodable, std::move(fits).error());
  }
  if (auto fits = CheckStructural(*resolved, budget); !fits) {
    return base::Wrap("failed to build structural schema: ", std::move(fits).error());
  }
  if (auto fits = CheckDocument(*resolved, VendorProperties::kCheck, budget); !fits)
    return base::Wrap(kUndecodable, std::move(fits).error());
  return SchemaOf(*resolved, Origin::kOpenApi, budget);
}

base::Result<std::shared_ptr<const Schema>> FromOpenApi(const Value& root) {
  base::Budget budget = base::Budget::ForDefinition();
  return FromOpenApi(root, budget);
}

}  // namespace openchoreo::schema
