// Which fields of a JSON text are worth keeping: what nobody reads is not even decoded.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

namespace openchoreo::value {

// Made of JSON pointers; a list is stepped into without a segment of its own
// ("/spec/containers/image" is every container's image). Immutable after it was made, so threads
// may share it.
class FieldMask {
 public:
  // Keeps what is named, and all below it.
  static FieldMask Only(std::initializer_list<std::string_view> pointers);
  // Drops what is named, keeps the rest.
  static FieldMask Without(std::initializer_list<std::string_view> pointers);

  // More of the same kind.
  void Add(std::string_view pointer);

  bool only() const { return only_; }

  // A place in the mask while a text is read.
  class Cursor {
   public:
    Cursor() = default;  // keeps everything

    explicit Cursor(const FieldMask& mask) : only_(mask.only_), node_(&mask.root_) {}

    // Whether the field `key` of the map here is kept, and the place below it.
    bool Enter(std::string_view key, Cursor& below) const;

   private:
    friend class FieldMask;

    struct Node {
      std::map<std::string, Node, std::less<>> children;  // none: named itself
    };

    bool only_ = false;
    const Node* node_ = nullptr;  // null: everything from here on
  };

 private:
  explicit FieldMask(bool only) : only_(only) {}

  bool only_;
  Cursor::Node root_;
};

}  // namespace openchoreo::value
