// The few patterns OpenChoreo's CRDs use, matched without a regular expression engine.
#pragma once

#include <string_view>

#include "common/admission/shape.h"

namespace openchoreo::admission {

// The regular expression as the CRD writes it ("should match '…'"); "" for kNone and kUriFormat.
std::string_view PatternText(TextPattern pattern);

// Whether `text` matches, exactly as Go's regexp would. kUriFormat: what url.ParseRequestURI
// accepts.
bool Matches(TextPattern pattern, std::string_view text);

}  // namespace openchoreo::admission
