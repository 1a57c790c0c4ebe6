// oc_omit, oc_merge, oc_generate_name, oc_dns_label, oc_hash.
// Follows openchoreo internal/template/custom_functions.go.
#include "common/cel/declaration.h"
#include "common/names/fnv32a.h"
#include "common/names/k8s_name.h"

namespace openchoreo::cel {

namespace {

using value::Kind;
using value::MapEntry;
using value::Value;

Value Omit(Frame&, const Value*) { return Value::Omit(); }

// Upstream turns the values into Go values and back: a type comes out as its name, an optional as
// what it holds, and an omit, for which there is no CEL value, as an error: reading it fails, and
// left unread it renders as {}.
Value Merged(Value value) {
  while (value.kind() == Kind::kOptional) {
    value = value.optional_value() ? *value.optional_value() : Value::Null();
  }
  if (value.kind() == Kind::kType) return Value::String(value.as_string());
  return value.is_omit() ? kOmitMerged : value;
}

// Shallow: the entries of the second map win.
Value Merge(Frame& frame, const Value* arguments) {
  const auto base = arguments[0].as_map();
  const auto overlay = arguments[1].as_map();
  const bool mixed = ((arguments[0].flags() | arguments[1].flags()) & Value::kMixedKeys) != 0;
  if (mixed && !base.empty() && !overlay.empty()) {
    return frame.Fail(
        "internal error: interface conversion: ref.Val is not types.String: merging maps whose "
        "keys "
        "are no strings");
  }
  MapEntry* merged = frame.Spend(base.size() + overlay.size())
                         ? frame.NewEntries(base.size() + overlay.size())
                         : nullptr;
  if (!merged) return frame.LimitError();
  std::size_t count = 0;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < base.size() || j < overlay.size()) {
    int order = i == base.size() ? 1 : j == overlay.size() ? -1 : 0;
    if (order == 0) order = base[i].key.as_string().compare(overlay[j].key.as_string());
    const MapEntry& entry = order < 0 ? base[i] : overlay[j];
    merged[count++] = {entry.key, Merged(entry.value)};
    i += order <= 0 ? 1 : 0;
    j += order >= 0 ? 1 : 0;
  }
  return Value::Map({merged, count}, Value::kFromCel);
}

Value Name(Frame& frame, std::size_t limit, std::span<const std::string_view> parts) {
  std::size_t bytes = 0;
  for (std::string_view part : parts) bytes += part.size();
  if (!frame.Spend(bytes / 8 + parts.size() * 4 + 4)) return frame.LimitError();
  if (parts.empty()) return frame.Fail("internal error: runtime error: integer divide by zero");
  return frame.NewString(names::K8sName(limit, parts).text());
}

template <std::size_t kLimit>
Value NameOfString(Frame& frame, const Value* arguments) {
  const std::string_view part = arguments[0].as_string();
  return Name(frame, kLimit, {&part, 1});
}

// Items whose Go value is no string are passed over; a type's is its name. Of a list split() made
// upstream sees no item.
template <std::size_t kLimit>
Value NameOfList(Frame& frame, const Value* arguments) {
  const auto items = arguments[0].as_list();
  if (!frame.Spend(1 + items.size())) return frame.LimitError();
  constexpr std::size_t kFew = 8;
  std::string_view few[kFew];
  std::string_view* parts = few;
  if (items.size() > kFew) parts = frame.New<std::string_view>(items.size());
  if (!parts) return frame.LimitError();
  std::size_t count = 0;
  if (arguments[0].flags() & Value::kGoStrings) return Name(frame, kLimit, {});
  for (Value item : items) {
    while (item.kind() == Kind::kOptional && item.optional_value()) item = *item.optional_value();
    if (item.is_string() || item.kind() == Kind::kType) parts[count++] = item.as_string();
  }
  return Name(frame, kLimit, {parts, count});
}

Value Hash(Frame& frame, const Value* arguments) {
  const std::string_view text = arguments[0].as_string();
  if (!frame.Spend(text.size() / 16 + 1)) return frame.LimitError();
  return frame.NewString(names::Hex8(names::Fnv32a(text)));
}

}  // namespace

void DeclareOpenChoreo(Declarations& all) {
  using namespace types;  // NOLINT: type names only
  const Type* map = all.Map(&kString, &kDyn);
  const Type* strings = all.List(&kString);
  all.Add("oc_omit").Global("oc_omit", {}, &kDyn, Omit);
  all.Add("oc_merge").Global("oc_merge_map_map", {map, map}, map, Merge);
  all.Add("oc_generate_name")
      .Global("oc_generate_name_string", {&kString}, &kString,
              NameOfString<names::kMaxResourceName>)
      .Global("oc_generate_name_list", {strings}, &kString, NameOfList<names::kMaxResourceName>);
  all.Add("oc_dns_label")
      .Global("oc_dns_label_string", {&kString}, &kString, NameOfString<names::kMaxLabelName>)
      .Global("oc_dns_label_list", {strings}, &kString, NameOfList<names::kMaxLabelName>);
  all.Add("oc_hash").Global("oc_hash_string", {&kString}, &kString, Hash);
}

}  // namespace openchoreo::cel
