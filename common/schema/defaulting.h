// Structural defaulting. Follows k8s.io/apiextensions-apiserver
// pkg/apiserver/schema/defaulting/algorithm.go.
#pragma once

#include "common/base/arena.h"
#include "common/schema/schema_node.h"
#include "common/value/value.h"

namespace openchoreo::schema {

// `value` with the defaults below `schema` filled in (not the default of `schema` itself): missing
// properties, and nulls that are not nullable. Shares what does not change. Worthless, as Prune's
// result, once the budget of `arena` is spent.
value::Value FillDefaults(const value::Value& value, const SchemaNode& schema, base::Arena& arena);

// `value` without the fields the schema does not name. Follows pruning of
// k8s.io/apiextensions-apiserver pkg/apiserver/schema/pruning (old dialect only; v1.x never
// prunes).
value::Value Prune(const value::Value& value, const SchemaNode& schema, base::Arena& arena);

}  // namespace openchoreo::schema
