// JSON text to values, strictly by RFC 8259. Integers that fit int64 are ints, other numbers
// doubles.
#pragma once

#include <string_view>

#include "common/base/arena.h"
#include "common/base/limits.h"
#include "common/base/result.h"
#include "common/value/field_mask.h"
#include "common/value/value.h"

namespace openchoreo::value {

// The value owns nothing: strings are copied into `arena`. The last of repeated keys wins, as Go
// decodes. Errors (kYamlSyntax, kYamlLimit) carry the byte offset. Bytes after the value are an
// error.
base::Result<Value> ReadJson(std::string_view text, base::Arena& arena,
                             const base::RenderLimits& limits = {});

// The same without the fields that `mask` leaves out: they must be JSON too, but cost no memory.
base::Result<Value> ReadJson(std::string_view text, base::Arena& arena, const FieldMask& mask,
                             const base::RenderLimits& limits = {});

}  // namespace openchoreo::value
