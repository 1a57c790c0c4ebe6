// Bounds of numbers. Follows numberValidator of k8s.io/kube-openapi pkg/validation/validate.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/schema/schema_node.h"
#include "common/value/value.h"

namespace openchoreo::schema {

// Whole and not beyond 2^53 - 1 either way: such a double passes as an integer.
bool IsJsonInteger(double number);

// Appends what `number` (int, uint or double) breaks; `path` is its name in messages.
void CheckNumber(const value::Value& number, const SchemaNode& schema, const std::string& path,
                 std::vector<std::string>& violations);

}  // namespace openchoreo::schema
