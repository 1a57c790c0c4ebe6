// String formats as Kubernetes checks them. Follows k8s.io/kube-openapi pkg/validation/strfmt.
#pragma once

#include <string_view>

namespace openchoreo::schema {

using FormatCheck = bool (*)(std::string_view text);

// The check of a format ("date-time", "datetime": dashes do not count); nullptr if Kubernetes knows
// none.
FormatCheck FindFormat(std::string_view name);

}  // namespace openchoreo::schema
