// One table per dialect; RulesOf (shape.h) chooses.
#pragma once

#include "common/admission/shape.h"

namespace openchoreo::admission {

// nullptr: the dialect has no such kind.
const KindRules* RulesOfV1(names::Kind kind);
const KindRules* RulesOfV012(names::Kind kind);

}  // namespace openchoreo::admission
