#include "common/schema/tree_schema.h"

#include "common/schema/defaulting.h"
#include "common/schema/near_misses.h"
#include "common/schema/validation.h"

namespace openchoreo::schema {

using value::Value;

namespace {

class TreeSchema final : public Schema {
 public:
  TreeSchema(const Value& document, Origin origin, base::Budget& budget)
      : prunes_(origin == Origin::kShorthand), tree_(document, origin, budget) {}

  Value ApplyDefaults(const Value& values, base::Arena& arena) const override {
    const Value given = values.is_null() ? Value::Map({}) : values;
    return FillDefaults(prunes_ ? Prune(given, tree_.root(), arena) : given, tree_.root(), arena);
  }

  std::vector<std::string> Validate(const Value& values, base::Budget& budget) const override {
    return Violations(values, tree_.root(), budget);
  }

  std::vector<NearMiss> NearMisses(const Value& values, base::Budget& budget) const override {
    return FindNearMisses(values, tree_.root(), budget);
  }

  const Value& resolved() const override { return tree_.document(); }

 private:
  bool prunes_;
  SchemaTree tree_;
};

}  // namespace

base::Result<std::shared_ptr<const Schema>> SchemaOf(const Value& document, Origin origin,
                                                     base::Budget& budget) {
  auto schema = std::make_shared<TreeSchema>(document, origin, budget);
  if (budget.spent()) return base::Fail(base::ErrorOf(budget));
  return schema;
}

}  // namespace openchoreo::schema
