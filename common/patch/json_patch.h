// add, replace and remove at one place. Follows openchoreo internal/patch/rfc6902.go.
#pragma once

#include <span>
#include <string>

#include "common/base/result.h"
#include "common/patch/document.h"
#include "common/patch/path_expansion.h"

namespace openchoreo::patch {

enum class JsonPatchOp { kAdd, kReplace, kRemove };

const char* NameOf(JsonPatchOp op);

// Creates what is missing above the place of an add: objects, and a list where "-" comes next.
// Errors: kPatch.
base::Result<bool> EnsureParents(Document& document, std::span<const Step> steps);

// Errors: kPatch with upstream's text.
base::Result<bool> ApplyAt(Document& document, JsonPatchOp op, std::span<const Step> steps,
                           const value::Value& value);

// mergeShallow at one place: overlays the keys of `overlay` (a map), one level deep. Follows
// openchoreo internal/patch/merge.go. Errors: kPatch.
base::Result<bool> MergeShallowAt(Document& document, std::span<const Step> steps,
                                  const value::Value& overlay);

}  // namespace openchoreo::patch
