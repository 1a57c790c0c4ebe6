#include "common/template/cel_result.h"

#include <algorithm>
#include <string>
#include <vector>

#include "common/value/go_text.h"
#include "common/value/map_builder.h"

namespace openchoreo::tmpl {

using value::Kind;
using value::MapEntry;
using value::Value;

namespace {

bool IsContainer(const Value& value) { return value.is_list() || value.is_map(); }

bool MadeByCel(const Value& value) {
  return (value.flags() & (Value::kFromCel | Value::kConcatenated)) != 0;
}

// Whether conversion would give something else.
bool NeedsConversion(const Value& value) {
  switch (value.kind()) {
    case Kind::kNull:
    case Kind::kOmit:
    case Kind::kType:
    case Kind::kOptional:
      return true;
    case Kind::kList:
      return MadeByCel(value) &&
             std::any_of(value.as_list().begin(), value.as_list().end(), NeedsConversion);
    case Kind::kMap:
      if (!MadeByCel(value)) return false;
      return (value.flags() & Value::kMixedKeys) != 0 ||
             std::any_of(value.as_map().begin(), value.as_map().end(),
                         [](const MapEntry& entry) { return NeedsConversion(entry.value); });
    default:
      return false;
  }
}

class Converter {
 public:
  Converter(base::Arena& arena, JoinedOmits joined_omits)
      : arena_(arena), joined_omits_(joined_omits) {}

  Value Convert(const Value& value) {
    switch (value.kind()) {
      case Kind::kNull:
        return Value::CelNull();
      case Kind::kType:
        return Value::String(value.as_string());
      case Kind::kOptional:
        return value.optional_value() ? Unwrap(*value.optional_value()) : Value();
      case Kind::kList:
        return NeedsConversion(value) ? List(value) : value;
      case Kind::kMap:
        return NeedsConversion(value) ? Map(value) : value;
      default:
        return value;
    }
  }

 private:
  // Upstream takes the optional's content as it lies in CEL: containers made there keep their Go
  // type.
  Value Unwrap(const Value& held) {
    const Value converted = Convert(held);
    if (!MadeByCel(held) || (held.flags() & Value::kGoStrings) != 0) return converted;
    // There a null is a types.Null, which prints as 0.
    const auto plain = [](const Value& value) {
      return value.is_cel_null() ? Value::Int(0) : value;
    };
    if (converted.is_list()) {
      auto* items = arena_.AllocateArray<Value>(converted.size());
      std::transform(converted.as_list().begin(), converted.as_list().end(), items, plain);
      return Value::List({items, converted.size()}, Value::kGoReferences);
    }
    if (converted.is_map()) {
      auto* entries = arena_.AllocateArray<MapEntry>(converted.size());
      std::transform(converted.as_map().begin(), converted.as_map().end(), entries,
                     [&](const MapEntry& entry) {
                       return MapEntry{entry.key, plain(entry.value)};
                     });
      return Value::Map({entries, converted.size()}, Value::kGoReferences);
    }
    return converted;
  }

  Value List(const Value& list) {
    const auto items = list.as_list();
    auto* converted = arena_.AllocateArray<Value>(items.size());
    std::size_t count = 0;
    const bool keep =
        joined_omits_ == JoinedOmits::kKeep && (list.flags() & Value::kConcatenated) != 0;
    for (const Value& item : items) {
      if (item.is_omit() && !keep) continue;
      converted[count++] = Convert(item);
    }
    return Value::List({converted, count});
  }

  Value Map(const Value& map) {
    const auto entries = map.as_map();
    if ((map.flags() & Value::kMixedKeys) != 0) return MixedMap(entries);
    auto* converted = arena_.AllocateArray<MapEntry>(entries.size());
    std::size_t count = 0;
    for (const MapEntry& entry : entries) {
      if (!entry.value.is_omit()) converted[count++] = {entry.key, Convert(entry.value)};
    }
    return Value::Map({converted, count});
  }

  Value MixedMap(std::span<const MapEntry> entries) {
    value::MapBuilder builder(arena_);
    for (const MapEntry& entry : entries) {
      if (entry.value.is_omit()) continue;
      builder.Add(KeyText(entry.key), Convert(entry.value));
    }
    return builder.Build();
  }

  std::string_view KeyText(const Value& key) {
    if (key.is_string()) return key.as_string();
    return arena_.CopyString(value::GoText(key.is_null() ? Value::CelNull() : key));
  }

  base::Arena& arena_;
  JoinedOmits joined_omits_;
};

bool HoldsCelNull(const Value& value) {
  if (value.is_list())
    return std::any_of(value.as_list().begin(), value.as_list().end(), HoldsCelNull);
  if (value.is_map()) {
    return std::any_of(value.as_map().begin(), value.as_map().end(),
                       [](const MapEntry& entry) { return HoldsCelNull(entry.value); });
  }
  return value.is_cel_null();
}

Value WithNulls(const Value& value, base::Arena& arena) {
  if (value.is_cel_null()) return Value();
  if (!IsContainer(value) || !HoldsCelNull(value)) return value;
  // Marked as made by CEL so that its nulls leave as they came. Upstream's own nil beside them
  // would stay nil; a rendered value that holds both is not told apart.
  const auto flags = static_cast<std::uint8_t>(value.flags() | Value::kFromCel);
  if (value.is_list()) {
    const auto items = value.as_list();
    auto* copy = arena.AllocateArray<Value>(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) copy[i] = WithNulls(items[i], arena);
    return Value::List({copy, items.size()}, flags);
  }
  const auto entries = value.as_map();
  auto* copy = arena.AllocateArray<MapEntry>(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i)
    copy[i] = {entries[i].key, WithNulls(entries[i].value, arena)};
  return Value::Map({copy, entries.size()}, flags);
}

}  // namespace

Value FromCelResult(const Value& result, base::Arena& arena, JoinedOmits joined_omits) {
  return Converter(arena, joined_omits).Convert(result);
}

Value ToCelInput(const Value& rendered, base::Arena& arena) { return WithNulls(rendered, arena); }

}  // namespace openchoreo::tmpl
