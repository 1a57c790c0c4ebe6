// Keys that a schema does not know but that are nearly the name of a property it has.
#pragma once

#include <vector>

#include "common/base/budget.h"
#include "common/schema/schema.h"
#include "common/schema/schema_node.h"

namespace openchoreo::schema {

// At most twenty. Worthless once `budget` is spent.
std::vector<NearMiss> FindNearMisses(const value::Value& values, const SchemaNode& schema,
                                     base::Budget& budget);

}  // namespace openchoreo::schema
