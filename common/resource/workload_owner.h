// Workloads without spec.owner, as the GitOps guide writes them: the one rule that uses location.
#pragma once

#include <deque>
#include <functional>
#include <string_view>
#include <vector>

#include "common/base/arena.h"
#include "common/base/diagnostic.h"
#include "common/resource/object_index.h"

namespace openchoreo::resource {

// Gives each of `ownerless` (Workloads) the Component in its own folder, if there is exactly one;
// else the single Component of its namespace that no Workload owns; always with a warning. One that
// finds none is refused. New values are in `arena`. `folder_of` gives a comparable name for the
// folder of a source.
void FindOwners(const std::vector<Object*>& ownerless, const std::deque<Object>& objects,
                const std::function<std::string_view(std::uint32_t source)>& folder_of,
                ObjectIndex& index, base::Arena& arena, base::Diagnostics& diagnostics);

}  // namespace openchoreo::resource
