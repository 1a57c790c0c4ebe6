// The rules of OpenChoreo v1.x's kinds.
#include "common/admission/shape_tables.h"

namespace openchoreo::admission {
namespace {

#include "common/admission/shapes_v1.inc"

}  // namespace

const KindRules* RulesOfV1(names::Kind kind) { return RowOf(kRulesByKind, kind); }

}  // namespace openchoreo::admission
