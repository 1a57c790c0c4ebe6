// Go structs as tables, and the text k8s.io/utils/dump.ForHash prints for one (spew's "%#v", sorted
// keys):
// "(component.ReleaseSpec){ComponentType:(v1alpha1.ComponentTypeSpec){WorkloadType:(string)deployment
// …".
//
// A struct is read off the JSON it was decoded from, so what is absent prints as Go's zero value:
// nil slices, maps and pointers as <nil>, an empty list that is there as [], strings as nothing.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "common/names/fnv32a.h"
#include "common/value/value.h"

namespace openchoreo::release {

enum class GoForm : std::uint8_t {
  kString,  // any string type
  kInt32,
  kBool,
  kRaw,  // runtime.RawExtension: the compact JSON of whatever is there, as bytes
  kStruct,
  kPointer,  // nil when absent
  kSlice,    // nil when absent
  kMap,      // map[string]T; nil when absent
};

struct GoField;

struct GoType {
  GoForm form;
  std::string_view name;            // "v1alpha1.TraitRef"; unused for pointer, slice and map
  const GoType* element = nullptr;  // of pointer, slice and map
  std::span<const GoField> fields = {};
};

struct GoField {
  std::string_view name;  // in Go
  std::string_view key;   // in JSON; "" for an inlined struct, which reads the same object
  const GoType* type;
};

// Takes the text piece by piece. The hash and the text itself are two ways to use one.
class DumpText {
 public:
  // Hashes only.
  DumpText() = default;

  // Hashes, and appends to `*text`.
  explicit DumpText(std::string* text) : text_(text) {}

  // Goes on from a former state.
  explicit DumpText(std::uint32_t hash) : hash_(hash) {}

  void Add(std::string_view piece) {
    hash_ = names::Fnv32a(piece, hash_);
    if (text_) text_->append(piece);
  }

  std::uint32_t hash() const { return hash_; }

 private:
  std::uint32_t hash_ = names::kFnv32aSeed;
  std::string* text_ = nullptr;
};

// `value` with its type in front, as at the top or in a struct field. A value of another JSON type
// than the Go type decodes prints as the zero value (loaded objects have been validated).
void Dump(const GoType& type, const value::Value& value, DumpText& out);

}  // namespace openchoreo::release
