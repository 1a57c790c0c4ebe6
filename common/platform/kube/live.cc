#include "common/platform/kube/live.h"

#include "common/value/map_builder.h"

namespace openchoreo::kube {

namespace {

// Bytes a deep copy takes, with a little for alignment. As deep as the reader lets values be.
std::size_t BytesOf(const value::Value& value) {
  constexpr std::size_t kAlign = alignof(value::MapEntry);
  if (value.is_string()) return value.size();
  std::size_t bytes = 0;
  if (value.is_list()) {
    bytes = value.size() * sizeof(value::Value) + kAlign;
    for (const value::Value& item : value.as_list()) bytes += BytesOf(item);
  } else if (value.is_map()) {
    bytes = value.size() * sizeof(value::MapEntry) + kAlign;
    for (const value::MapEntry& entry : value.as_map())
      bytes += entry.key.size() + BytesOf(entry.value);
  }
  return bytes;
}

}  // namespace

Live Live::Own(std::shared_ptr<const base::Arena> arena, value::Value object) {
  Live live;
  live.owner_ = std::move(arena);
  live.object_ = object;
  return live;
}

Live Live::Copy(const value::Value& object) {
  auto arena = std::make_shared<base::Arena>(BytesOf(object) + 1);
  Live live;
  live.object_ = value::DeepCopy(*arena, object);
  live.owner_ = std::move(arena);
  return live;
}

std::int64_t Live::generation() const {
  const value::Value generation = object_.Get("metadata", "generation");
  return generation.is_int() ? generation.as_int() : 0;
}

}  // namespace openchoreo::kube
