// One table per dialect; RulesOf (shape.h) chooses.
#pragma once

#include <algorithm>
#include <span>

#include "common/admission/shape.h"

namespace openchoreo::admission {

// A row of a made table; rows ascend by kind.
struct KindRow {
  names::Kind kind;
  KindRules rules;
};

inline const KindRules* RowOf(std::span<const KindRow> rows, names::Kind kind) {
  const auto row = std::lower_bound(rows.begin(), rows.end(), kind,
                                    [](const KindRow& a, names::Kind b) { return a.kind < b; });
  return row != rows.end() && row->kind == kind ? &row->rules : nullptr;
}

// nullptr: the dialect has no such kind.
const KindRules* RulesOfV1(names::Kind kind);
const KindRules* RulesOfV012(names::Kind kind);

}  // namespace openchoreo::admission
