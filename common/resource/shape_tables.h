// One table per dialect; RulesOf (shape.h) chooses.
#pragma once

#include "common/resource/shape.h"

namespace openchoreo::resource {

// nullptr: the dialect has no such kind.
const KindRules* RulesOfV1(Kind kind);
const KindRules* RulesOfV012(Kind kind);

}  // namespace openchoreo::resource
