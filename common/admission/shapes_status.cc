#include "common/admission/shapes_status.h"

#include "common/admission/shape_tables.h"

namespace openchoreo::admission {
namespace {

#include "common/admission/shapes_status.inc"

}  // namespace

const Shape* StatusShape(names::Kind kind) {
  const KindRules* rules = RowOf(kStatusByKind, kind);
  return rules ? rules->spec : nullptr;
}

}  // namespace openchoreo::admission
