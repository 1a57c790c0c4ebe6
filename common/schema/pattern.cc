#include "common/schema/pattern.h"

namespace openchoreo::schema {

Pattern::Pattern(std::string_view text) : compiled_(text), description_(text) {
  if (!compiled_.error().empty()) {
    description_ += ", but pattern is invalid: " + compiled_.error();
  }
}

bool Pattern::Matches(std::string_view text) const {
  return compiled_.error().empty() && compiled_.Matches(text);
}

}  // namespace openchoreo::schema
