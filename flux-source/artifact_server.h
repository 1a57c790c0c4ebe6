// Archives over HTTP: GET and HEAD of exactly the paths that are announced.
#pragma once

#include "common/platform/http/server.h"
#include "flux-source/store.h"

namespace openchoreo::flux {

// The answer to `request`: the file with its digest as ETag, or 404 for every other path. Never
// bytes that are not the digest's.
http::Response ServeArtifact(Store& store, const http::Request& request);

}  // namespace openchoreo::flux
