#include "common/value/field_mask.h"

#include "common/base/json_pointer.h"

namespace openchoreo::value {

FieldMask FieldMask::Only(std::initializer_list<std::string_view> pointers) {
  FieldMask mask(true);
  for (std::string_view pointer : pointers) mask.Add(pointer);
  return mask;
}

FieldMask FieldMask::Without(std::initializer_list<std::string_view> pointers) {
  FieldMask mask(false);
  for (std::string_view pointer : pointers) mask.Add(pointer);
  return mask;
}

void FieldMask::Add(std::string_view pointer) {
  Cursor::Node* node = &root_;
  while (pointer.starts_with('/')) {
    pointer.remove_prefix(1);
    const std::string_view raw = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(raw.size());
    std::string segment = base::PointerText(raw);
    const bool fresh = !node->children.contains(segment);
    Cursor::Node* next = &node->children[std::move(segment)];
    // The wider of two wins: it was named with all that is below.
    if (!fresh && next->children.empty()) return;
    node = next;
  }
  node->children.clear();
}

bool FieldMask::Cursor::Enter(std::string_view key, Cursor& below) const {
  below.only_ = only_;
  below.node_ = nullptr;
  if (node_ == nullptr) return true;
  auto found = node_->children.find(key);
  if (found == node_->children.end()) return !only_;
  if (found->second.children.empty()) return only_;
  below.node_ = &found->second;
  return true;
}

}  // namespace openchoreo::value
