// The two halves of an apiVersion.
#pragma once

#include <string_view>

namespace openchoreo::names {

struct ApiVersion {
  std::string_view group, version;
};

// "apps/v1": "apps" and "v1"; the core group, of "v1", is "". Views of the text.
constexpr ApiVersion SplitApiVersion(std::string_view api_version) {
  const std::size_t slash = api_version.find('/');
  if (slash == std::string_view::npos) return {{}, api_version};
  return {api_version.substr(0, slash), api_version.substr(slash + 1)};
}

constexpr std::string_view GroupOf(std::string_view api_version) {
  return SplitApiVersion(api_version).group;
}

}  // namespace openchoreo::names
