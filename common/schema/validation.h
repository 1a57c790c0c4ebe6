// Validation of values. Follows k8s.io/kube-openapi pkg/validation/validate, in texts and order.
#pragma once

#include <string>
#include <vector>

#include "common/base/budget.h"
#include "common/schema/schema_node.h"
#include "common/value/value.h"

namespace openchoreo::schema {

// kube-openapi says "a in body is required". OpenChoreo takes " in body" out for values, and leaves
// it in where it checks a default.
enum class InBody : bool { kRemove, kKeep };

// Every violation, each text once; sorted where upstream's order is by chance (several properties
// of one object fail, and Go visits maps in random order). Worthless once `budget` is spent.
std::vector<std::string> Violations(const value::Value& value, const SchemaNode& schema,
                                    base::Budget& budget, InBody in_body = InBody::kRemove);

}  // namespace openchoreo::schema
