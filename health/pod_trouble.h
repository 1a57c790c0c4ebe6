// Why a workload is not healthy, from its pods: looked at only then.
#pragma once

#include <string>

#include "common/base/cancel.h"
#include "common/platform/kube/client.h"
#include "common/value/value.h"

namespace openchoreo::mapper {

// What stands in the way of this pod, for people: "pod web-1: container main: ErrImagePull"; "" =
// nothing that it tells.
std::string TroubleOfPod(const value::Value& pod);

// The label selector of a workload's pods, as kubectl's -l; "" where it has none.
std::string SelectorOf(const value::Value& workload);

// Why there are no pods where the workload says it, else the first trouble of its pods, of one page
// of them. Errors as Client::List.
base::Result<std::string> FindPodTrouble(kube::Client& client, const value::Value& workload,
                                         const base::Cancel& cancel);

}  // namespace openchoreo::mapper
