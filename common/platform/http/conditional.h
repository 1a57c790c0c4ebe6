// Conditions and ranges of a request, as RFC 9110 sections 13 and 14 have them. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace openchoreo::http {

// Whether an If-None-Match names `etag` (without quotes), by weak comparison.
bool NamesEtag(std::string_view if_none_match, std::string_view etag);

struct ByteRange {
  enum Kind : std::uint8_t {
    kWhole,          // no range, several, or one that makes no sense: all is sent
    kPart,           // from `first` to `last`, both counted
    kUnsatisfiable,  // begins behind the end: 416
  } kind = kWhole;

  std::uint64_t first = 0, last = 0;
};

// Of a Range header, for `size` bytes. `if_range` "" or the ETag it was asked for: another than
// `etag` makes it whole.
ByteRange ReadRange(std::string_view range, std::string_view if_range, std::string_view etag,
                    std::uint64_t size);

}  // namespace openchoreo::http
