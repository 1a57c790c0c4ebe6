#include "common/admission/field_path.h"

#include "common/base/diagnostic.h"

namespace openchoreo::admission {

void FieldPath::Append(std::string& out, bool brackets) const {
  if (step_ == Step::kRoot) return;
  parent_->Append(out, brackets);
  if (step_ == Step::kIndex) {
    out += '[';
    out += std::to_string(index_);
    out += ']';
  } else if (step_ == Step::kKey && brackets) {
    out += '[';
    out += key_;
    out += ']';
  } else {
    if (!out.empty()) out += '.';
    out += key_;
  }
}

std::string FieldPath::Dotted() const {
  std::string out;
  Append(out, false);
  return out;
}

std::string FieldPath::Bracketed() const {
  std::string out;
  Append(out, true);
  return out;
}

std::string FieldPath::Pointer() const {
  if (step_ == Step::kRoot) return "";
  if (step_ == Step::kIndex) return base::JoinPointer(parent_->Pointer(), index_);
  return base::JoinPointer(parent_->Pointer(), key_);
}

}  // namespace openchoreo::admission
