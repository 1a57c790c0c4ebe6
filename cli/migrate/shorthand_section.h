// A schema section in v0.9–v0.17 shorthand → openAPIV3Schema, field by field, in the order and with
// the comments it had.
#pragma once

#include <string>
#include <string_view>

#include "common/value/value.h"
#include "common/yaml/syntax_tree.h"

namespace openchoreo::migrate {

// Lines of an OpenAPI schema, indented by `column`, each ending in a line feed. `fields` is the
// section as written in `text`, `resolved` what schema::FromShorthand made of it.
std::string OpenApiLines(std::string_view text, const yaml::SyntaxTree::Node& fields,
                         const value::Value& resolved, std::size_t column);

}  // namespace openchoreo::migrate
