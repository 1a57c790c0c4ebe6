// [?(@.a.b=='v')]: equality of a field's text. Follows matchesFilter of openchoreo
// internal/patch/expand_paths.go.
#pragma once

#include <string_view>

#include "common/base/budget.h"
#include "common/base/result.h"
#include "common/value/value.h"

namespace openchoreo::patch {

// An expression taken apart: what stands between "[?(" and ")]".
struct PathFilter {
  std::string_view field;     // dotted
  std::string_view expected;  // between the quotes, as it is
};

// Errors: kPatch, "unsupported filter expression: …". The views point into `expression`.
base::Result<PathFilter> ParseFilter(std::string_view expression);

// False where the field is missing, and once `budget` is spent. Values compare by their %v text;
// null only with ''.
bool Matches(const PathFilter& filter, const value::Value& item, base::Budget& budget);

}  // namespace openchoreo::patch
