#include "common/resource/compact_values.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <string_view>
#include <utility>

#include "common/base/limits.h"

namespace openchoreo::resource {
namespace {

using value::Kind;
using value::MapEntry;
using value::Value;

// What is worth being looked for in a table, and what may be compared.
constexpr std::size_t kLeastShared = 384, kMostShared = 1u << 18;
// Of what repeats its parts there is no telling how large it is written out.
constexpr std::size_t kHuge = std::size_t{1} << 40;

std::uint64_t Mixed(std::uint64_t hash, std::uint64_t more) {
  hash = (hash ^ more) * 0x9e3779b97f4a7c15u;
  return hash ^ (hash >> 29);
}

// Not only the same JSON, but the same value. Of bounded values alone.
bool IsSame(const Value& a, const Value& b) {
  if (a.kind() != b.kind() || a.flags() != b.flags() || a.size() != b.size()) return false;
  if (a.is_string()) return a.as_string() == b.as_string();
  if (a.is_list()) {
    const std::span<const Value> one = a.as_list(), other = b.as_list();
    return one.data() == other.data() || std::equal(one.begin(), one.end(), other.begin(), IsSame);
  }
  if (a.is_map()) {
    const std::span<const MapEntry> one = a.as_map(), other = b.as_map();
    return one.data() == other.data() ||
           std::equal(one.begin(), one.end(), other.begin(),
                      [](const MapEntry& x, const MapEntry& y) {
                        return IsSame(x.key, y.key) && IsSame(x.value, y.value);
                      });
  }
  return a.as_uint() == b.as_uint();
}

}  // namespace

SharedParts::PartPointer SharedParts::Share(std::uint64_t hash, const Value& value) {
  PartPointer found;
  {
    const std::lock_guard lock(mutex_);
    const auto at = parts_.find(hash);
    if (at != parts_.end()) found = at->second.lock();
    if (!found) {
      std::uint64_t& seen = seen_[hash % kSeen];
      if (std::exchange(seen, hash) != hash || *bytes_ >= max_bytes_) return nullptr;
    }
  }
  if (found) return IsSame(found->value, value) ? found : nullptr;
  CompactValues copies(nullptr);
  if (!copies.Add(value)) return nullptr;
  const auto made = std::make_shared<Part>(bytes_, copies.bytes());
  copies.Begin(made->arena);
  made->value = copies.Copy(value);
  *bytes_ += made->arena.bytes();
  const std::lock_guard lock(mutex_);
  parts_[hash] = made;
  if (parts_.size() >= sweep_at_) {
    std::erase_if(parts_, [](const auto& part) { return part.second.expired(); });
    sweep_at_ = std::max<std::size_t>(1024, parts_.size() * 2);
  }
  return made;
}

CompactValues::Key CompactValues::KeyOf(const Value& value) {
  return value.is_list() ? Key{value.as_list().data(), value.size()}
                         : Key{value.as_map().data(), value.size() | (std::size_t{1} << 62)};
}

std::uint32_t& CompactValues::SlotOf(const Key& key) {
  const std::size_t hash =
      (reinterpret_cast<std::uintptr_t>(key.at) >> 4) * 0x9e3779b97f4a7c15u + key.size;
  for (std::size_t at = hash;; ++at) {
    std::uint32_t& slot = slots_[at & (slots_.size() - 1)];
    if (slot == 0 || nodes_[slot - 1].key == key) return slot;
  }
}

// Of nodes_, where it is made if it is not there.
std::size_t CompactValues::IndexOf(const Key& key) {
  if (slots_.size() < 2 * (nodes_.size() + 1)) {
    slots_.assign(std::max<std::size_t>(128, 2 * slots_.size()), 0);
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) SlotOf(nodes_[i].key) = i + 1;
  }
  std::uint32_t& slot = SlotOf(key);
  if (slot == 0) {
    nodes_.push_back({key});
    slot = static_cast<std::uint32_t>(nodes_.size());
  }
  return slot - 1;
}

CompactValues::Measure CompactValues::MeasureOf(const Value& value) {
  const std::uint64_t head = Mixed(static_cast<std::uint64_t>(value.kind()),
                                   (std::uint64_t{value.flags()} << 32) | value.size());
  if (value.is_string()) {
    return {Mixed(head, std::hash<std::string_view>()(value.as_string())), value.size()};
  }
  if (!value.is_list() && !value.is_map()) {
    odd_ = odd_ || value.kind() > Kind::kMap;
    return {Mixed(head, value.as_uint()), 0};
  }
  if (value.size() == 0 || odd_) return {head, 0};
  if (depth_ >= base::kLimits.max_value_depth) {
    odd_ = true;
    return {head, 0};
  }
  const std::size_t index = IndexOf(KeyOf(value));
  if (nodes_[index].bytes != 0) return {nodes_[index].hash, nodes_[index].bytes};
  ++depth_;
  Measure all{head, 0};
  const auto add = [&](const Value& part) {
    const Measure measure = MeasureOf(part);
    all.hash = Mixed(all.hash, measure.hash);
    all.bytes = std::min(kHuge, all.bytes + sizeof(Value) + measure.bytes);
  };
  if (value.is_list()) {
    for (const Value& item : value.as_list()) add(item);
  } else {
    for (const MapEntry& entry : value.as_map()) {
      add(entry.key);
      add(entry.value);
    }
  }
  --depth_;
  nodes_[index].hash = all.hash;
  nodes_[index].bytes = all.bytes;
  return all;
}

// Counts what is copied, and takes what is shared.
void CompactValues::Plan(const Value& value) {
  if (value.is_string()) {
    text_bytes_ += value.size();
    return;
  }
  if ((!value.is_list() && !value.is_map()) || value.size() == 0) return;
  Node& node = nodes_[IndexOf(KeyOf(value))];
  if (std::exchange(node.planned, true)) return;
  if (parts_ != nullptr && node.bytes >= kLeastShared && node.bytes <= kMostShared) {
    if (SharedParts::PartPointer part = parts_->Share(node.hash, value)) {
      node.copied = true;
      node.copy = part->value;
      held_.push_back(std::move(part));
      return;
    }
  }
  if (value.is_list()) {
    node_bytes_ += value.size() * sizeof(Value);
    for (const Value& item : value.as_list()) Plan(item);
    return;
  }
  node_bytes_ += value.size() * sizeof(MapEntry);
  for (const MapEntry& entry : value.as_map()) {
    Plan(entry.key);
    Plan(entry.value);
  }
}

bool CompactValues::Add(const Value& value) {
  MeasureOf(value);
  if (odd_) return false;
  Plan(value);
  return true;
}

void CompactValues::Begin(base::Arena& arena) {
  next_node_ = static_cast<char*>(arena.Allocate(bytes(), alignof(MapEntry)));
  next_text_ = next_node_ + node_bytes_;
}

Value CompactValues::CopyText(const Value& value) {
  const std::string_view text = value.as_string();
  if (text.empty()) return Value::String("");
  char* const copy = std::exchange(next_text_, next_text_ + text.size());
  std::memcpy(copy, text.data(), text.size());
  return Value::String({copy, text.size()});
}

Value CompactValues::Copy(const Value& value) {
  if (value.is_string()) return CopyText(value);
  if ((!value.is_list() && !value.is_map()) || value.size() == 0) return value;
  const std::size_t index = IndexOf(KeyOf(value));
  if (std::exchange(nodes_[index].copied, true)) return nodes_[index].copy;
  if (value.is_list()) {
    auto* const items = reinterpret_cast<Value*>(next_node_);
    next_node_ += value.size() * sizeof(Value);
    for (std::size_t i = 0; i < value.size(); ++i) items[i] = Copy(value.as_list()[i]);
    return nodes_[index].copy = Value::List({items, value.size()}, value.flags());
  }
  auto* const entries = reinterpret_cast<MapEntry*>(next_node_);
  next_node_ += value.size() * sizeof(MapEntry);
  for (std::size_t i = 0; i < value.size(); ++i) {
    const MapEntry& entry = value.as_map()[i];
    entries[i].key = Copy(entry.key);
    entries[i].value = Copy(entry.value);
  }
  return nodes_[index].copy = Value::Map({entries, value.size()}, value.flags());
}

}  // namespace openchoreo::resource
