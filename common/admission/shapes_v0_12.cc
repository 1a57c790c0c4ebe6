// The rules of the v0.8–v0.15 family's kinds: v0.12's CRDs, and beside them (kSinceV013) what
// v0.13–v0.17 added to the same shapes.
#include "common/admission/shape_tables.h"

namespace openchoreo::admission {
namespace {

#include "common/admission/shapes_v0_12.inc"

}  // namespace

const KindRules* RulesOfV012(names::Kind kind) { return RowOf(kRulesByKind, kind); }

const KindRules& RulesOf(names::Kind kind, names::Dialect dialect) {
  const KindRules* rules = dialect == names::Dialect::kV012 ? RulesOfV012(kind) : RulesOfV1(kind);
  if (!rules) rules = RulesOfV1(kind);
  if (!rules) rules = RulesOfV012(kind);
  return *rules;
}

}  // namespace openchoreo::admission
