#include "common/value/overlay.h"

namespace openchoreo::value {

Value Overlaid(base::Arena& arena, const Value& map, const Value& over) {
  const auto a = map.as_map();
  const auto b = over.as_map();
  const std::size_t most = a.size() + b.size();
  if (!arena.budget().Spend(1 + most) || !arena.budget().HasRoom(most * sizeof(MapEntry)))
    return map;
  auto* merged = arena.AllocateArray<MapEntry>(most);
  std::size_t count = 0, i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    const int order = a[i].key.as_string().compare(b[j].key.as_string());
    if (order < 0) {
      merged[count++] = a[i++];
      continue;
    }
    if (order == 0) ++i;
    merged[count++] = b[j++];
  }
  while (i < a.size()) merged[count++] = a[i++];
  while (j < b.size()) merged[count++] = b[j++];
  return Value::Map({merged, count});
}

}  // namespace openchoreo::value
