// matches with a pattern known at compile time, and regular expressions in general.
#pragma once

#include "common/cel/node.h"

namespace openchoreo::base {
class GoRegexp;
}

namespace openchoreo::cel {

class MatchNode final : public Node {
 public:
  MatchNode(const Node* text, const base::GoRegexp* pattern) : text_(text), pattern_(pattern) {}

  value::Value Eval(Frame& frame) const override;

 private:
  const Node* text_;
  const base::GoRegexp* pattern_;
};

// text.matches(pattern) for strings; compiles the pattern each time.
value::Value Matches(Frame& frame, const value::Value* arguments);

}  // namespace openchoreo::cel
