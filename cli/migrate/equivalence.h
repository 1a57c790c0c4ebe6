// Do two plans deploy the same thing, but for what docs/dialects.md says changes with the dialect?
#pragma once

#include <map>
#include <string>

namespace openchoreo::migrate {

// Plan elements (`render --format plan`) by "Kind namespace/name".
using Plan = std::map<std::string, std::string>;

// The first binding that differs and how, "" if none does. Set aside are: openchoreo.dev/ labels
// and annotations, the platform's network policies, generated names of ConfigMaps and secrets,
// names and order of volumes.
std::string FirstDifference(const Plan& before, const Plan& after);

}  // namespace openchoreo::migrate
