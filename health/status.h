// A binding's status: what to write, and whether.
#pragma once

#include <optional>
#include <string_view>

#include "common/base/arena.h"
#include "common/health/binding_conditions.h"
#include "common/health/state.h"
#include "common/platform/kube/live.h"
#include "common/record/record.h"
#include "common/value/value.h"
#include "health/assessment.h"

namespace openchoreo::mapper {

// The first condition of that type in an object's status; null if there is none.
value::Value FindCondition(const value::Value& object, std::string_view type);

inline constexpr std::string_view kManager = "openchoreo-health-mapper";

// Whether the API server takes a status' conditions of this kind one by one, by type.
bool ConditionsAreMap(std::string_view kind);

// The fields of status that are ours to write, as they should be; in `arena`. Old CRDs (v0.12) hold
// conditions alone. Where conditions are a map by type, only those of our types.
value::Value WantedStatus(const value::Value& binding, const Assessment& assessment,
                          const record::Record* record, health::Version version,
                          std::string_view now, base::Arena& arena);

// Whether the binding's status has all of `wanted` as it is.
bool HasStatus(const value::Value& binding, const value::Value& wanted);

// `wanted` without the field that only tells when it was made; in `arena`.
value::Value WithoutMoment(const value::Value& wanted, base::Arena& arena);

// Whether it is no wonder that nothing is delivered for a binding: it is undeployed, or goes.
bool MayLackRecord(const kube::Live& binding);

struct Writer {
  std::string_view manager;
  base::Instant last;  // when it last wrote
};

// The manager, other than us, that last wrote the conditions of this binding; nothing: nobody did.
// Such a one is a control plane: two writers of one list would never end.
std::optional<Writer> OtherWriter(const value::Value& binding);

}  // namespace openchoreo::mapper
