// A checked tree to nodes: variables to slots, calls to overloads, constant parts computed.
#pragma once

#include <memory>
#include <vector>

#include "common/base/result.h"
#include "common/cel/ast.h"
#include "common/cel/checker.h"
#include "common/cel/node.h"

namespace openchoreo::base {
class GoRegexp;
}

namespace openchoreo::cel {

// Regular expressions that are constants of a program. Thread-safe once made.
class Patterns {
 public:
  Patterns();
  ~Patterns();
  Patterns(Patterns&&) noexcept;
  Patterns& operator=(Patterns&&) noexcept;

  // nullptr if `pattern` is not valid, or too large.
  const base::GoRegexp* Compile(std::string_view pattern);

  // What the compiled ones may take from the heap, and what compiling them cost.
  std::size_t bytes() const { return bytes_; }

  std::uint64_t steps() const { return steps_; }

 private:
  std::vector<std::unique_ptr<base::GoRegexp>> compiled_;
  std::size_t bytes_ = 0;
  std::uint64_t steps_ = 0;
};

// Told each sub-expression's value as it is computed; for `eval cel --explain`.
class Observer {
 public:
  virtual void Observe(std::uint32_t expr_id, const value::Value& value) = 0;

 protected:
  ~Observer() = default;
};

struct Plan {
  const Node* root = nullptr;
  std::uint32_t locals = 0;  // comprehension variables alive at once
};

// Nodes, constants and names are copied into `arena`, so the tree and its text may go. With an
// `observer` nothing is folded and every value is reported to it. Error: what cel-go refuses only
// here, such as a constant index of an impossible kind, in its words and without a source line.
base::Result<Plan> MakePlan(const Expr& expr, const CheckedExpr& checked, base::Arena& arena,
                            Patterns& patterns, Observer* observer = nullptr);

}  // namespace openchoreo::cel
