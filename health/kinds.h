// The kinds of objects that are read, and what of each.
#pragma once

#include <compare>
#include <set>
#include <string>
#include <vector>

#include "common/base/cancel.h"
#include "common/platform/kube/client.h"

namespace openchoreo::mapper {

struct KindName {
  std::string api_version, kind;

  auto operator<=>(const KindName&) const = default;
};

// The three kinds of bindings.
const std::vector<KindName>& BindingKinds();

// What a release may leave behind where no record tells of it any more.
const std::set<KindName>& UsualKinds();

// In all namespaces: objects of that kind that were rendered, as far as rules read them (more where
// there are rules of one's own); release records; bindings.
kube::Selector ObjectSelector(const KindName& kind, bool own_rules);
kube::Selector RecordSelector();
kube::Selector BindingSelector();

// How the cluster names the kind. Errors as Client::Discover, kNotFound for the kind too.
base::Result<kube::Resource> FindResource(kube::Client& client, const KindName& kind,
                                          const base::Cancel& cancel);

}  // namespace openchoreo::mapper
