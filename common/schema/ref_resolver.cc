#include "common/schema/ref_resolver.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/go_quote.h"
#include "common/value/map_builder.h"

namespace openchoreo::schema {

using value::MapEntry;
using value::Value;

namespace {

constexpr int kMaxDepth = static_cast<int>(base::kLimits.max_ref_depth);
constexpr std::size_t kMaxNodes = base::kLimits.max_schema_nodes;

constexpr std::string_view kSchemaKeywords[] = {
    "items", "additionalProperties", "not", "if", "then", "else", "allOf", "oneOf", "anyOf"};

tl::unexpected<base::Error> Fail(std::string message) {
  return base::Fail(base::ErrorCode::kSchema, std::move(message));
}

// The definition's name in a local reference.
base::Result<std::string_view> ParseLocalRef(std::string_view ref) {
  if (!ref.starts_with("#/")) {
    return Fail("only local $ref supported (must start with #/), got " + base::GoQuote(ref));
  }
  const std::string_view path = ref.substr(2);
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos || path.find('/', slash + 1) != std::string_view::npos ||
      path.substr(0, slash) != "$defs") {
    return Fail("unsupported $ref path " + base::GoQuote(ref) + ": expected #/$defs/Name");
  }
  const std::string_view name = path.substr(slash + 1);
  if (name.empty()) return Fail("empty definition name in $ref " + base::GoQuote(ref));
  return name;
}

class Resolver {
 public:
  Resolver(const Value& definitions, base::Arena& arena)
      : definitions_(definitions), arena_(arena) {}

  base::Result<Value> Resolve(const Value& node, int depth) {
    if (depth > kMaxDepth) {
      return Fail("$ref resolution exceeded maximum depth of " + std::to_string(kMaxDepth));
    }
    if (++nodes_ > kMaxNodes) {
      return base::Fail(base::ErrorCode::kLimit, "schema has more than " +
                                                     std::to_string(kMaxNodes) +
                                                     " nodes once its $refs are inlined");
    }
    // Each keyword that changes copies the map around it.
    if (!arena_.budget().Spend(16 + node.size())) return base::Fail(base::ErrorOf(arena_.budget()));
    if (node.is_list()) return ResolveList(node, depth);
    if (!node.is_map()) return node;
    if (const Value* ref = node.Find("$ref")) return ResolveRef(*ref, node, depth);
    Value resolved = node;
    for (const std::string_view keyword : kSchemaKeywords) {
      const Value* child = node.Find(keyword);
      if (!child) continue;
      OC_TRY(const Value inlined, Resolve(*child, depth + 1));
      resolved = Replaced(resolved, keyword, *child, inlined);
    }
    for (const std::string_view keyword : {"properties", "patternProperties"}) {
      const Value* children = node.Find(keyword);
      if (!children || !children->is_map()) continue;
      OC_TRY(const Value inlined, ResolveEntries(*children, depth));
      resolved = Replaced(resolved, keyword, *children, inlined);
    }
    return resolved;
  }

 private:
  static bool Same(const Value& a, const Value& b) {
    if (a.kind() != b.kind()) return false;
    if (a.is_map()) return a.as_map().data() == b.as_map().data() && a.size() == b.size();
    if (a.is_list()) return a.as_list().data() == b.as_list().data() && a.size() == b.size();
    return true;  // scalars are never replaced
  }

  Value Replaced(const Value& map, std::string_view key, const Value& before, const Value& after) {
    return Same(before, after) ? map : WithKey(arena_, map, key, after);
  }

  base::Result<Value> ResolveList(const Value& list, int depth) {
    const auto items = list.as_list();
    if (!arena_.budget().HasRoom(items.size() * sizeof(Value)))
      return base::Fail(base::ErrorOf(arena_.budget()));
    auto* resolved = arena_.AllocateArray<Value>(items.size());
    bool changed = false;
    for (std::size_t i = 0; i < items.size(); ++i) {
      OC_TRY(resolved[i], Resolve(items[i], depth + 1));
      changed |= !Same(items[i], resolved[i]);
    }
    return changed ? Value::List({resolved, items.size()}) : list;
  }

  base::Result<Value> ResolveEntries(const Value& map, int depth) {
    const auto entries = map.as_map();
    if (!arena_.budget().HasRoom(entries.size() * sizeof(MapEntry)))
      return base::Fail(base::ErrorOf(arena_.budget()));
    auto* resolved = arena_.AllocateArray<MapEntry>(entries.size());
    bool changed = false;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      OC_TRY(const Value child, Resolve(entries[i].value, depth + 1));
      resolved[i] = {entries[i].key, child};
      changed |= !Same(entries[i].value, child);
    }
    return changed ? Value::Map({resolved, entries.size()}) : map;
  }

  base::Result<Value> ResolveRef(const Value& ref, const Value& node, int depth) {
    if (!ref.is_string()) return Fail(std::string("$ref must be a string, got ") + GoTypeOf(ref));
    const std::string_view text = ref.as_string();
    if (text.starts_with("http://") || text.starts_with("https://")) {
      return Fail("only local $ref supported, got " + base::GoQuote(text));
    }
    OC_TRY(const std::string_view name, ParseLocalRef(text));
    if (std::find(visiting_.begin(), visiting_.end(), name) != visiting_.end()) return Circle(name);
    if (definitions_.size() == 0) {
      return Fail("$ref " + base::GoQuote(text) + " not found: no definitions available");
    }
    const Value* definition = definitions_.Find(name);
    if (!definition) return Fail("$ref " + base::GoQuote(text) + " not found in definitions");
    if (!definition->is_map())
      return Fail("$ref " + base::GoQuote(text) + " resolved to non-object type");

    visiting_.push_back(name);
    OC_TRY(Value resolved, Resolve(*definition, depth + 1));
    visiting_.pop_back();
    if (node.size() == 1) return resolved;
    for (const MapEntry& sibling : node.as_map()) {
      if (sibling.key.as_string() == "$ref") continue;
      resolved = WithKey(arena_, resolved, sibling.key.as_string(), sibling.value);
    }
    if (arena_.budget().spent()) return base::Fail(base::ErrorOf(arena_.budget()));
    return Resolve(resolved, depth + 1);
  }

  // Decoded JSON holds no integers upstream.
  static const char* GoTypeOf(const Value& value) {
    return value.is_number() ? "float64" : GoTypeName(value);
  }

  tl::unexpected<base::Error> Circle(std::string_view name) const {
    std::string message = "circular $ref: ";
    for (const std::string_view visited : visiting_) {
      message += visited;
      message += " → ";
    }
    message += name;
    return Fail(std::move(message));
  }

  const Value definitions_;
  base::Arena& arena_;
  std::vector<std::string_view> visiting_;
  std::size_t nodes_ = 0;
};

}  // namespace

base::Result<Value> ResolveRefs(const Value& root, base::Arena& arena) {
  const Value definitions = root.Get("$defs");
  const bool defined = definitions.is_map() && definitions.size() > 0;
  OC_TRY(const Value resolved, Resolver(defined ? definitions : Value(), arena).Resolve(root, 0));
  return defined ? WithoutKey(arena, resolved, "$defs") : resolved;
}

}  // namespace openchoreo::schema
