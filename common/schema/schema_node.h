// A schema made ready: what defaulting and validation look at, nothing else.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/arena.h"
#include "common/schema/format.h"
#include "common/schema/pattern.h"
#include "common/value/value.h"

namespace openchoreo::schema {

enum class Type : std::uint8_t {
  kObject = 1,
  kArray = 2,
  kString = 4,
  kInteger = 8,
  kNumber = 16,
  kBoolean = 32,
  kNull = 64
};

struct SchemaNode;

struct Property {
  std::string_view name;
  const SchemaNode* schema = nullptr;
  // x-…: gone from the schema that defaulting uses (upstream strips vendor extensions by key,
  // everywhere).
  bool vendor = false;
};

// A property whose absence is filled.
struct DefaultedProperty {
  std::string_view name;
  value::Value value;  // with its own defaults applied
};

// Views and values lie in the SchemaTree's arena.
struct SchemaNode {
  enum class Additional : std::uint8_t { kUnspecified, kAllowed, kForbidden, kSchema };

  std::string_view
      type_text;           // "integer"; "integer,string" for x-kubernetes-int-or-string; "" = any
  std::uint8_t types = 0;  // Type bits
  bool nullable = false;
  std::string_view format;  // "" where Kubernetes ignores it
  FormatCheck format_check = nullptr;

  bool range_checked =
      true;  // numbers against the range of their type; not by v0.12's kube-openapi
  std::optional<double> maximum;
  std::optional<double> minimum;
  std::optional<double> multiple_of;
  bool exclusive_maximum = false;
  bool exclusive_minimum = false;
  std::optional<std::int64_t> max_length;
  std::optional<std::int64_t> min_length;
  std::optional<std::int64_t> max_items;
  std::optional<std::int64_t> min_items;
  std::optional<std::int64_t> max_properties;
  std::optional<std::int64_t> min_properties;
  bool unique_items = false;
  std::unique_ptr<const Pattern> pattern;
  std::span<const value::Value> enumeration;

  std::vector<Property> properties;  // sorted by name
  std::vector<std::string_view> required;
  Additional additional = Additional::kUnspecified;
  const SchemaNode* additional_schema = nullptr;
  const SchemaNode* items = nullptr;
  std::vector<const SchemaNode*> all_of;
  std::vector<const SchemaNode*> one_of;
  std::vector<const SchemaNode*> any_of;
  const SchemaNode* negated = nullptr;  // "not"

  // Defaulting.
  value::Value default_value;               // null: none
  std::vector<DefaultedProperty> defaults;  // of properties, sorted by name
  bool defaults_below = false;  // whether defaulting can change a value of this schema at all

  bool Is(Type type) const { return (types & static_cast<std::uint8_t>(type)) != 0; }

  // nullptr if there is no such property.
  const Property* FindProperty(std::string_view name) const;
};

// Where a document comes from: what upstream does to it on the way differs.
enum class Origin : std::uint8_t {
  kOpenApi,    // v1.x: `required` sorted; for defaulting vendor extensions stripped, whole numbers
               // ints
  kShorthand,  // v0.9–v0.17: as built
  kDraft       // the same while it is built: enum values are still as the shorthand has them
};

// Owner of nodes and of what they point to.
class SchemaTree {
 public:
  // `document` must have passed CheckDocument and CheckStructural; it is copied. Once `budget` is
  // spent, to which all of it is charged, the tree is of no use.
  SchemaTree(const value::Value& document, Origin origin, base::Budget& budget);

  const SchemaNode& root() const { return *root_; }

  // The document the tree was made from.
  const value::Value& document() const { return document_; }

 private:
  SchemaNode* Build(const value::Value& document, bool sort_required);
  void SetType(SchemaNode& node, const value::Value& document);
  void SetBounds(SchemaNode& node, const value::Value& document);
  void SetObject(SchemaNode& node, const value::Value& document, bool sort_required);
  void SetDefaults(SchemaNode& node, const value::Value& document);
  std::vector<const SchemaNode*> BuildList(const value::Value& documents);

  Origin origin_;
  base::Arena arena_;
  value::Value document_;
  std::deque<SchemaNode> nodes_;  // addresses stay
  const SchemaNode* root_ = nullptr;
  base::Budget* budget_;  // while building
};

// Kubernetes' reading of JSON numbers: whole ones that fit are ints (upstream decodes defaults and
// enums so).
value::Value WithIntegers(base::Arena& arena, const value::Value& value);

// Whether upstream strips a key as a vendor extension.
bool IsVendorExtension(std::string_view key);

}  // namespace openchoreo::schema
