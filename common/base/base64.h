// Base64 with the alphabet of RFC 4648 section 4, padded, as Go's encoding/base64 StdEncoding.
#pragma once

#include <string>
#include <string_view>

namespace openchoreo::base {

void AppendBase64(std::string& out, std::string_view bytes);

// Appends what `text` encodes; line breaks are ignored. False if it is no base64: `out` may hold a
// part then.
bool DecodeBase64(std::string_view text, std::string& out);

}  // namespace openchoreo::base
