// What both notations of a schema end in.
#pragma once

#include <memory>

#include "common/base/budget.h"
#include "common/base/result.h"
#include "common/schema/schema.h"
#include "common/schema/schema_node.h"
#include "common/value/value.h"

namespace openchoreo::schema {

// The schema of `document`, as SchemaTree takes it: kOpenApi, or kShorthand, which prunes values
// before it fills in defaults. Errors: kLimit once `budget` is spent.
base::Result<std::shared_ptr<const Schema>> SchemaOf(const value::Value& document, Origin origin,
                                                     base::Budget& budget);

}  // namespace openchoreo::schema
