#include "common/schema/defaulting.h"
#include "common/schema/near_misses.h"
#include "common/schema/ref_resolver.h"
#include "common/schema/schema.h"
#include "common/schema/schema_document.h"
#include "common/schema/schema_node.h"
#include "common/schema/structural.h"
#include "common/schema/validation.h"
#include "common/value/go_json_error.h"
#include "common/value/map_builder.h"

namespace openchoreo::schema {

using value::Value;

namespace {

class OpenApiSchema final : public Schema {
 public:
  OpenApiSchema(const Value& resolved, base::Budget& budget)
      : tree_(resolved, Origin::kOpenApi, budget) {}

  Value ApplyDefaults(const Value& values, base::Arena& arena) const override {
    return FillDefaults(values.is_null() ? Value::Map({}) : values, tree_.root(), arena);
  }

  std::vector<std::string> Validate(const Value& values, base::Budget& budget) const override {
    return Violations(values, tree_.root(), budget);
  }

  std::vector<NearMiss> NearMisses(const Value& values, base::Budget& budget) const override {
    return FindNearMisses(values, tree_.root(), budget);
  }

  const Value& resolved() const override { return tree_.document(); }

 private:
  SchemaTree tree_;
};

}  // namespace

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
  auto schema = std::make_shared<OpenApiSchema>(*resolved, budget);
  if (budget.spent()) return base::Fail(base::ErrorOf(budget));
  return schema;
}

base::Result<std::shared_ptr<const Schema>> FromOpenApi(const Value& root) {
  base::Budget budget = base::Budget::ForDefinition();
  return FromOpenApi(root, budget);
}

}  // namespace openchoreo::schema
