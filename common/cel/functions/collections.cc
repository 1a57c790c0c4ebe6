// in, size, [], and the map insertion that transformMap stands for.
#include "common/base/utf8.h"
#include "common/cel/ast.h"
#include "common/cel/declaration.h"
#include "common/cel/equality.h"

namespace openchoreo::cel {

namespace {

using value::Kind;
using value::Value;

Value In(Frame& frame, const Value* arguments) {
  const Value& element = arguments[0];
  const Value& container = arguments[1];
  if (container.is_map()) {
    // Where upstream keeps CEL values as keys it looks the element up by its hash.
    const bool hashed = (container.flags() & (Value::kFromCel | Value::kMixedKeys)) != 0;
    if (hashed && container.size() > 0 && !IsMapKey(element)) return BadMapKey(frame);
    return Value::Bool(FindEntry(container, element) != nullptr);
  }
  if (!container.is_list()) return kNoSuchOverload;
  if (!frame.Spend(container.size())) return frame.LimitError();
  for (const Value& item : container.as_list()) {
    if (Equal(frame, element, item)) return Value::Bool(true);
    if (frame.exceeded()) [[unlikely]]
      return frame.LimitError();
  }
  return Value::Bool(false);
}

Value Size(Frame&, const Value* arguments) {
  const Value& a = arguments[0];
  const std::size_t size = a.is_string() ? base::CountRunes(a.as_string()) : a.size();
  return Value::Int(static_cast<std::int64_t>(size));
}

// The planner has nodes of its own for these; the declaration is for the checker.
Value Planned(Frame&, const Value*) { return kNoSuchOverload; }

}  // namespace

void DeclareCollections(Declarations& all) {
  using namespace types;  // NOLINT: type names only
  const Type* list = all.List(&kA);
  const Type* map = all.Map(&kA, &kB);
  const Type* optional = all.Optional(&kB);
  const Type* optional_item = all.Optional(&kA);
  all.Add(op::kIn)
      .Global("in_list", {&kA, list}, &kBool)
      .Global("in_map", {&kA, map}, &kBool)
      .ForAll(In);
  all.Add("size")
      .Global("size_bytes", {&kBytes}, &kInt)
      .Member("bytes_size", {&kBytes}, &kInt)
      .Global("size_list", {list}, &kInt)
      .Member("list_size", {list}, &kInt)
      .Global("size_map", {map}, &kInt)
      .Member("map_size", {map}, &kInt)
      .Global("size_string", {&kString}, &kInt)
      .Member("string_size", {&kString}, &kInt)
      .ForAll(Size, KindBit(Kind::kBytes) | KindBit(Kind::kList) | KindBit(Kind::kMap) |
                        KindBit(Kind::kString));
  all.Add(op::kIndex)
      .Global("index_list", {list, &kInt}, &kA)
      .Global("index_map", {map, &kA}, &kB)
      .Global("optional_list_index_int", {all.Optional(list), &kInt}, optional_item)
      .Global("optional_map_index_value", {all.Optional(map), &kA}, optional)
      .ForAll(Planned);
  all.Add(op::kOptIndex)
      .Global("list_optindex_optional_int", {list, &kInt}, optional_item)
      .Global("optional_list_optindex_optional_int", {all.Optional(list), &kInt}, optional_item)
      .Global("map_optindex_optional_value", {map, &kA}, optional)
      .Global("optional_map_optindex_optional_value", {all.Optional(map), &kA}, optional)
      .ForAll(Planned);
  all.Add(op::kMapInsert)
      .Global("@mapInsert_map_key_value", {map, &kA, &kB}, map)
      .Global("@mapInsert_map_map", {map, map}, map)
      .ForAll(Planned);
}

}  // namespace openchoreo::cel
