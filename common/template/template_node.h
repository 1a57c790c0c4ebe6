// What a template is compiled to: a tree of nodes, one per value that holds an expression
// somewhere.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "common/base/arena.h"
#include "common/base/result.h"
#include "common/cel/program.h"
#include "common/value/value.h"

namespace openchoreo::tmpl {

// One ${…} of a string, compiled.
struct CompiledExpression {
  std::uint32_t begin = 0;  // in the string, of "${"
  std::uint32_t end = 0;    // behind "}"
  std::string_view inner;
  std::shared_ptr<const cel::Program> program;  // nullptr: `error` says why
  std::shared_ptr<const base::Error> error;     // as the CEL engine gave it
};

struct Node;

struct Field {
  std::string_view key;            // the text in the template
  const Node* key_node = nullptr;  // nullptr: the key holds no expression
  const Node* value = nullptr;
};

struct Node {
  enum class Kind : std::uint8_t {
    kConstant,    // nothing to do
    kExpression,  // the whole string is one ${…}: the value as it is
    kText,        // a string with ${…} in it
    kBroken,      // a string whose expressions cannot be told apart
    kList,
    kMap
  };

  Kind kind = Kind::kConstant;
  bool dynamic_keys = false;  // kMap: some key holds an expression
  value::Value constant;
  std::string_view text;  // kText, kExpression: the string
  std::vector<CompiledExpression> expressions;
  std::optional<base::Error> error;  // kBroken
  std::vector<const Node*> items;
  std::vector<Field> fields;
  // Where this node stands, for messages.
  const Node* parent = nullptr;
  std::string_view parent_key;   // in a map
  std::size_t parent_index = 0;  // in a list
};

// The JSON pointer of a node below the template's root.
std::string PathOf(const Node& node);

// `error` of a CEL step, in upstream's words and with its place.
base::Error ExpressionError(const Node& node, const CompiledExpression& expression,
                            const base::Error& error);

}  // namespace openchoreo::tmpl
