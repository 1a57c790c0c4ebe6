#include "common/resource/object_index.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <tuple>

#include "common/value/unbudgeted.h"

namespace openchoreo::resource {
namespace {

bool HasIdentity(const Object& object, names::Kind kind, std::string_view ns,
                 std::string_view name) {
  return object.kind == kind && object.name == name && object.ns == ns;
}

bool Before(const Object* a, const Object* b) {
  return std::tie(a->ns, a->name) < std::tie(b->ns, b->name);
}

std::size_t HashOf(names::Kind kind, std::string_view ns, std::string_view name) {
  constexpr std::hash<std::string_view> kHash;
  std::size_t hash = kHash(name);
  hash ^= kHash(ns) + 0x9e3779b97f4a7c15u + (hash << 6) + (hash >> 2);
  return hash * 31 + static_cast<std::size_t>(kind);
}

}  // namespace

void ObjectIndex::Reserve(std::size_t objects) {
  Grow(std::bit_ceil(std::max<std::size_t>(16, objects * 2)));
}

void ObjectIndex::Grow(std::size_t slots) {
  std::vector<Slot> old(slots);
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (!slot.object) continue;
    std::size_t free = slot.hash & (slots - 1);
    while (slots_[free].object) free = (free + 1) & (slots - 1);
    slots_[free] = slot;
  }
}

std::size_t ObjectIndex::SlotOf(std::size_t hash, names::Kind kind, std::string_view ns,
                                std::string_view name) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  while (slots_[slot].object &&
         (slots_[slot].hash != hash || !HasIdentity(*slots_[slot].object, kind, ns, name))) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

void ObjectIndex::Add(Object* object, base::Diagnostics& diagnostics) {
  if (!object->invalid.empty()) {
    refused_[static_cast<std::size_t>(object->kind)].push_back(object);
    return;
  }
  if (2 * (size_ + 1) > slots_.size()) Grow(std::max<std::size_t>(16, slots_.size() * 2));
  const std::size_t hash = HashOf(object->kind, object->ns, object->name);
  Slot& slot = slots_[SlotOf(hash, object->kind, object->ns, object->name)];
  Object*& held = slot.object;
  if (!held) {
    slot = {hash, object};
    ++size_;
    lists_[static_cast<std::size_t>(object->kind)].push_back(object);
    return;
  }
  if (held->dialect == object->dialect && JsonEquals(held->root, object->root)) return;
  if (last_duplicate_wins_) {
    base::Diagnostic warning;
    warning.severity = base::Severity::kWarning;
    warning.code = base::ErrorCode::kDuplicateObject;
    warning.message = Describe(*object) + " is defined more than once, the last one is used";
    warning.place = object->place;
    warning.object = Describe(*object);
    diagnostics.push_back(std::move(warning));
    held = object;
    return;
  }
  if (held->conflicts.empty()) held->conflicts.push_back(held->place);
  held->conflicts.push_back(object->place);
}

void ObjectIndex::Refuse(Object* object) {
  // The slot stays taken, so that probing over it still works; Find looks at `invalid`.
  refused_[static_cast<std::size_t>(object->kind)].push_back(object);
}

void ObjectIndex::Finish() {
  if (last_duplicate_wins_) {
    for (List& list : lists_) list.clear();
    for (const Slot& slot : slots_) {
      if (slot.object) lists_[static_cast<std::size_t>(slot.object->kind)].push_back(slot.object);
    }
  }
  for (List& list : lists_) {
    std::erase_if(list, [](const Object* object) { return !object->invalid.empty(); });
    // They come by path, which often is their order.
    if (!std::is_sorted(list.begin(), list.end(), Before))
      std::sort(list.begin(), list.end(), Before);
  }
  for (List& list : refused_) {
    std::stable_sort(list.begin(), list.end(), Before);
    const auto same = [](const Object* a, const Object* b) {
      return !a->name.empty() && a->ns == b->ns && a->name == b->name;
    };
    list.erase(std::unique(list.begin(), list.end(), same), list.end());
  }
}

Object* ObjectIndex::Find(names::Kind kind, std::string_view ns, std::string_view name) const {
  if (slots_.empty()) return nullptr;
  if (names::IsClusterScoped(kind)) ns = {};
  Object* found = slots_[SlotOf(HashOf(kind, ns, name), kind, ns, name)].object;
  return found && found->invalid.empty() ? found : nullptr;
}

const Object* ObjectIndex::FindRefused(names::Kind kind, std::string_view ns,
                                       std::string_view name) const {
  if (names::IsClusterScoped(kind)) ns = {};
  const std::span<const Object* const> list = Refused(kind);
  const auto found = std::lower_bound(list.begin(), list.end(), std::tie(ns, name),
                                      [](const Object* object, const auto& wanted) {
                                        return std::tie(object->ns, object->name) < wanted;
                                      });
  return found != list.end() && (*found)->ns == ns && (*found)->name == name ? *found : nullptr;
}

}  // namespace openchoreo::resource
