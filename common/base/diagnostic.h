// What a person is told: one type for errors, warnings and notes, always with a place.
//
// A Place names a node of a document (source, document, field), not a line: lines are found when a
// message is printed (yaml::Locate), so the hot path carries no marks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error_code.h"

namespace openchoreo::base {

enum class Severity : std::uint8_t { kError, kWarning, kNote };

// Where in the input. `field` is a JSON pointer (RFC 6901) below the document's root.
struct Place {
  static constexpr std::uint32_t kNoSource = 0xffffffff;

  std::uint32_t source = kNoSource;  // file: index the loader gave (resource::SourceTable)
  std::uint32_t document = 0;        // 0-based within the file
  std::string field;                 // "" = the document itself
  // Range inside the decoded text of the scalar at `field`, for expressions; begin == end: whole
  // node.
  std::uint32_t text_begin = 0;
  std::uint32_t text_end = 0;
  // Byte offset in the file, when the document could not be read as a tree (then field is empty).
  std::int64_t byte_offset = -1;

  bool known() const { return source != kNoSource; }
};

struct Diagnostic {
  Severity severity = Severity::kError;
  ErrorCode code = ErrorCode::kNone;
  std::string message;  // upstream's text, unbroken, where upstream has one
  Place place;
  std::string object;              // "ReleaseBinding acme/cart-dev", if one is concerned
  std::string hint;                // what to do, one sentence; may be empty
  std::vector<std::string> notes;  // "in trait …", "also declared at …"
};

using Diagnostics = std::vector<Diagnostic>;

// One escaped segment appended to a JSON pointer.
std::string JoinPointer(std::string_view pointer, std::string_view segment);
std::string JoinPointer(std::string_view pointer, std::size_t index);

}  // namespace openchoreo::base
