// Objects by identity: look-up, sorted lists, duplicates.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "common/base/diagnostic.h"
#include "common/resource/repository.h"

namespace openchoreo::resource {

// Built once by Add calls in the order of sources and documents, then Finish; immutable from there
// on.
class ObjectIndex {
 public:
  explicit ObjectIndex(bool last_duplicate_wins) : last_duplicate_wins_(last_duplicate_wins) {}

  void Reserve(std::size_t objects);

  // Takes `object` in under its identity. Same content as before: nothing. Other content: the first
  // one keeps the places of all (or the last one wins, with a warning in `diagnostics`). `object`
  // must outlive the index.
  void Add(Object* object, base::Diagnostics& diagnostics);

  // Moves an object that turned out to be refused after all.
  void Refuse(Object* object);

  void Finish();

  Object* Find(names::Kind kind, std::string_view ns, std::string_view name) const;
  const Object* FindRefused(names::Kind kind, std::string_view ns, std::string_view name) const;

  std::span<const Object* const> All(names::Kind kind) const {
    return lists_[static_cast<std::size_t>(kind)];
  }

  std::span<const Object* const> Refused(names::Kind kind) const {
    return refused_[static_cast<std::size_t>(kind)];
  }

 private:
  using List = std::vector<const Object*>;

  // The hash stands beside the object, which is looked at only if it can be the one.
  struct Slot {
    std::size_t hash = 0;
    Object* object = nullptr;
  };

  std::size_t SlotOf(std::size_t hash, names::Kind kind, std::string_view ns,
                     std::string_view name) const;
  void Grow(std::size_t slots);

  bool last_duplicate_wins_;
  std::vector<Slot> slots_;  // open addressing, a power of two
  std::size_t size_ = 0;
  std::array<List, names::kKindCount> lists_;
  std::array<List, names::kKindCount> refused_;
};

}  // namespace openchoreo::resource
