// OpenChoreo's own macros. Follows openchoreo internal/template/custom_functions.go and
// internal/pipeline/component/context/cel_extensions.go, today's and that of v0.12.
#pragma once

#include "common/cel/macros.h"

namespace openchoreo::cel {

// oc_generate_name, oc_dns_label and oc_merge with any number of arguments.
MacroResult ExpandOpenChoreoCall(const MacroCall& call, ExprFactory& factory, Issues& issues);

// configurations.toVolumes() and the like, on exactly these names.
MacroResult ExpandContextCall(const MacroCall& call, Macros macros, ExprFactory& factory);

}  // namespace openchoreo::cel
