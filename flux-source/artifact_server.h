// What is answered to whoever downloads an archive.
#pragma once

#include <functional>
#include <string>

#include "common/platform/http/server.h"
#include "flux-source/store.h"

namespace openchoreo::flux {

// Said in a request's query by a replica that asks another: that one then asks nobody else.
inline constexpr std::string_view kDirect = "direct";

// GET of an archive's path, and nothing else. `obtain` is asked for a well-formed path that is not
// in the store and may put it there; not for a request of another replica.
http::Response ServeArtifact(Store& store, const http::Request& request,
                             const std::function<bool(std::string_view path)>& obtain);

}  // namespace openchoreo::flux
