// What the API server says about one field, in its words.
// Follows k8s.io/apimachinery util/validation/field and k8s.io/kube-openapi validation/errors.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/admission/field_path.h"
#include "common/value/value.h"

namespace openchoreo::admission {

struct FieldError {
  enum class Weight : std::uint8_t {
    kPlain,
    kBlocksRules,  // x-kubernetes-validations are not evaluated then
    kUnread,       // a required field that rendering does not read: only warns
    kInferred,     // a required field the loader may find out itself
  };

  std::string text;     // "spec.environment: Required value"
  std::string pointer;  // the field; for a missing one, the object it is missing from
  Weight weight = Weight::kPlain;
};

using FieldErrors = std::vector<FieldError>;

// "Invalid value: …" of a value: quoted text, plain numbers, JSON for the rest.
std::string DescribeInvalid(std::string_view label, const value::Value& value);

// Everything wrong with an object that passed no check of its shape, joined by "; ".
std::string JoinErrors(const FieldErrors& errors);

}  // namespace openchoreo::admission
