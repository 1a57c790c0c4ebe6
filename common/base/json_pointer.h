// Segments of JSON pointers (RFC 6901).
#pragma once

#include <string>
#include <string_view>

namespace openchoreo::base {

// Appends `segment` as a pointer writes it: "~0" for '~', "~1" for '/'.
void AppendPointerSegment(std::string& pointer, std::string_view segment);

// Appends what a segment of a pointer means: "~1" is '/', '~' with any other character is '~', and
// a last '~' stands for itself.
void AppendPointerText(std::string& text, std::string_view segment);

// The same, on its own.
std::string PointerText(std::string_view segment);

}  // namespace openchoreo::base
