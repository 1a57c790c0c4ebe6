// The patterns of OpenChoreo's CRDs.
#pragma once

#include <string_view>

#include "common/admission/shape.h"

namespace openchoreo::admission {

// The regular expression as the CRD writes it ("should match '…'"); "" for kNoPattern and
// kUriFormat.
std::string_view PatternText(TextPattern pattern);

// Whether `text` matches, as Go's regexp would. kUriFormat: what url.ParseRequestURI accepts.
// Thread-safe; a pattern is compiled when first asked for.
bool Matches(TextPattern pattern, std::string_view text);

}  // namespace openchoreo::admission
