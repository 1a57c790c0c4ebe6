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

bool MadeByCel(const Value& value) {
  return (value.flags() & (Value::kFromCel | Value::kConcatenated)) != 0;
}

class Converter {
 public:
  Converter(base::Arena& arena, JoinedOmits joined_omits)
      : arena_(arena), budget_(arena.budget()), joined_omits_(joined_omits) {}

  Value Convert(const Value& value) {
    switch (value.kind()) {
      case Kind::kNull:
        return Value::CelNull();
      case Kind::kType:
        return Value::String(value.as_string());
      case Kind::kError:  // an omit that oc_merge() has kept
        return Value::Map({}, Value::kGoError);
      case Kind::kOptional: {
        const base::Level level(budget_);
        if (!level || !budget_.Spend(1)) return value;
        return value.optional_value() ? Unwrap(*value.optional_value()) : Value();
      }
      case Kind::kList:
        return MadeByCel(value) ? List(value) : value;
      case Kind::kMap:
        return MadeByCel(value) ? Map(value) : value;
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
      Value* items = New<Value>(converted.size());
      if (!items) return converted;
      std::transform(converted.as_list().begin(), converted.as_list().end(), items, plain);
      return Value::List({items, converted.size()}, Value::kGoReferences);
    }
    if (converted.is_map()) {
      MapEntry* entries = New<MapEntry>(converted.size());
      if (!entries) return converted;
      std::transform(converted.as_map().begin(), converted.as_map().end(), entries,
                     [&](const MapEntry& entry) {
                       return MapEntry{entry.key, plain(entry.value)};
                     });
      return Value::Map({entries, converted.size()}, Value::kGoReferences);
    }
    return converted;
  }

  // Room for a copy; nullptr once the budget is spent.
  template <typename T>
  T* New(std::size_t count) {
    if (!budget_.Spend(1 + count) || !budget_.HasRoom(count * sizeof(T))) return nullptr;
    return arena_.AllocateArray<T>(count);
  }

  // Copies from the first item on that changes.
  Value List(const Value& list) {
    const base::Level level(budget_);
    const auto items = list.as_list();
    if (!level || !budget_.Spend(1 + items.size())) return list;
    const bool keep =
        joined_omits_ == JoinedOmits::kKeep && (list.flags() & Value::kConcatenated) != 0;
    Value* converted = nullptr;
    std::size_t count = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const bool dropped = items[i].is_omit() && !keep;
      const Value item = dropped ? items[i] : Convert(items[i]);
      if (budget_.spent()) return list;
      // An omit that stays is a change, too: it takes the flags off the list.
      if (!converted) {
        if (!items[i].is_omit() && value::IsSame(item, items[i])) continue;
        converted = New<Value>(items.size());
        if (!converted) return list;
        std::copy(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(i), converted);
        count = i;
      }
      if (!dropped) converted[count++] = item;
    }
    return converted ? Value::List({converted, count}) : list;
  }

  Value Map(const Value& map) {
    const base::Level level(budget_);
    const auto entries = map.as_map();
    if (!level || !budget_.Spend(1 + entries.size())) return map;
    if ((map.flags() & Value::kMixedKeys) != 0) return MixedMap(entries);
    MapEntry* converted = nullptr;
    std::size_t count = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const bool dropped = entries[i].value.is_omit();
      const Value member = dropped ? entries[i].value : Convert(entries[i].value);
      if (budget_.spent()) return map;
      if (!converted) {
        if (!dropped && value::IsSame(member, entries[i].value)) continue;
        converted = New<MapEntry>(entries.size());
        if (!converted) return map;
        std::copy(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(i), converted);
        count = i;
      }
      if (!dropped) converted[count++] = {entries[i].key, member};
    }
    return converted ? Value::Map({converted, count}) : map;
  }

  Value MixedMap(std::span<const MapEntry> entries) {
    value::MapBuilder builder(arena_);
    for (const MapEntry& entry : entries) {
      if (entry.value.is_omit()) continue;
      builder.Add(KeyText(entry.key), Convert(entry.value));
      if (budget_.spent()) break;
    }
    return builder.Build();
  }

  std::string_view KeyText(const Value& key) {
    if (key.is_string()) return key.as_string();
    return arena_.CopyString(value::GoText(key.is_null() ? Value::CelNull() : key, budget_));
  }

  base::Arena& arena_;
  base::Budget& budget_;
  JoinedOmits joined_omits_;
};

// Marked as made by CEL so that its nulls leave as they came. Upstream's own nil beside them would
// stay nil; a rendered value that holds both is not told apart.
Value Marked(const Value& changed, const Value& value) {
  if (value::IsSame(changed, value)) return value;
  const auto flags = static_cast<std::uint8_t>(changed.flags() | Value::kFromCel);
  return changed.is_list() ? Value::List(changed.as_list(), flags)
                           : Value::Map(changed.as_map(), flags);
}

Value WithNulls(const Value& value, base::Arena& arena) {
  if (value.is_cel_null()) return Value();
  return Marked(
      value::MapElements(arena, value, [&](const Value& below) { return WithNulls(below, arena); }),
      value);
}

}  // namespace

Value FromCelResult(const Value& result, base::Arena& arena, JoinedOmits joined_omits) {
  return Converter(arena, joined_omits).Convert(result);
}

Value ToCelInput(const Value& rendered, base::Arena& arena) { return WithNulls(rendered, arena); }

}  // namespace openchoreo::tmpl
