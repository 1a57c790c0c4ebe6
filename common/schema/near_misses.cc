#include "common/schema/near_misses.h"

#include <string>
#include <string_view>
#include <utility>

#include "common/base/ascii.h"
#include "common/base/diagnostic.h"
#include "common/base/edit_distance.h"

namespace openchoreo::schema {
namespace {

using value::MapEntry;
using value::Value;

constexpr std::size_t kMost = 20;

class Search {
 public:
  explicit Search(base::Budget& budget) : budget_(budget) {}

  void Look(const Value& value, const SchemaNode& schema, const std::string& pointer) {
    const base::Level level(budget_);
    if (!level || !budget_.Spend(1 + value.size()) || found_.size() >= kMost) return;
    if (value.is_list() && schema.items) {
      for (std::size_t i = 0; i < value.size(); ++i)
        Look(value.as_list()[i], *schema.items, base::JoinPointer(pointer, i));
    }
    if (!value.is_map() || schema.properties.empty()) return;
    for (const MapEntry& entry : value.as_map()) {
      const std::string_view key = entry.key.string_or_empty();
      const std::string below = base::JoinPointer(pointer, key);
      if (const Property* property = schema.FindProperty(key)) {
        if (property->schema) Look(entry.value, *property->schema, below);
      } else if (schema.additional != SchemaNode::Additional::kSchema) {
        Compare(key, value, schema, below);
      }
    }
  }

  std::vector<NearMiss> Take() && { return std::move(found_); }

 private:
  // A property that is given beside it is not what was meant.
  void Compare(std::string_view key, const Value& values, const SchemaNode& schema,
               const std::string& pointer) {
    const std::size_t limit = key.size() > 4 ? 2 : 1;
    for (const Property& property : schema.properties) {
      if (!budget_.Spend(1 + key.size() / 4)) return;
      if (values.Find(property.name) ||
          base::EditDistance(base::AsciiLower(key), base::AsciiLower(property.name), limit) > limit)
        continue;
      found_.push_back({pointer, std::string(key), std::string(property.name)});
      return;
    }
  }

  base::Budget& budget_;
  std::vector<NearMiss> found_;
};

}  // namespace

std::vector<NearMiss> FindNearMisses(const Value& values, const SchemaNode& schema,
                                     base::Budget& budget) {
  Search search(budget);
  search.Look(values, schema, "");
  return std::move(search).Take();
}

}  // namespace openchoreo::schema
