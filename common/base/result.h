// Result<T>: a value, or the one error that stopped its making. Rooms return it; nothing here
// throws.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "common/base/diagnostic.h"

namespace openchoreo::base {

using Error = Diagnostic;

template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> Fail(ErrorCode code, std::string message) {
  Error error;
  error.code = code;
  error.message = std::move(message);
  return tl::unexpected<Error>(std::move(error));
}

inline tl::unexpected<Error> Fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

// The same error with `prefix` put before its message (as Go's fmt.Errorf("…: %w") does).
inline tl::unexpected<Error> Wrap(std::string_view prefix, Error error) {
  error.message.insert(0, prefix);
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace openchoreo::base

#define OC_CONCAT_INNER(a, b) a##b
#define OC_CONCAT(a, b) OC_CONCAT_INNER(a, b)

// OC_TRY(auto x, Expr()): x is the value, or the enclosing function returns the error. `lhs` is a
// declaration, which takes no parentheses.
// NOLINTBEGIN(bugprone-macro-parentheses)
#define OC_TRY(lhs, expr) OC_TRY_INNER(OC_CONCAT(oc_result_, __LINE__), lhs, expr)
#define OC_TRY_INNER(tmp, lhs, expr)                                 \
  auto tmp = (expr);                                                 \
  if (!tmp) return ::openchoreo::base::Fail(std::move(tmp).error()); \
  lhs = std::move(tmp).value()
// NOLINTEND(bugprone-macro-parentheses)

// OC_TRY_DONE(Expr()): goes on, or the enclosing function returns the error; for Result<void>.
#define OC_TRY_DONE(expr)                                                      \
  do {                                                                         \
    auto oc_done = (expr);                                                     \
    if (!oc_done) return ::openchoreo::base::Fail(std::move(oc_done).error()); \
  } while (false)

// A broken invariant of our own; input can never reach one.
#define OC_CHECK(condition)                                                                  \
  do {                                                                                       \
    if (!(condition)) {                                                                      \
      std::fprintf(stderr, "%s:%d: broken invariant: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                          \
    }                                                                                        \
  } while (false)
