#include "common/patch/document.h"

#include <algorithm>
#include <cstdint>

namespace openchoreo::patch {

using value::MapEntry;
using value::Value;

namespace {

// Set on the lists and maps whose storage this document made. In front of the storage lies one more
// element that holds its capacity. Finish takes the flag off again.
constexpr std::uint8_t kOwned = 0x80;

std::size_t& CapacityOf(Value* items) { return *reinterpret_cast<std::size_t*>(items - 1); }

std::size_t& CapacityOf(MapEntry* entries) { return *reinterpret_cast<std::size_t*>(entries - 1); }

template <typename T>
T* AllocateOwned(base::Arena& arena, std::size_t capacity) {
  T* storage = arena.AllocateArray<T>(capacity + 1) + 1;
  CapacityOf(storage) = capacity;
  return storage;
}

template <typename T>
struct Storage {
  T* data;
  std::size_t size;
};

Storage<MapEntry> Read(const Value& value, MapEntry*) {
  const auto entries = value.as_map();
  return {const_cast<MapEntry*>(entries.data()), entries.size()};
}

Storage<Value> Read(const Value& value, Value*) {
  const auto items = value.as_list();
  return {const_cast<Value*>(items.data()), items.size()};
}

void Write(Value& node, const Storage<MapEntry>& s, std::uint8_t flags) {
  node = Value::Map({s.data, s.size}, flags);
}

void Write(Value& node, const Storage<Value>& s, std::uint8_t flags) {
  node = Value::List({s.data, s.size}, flags);
}

// The storage of `node`, made its own first, with room for `extra` more elements.
template <typename T>
Storage<T> Own(base::Arena& arena, Value& node, std::size_t extra) {
  Storage<T> storage = Read(node, static_cast<T*>(nullptr));
  const bool owned = (node.flags() & kOwned) != 0;
  if (owned && storage.size + extra <= CapacityOf(storage.data)) return storage;
  // What the copy costs is charged; whoever applies the patch asks whether the budget is spent.
  arena.budget().Spend(1 + storage.size);
  const std::size_t capacity = owned ? 2 * (storage.size + extra) : storage.size + extra;
  T* copy = AllocateOwned<T>(arena, capacity);
  std::copy(storage.data, storage.data + storage.size, copy);
  storage.data = copy;
  Write(node, storage, node.flags() | kOwned);
  return storage;
}

template <typename T>
void InsertAt(base::Arena& arena, Value& node, std::size_t index, const T& element) {
  Storage<T> storage = Own<T>(arena, node, 1);
  arena.budget().Spend(1 + (storage.size - index) / 8);
  std::copy_backward(storage.data + index, storage.data + storage.size,
                     storage.data + storage.size + 1);
  storage.data[index] = element;
  ++storage.size;
  Write(node, storage, node.flags());
}

template <typename T>
void EraseAt(base::Arena& arena, Value& node, std::size_t index) {
  Storage<T> storage = Own<T>(arena, node, 0);
  arena.budget().Spend(1 + (storage.size - index) / 8);
  std::copy(storage.data + index + 1, storage.data + storage.size, storage.data + index);
  --storage.size;
  Write(node, storage, node.flags());
}

// Where `key` is or belongs.
std::size_t PositionOf(const Value& map, std::string_view key) {
  const auto entries = map.as_map();
  const auto at = std::lower_bound(entries.begin(), entries.end(), key,
                                   [](const MapEntry& entry, std::string_view wanted) {
                                     return entry.key.as_string() < wanted;
                                   });
  return static_cast<std::size_t>(at - entries.begin());
}

bool Holds(const Value& map, std::size_t position, std::string_view key) {
  return position < map.size() && map.as_map()[position].key.as_string() == key;
}

// Owned nodes hang below owned nodes only, so the walk sees no more than what was copied.
void Disown(Value& node) {
  if ((node.flags() & kOwned) == 0) return;
  const auto flags = static_cast<std::uint8_t>(node.flags() & ~kOwned);
  if (node.is_map()) {
    const Storage<MapEntry> storage = Read(node, static_cast<MapEntry*>(nullptr));
    for (std::size_t i = 0; i < storage.size; ++i) Disown(storage.data[i].value);
    Write(node, storage, flags);
  } else {
    const Storage<Value> storage = Read(node, static_cast<Value*>(nullptr));
    for (std::size_t i = 0; i < storage.size; ++i) Disown(storage.data[i]);
    Write(node, storage, flags);
  }
}

}  // namespace

Value* Document::Find(Value& map, std::string_view key) {
  const std::size_t position = PositionOf(map, key);
  if (!Holds(map, position, key)) return nullptr;
  return &Own<MapEntry>(arena_, map, 0).data[position].value;
}

Value& Document::Set(Value& map, std::string_view key, const Value& value) {
  const std::size_t position = PositionOf(map, key);
  if (!Holds(map, position, key))
    InsertAt(arena_, map, position, MapEntry{Value::String(key), Value()});
  Value& slot = Own<MapEntry>(arena_, map, 0).data[position].value;
  slot = value;
  return slot;
}

void Document::Remove(Value& map, std::string_view key) {
  const std::size_t position = PositionOf(map, key);
  if (Holds(map, position, key)) EraseAt<MapEntry>(arena_, map, position);
}

Value& Document::Item(Value& list, std::size_t index) {
  return Own<Value>(arena_, list, 0).data[index];
}

void Document::Insert(Value& list, std::size_t index, const Value& value) {
  InsertAt(arena_, list, index, value);
}

void Document::Erase(Value& list, std::size_t index) { EraseAt<Value>(arena_, list, index); }

Value Document::Finish() {
  Disown(root_);
  return root_;
}

}  // namespace openchoreo::patch
