#include "common/render/output.h"

#include <algorithm>

namespace openchoreo::render {

bool Output::has_error() const {
  return std::any_of(diagnostics.begin(), diagnostics.end(), [](const base::Diagnostic& d) {
    return d.severity == base::Severity::kError;
  });
}

const BindingFacts* Output::SubjectOf(std::size_t i) const {
  const std::size_t subject = subjects[i];
  if (subject == kNobody) return nullptr;
  return subject < bindings.size() ? &bindings[subject] : &underived[subject - bindings.size()];
}

}  // namespace openchoreo::render
