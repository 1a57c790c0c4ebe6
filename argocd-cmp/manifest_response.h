// A plugin.ManifestResponse, encoded once: gRPC sends the bytes as they are, and a cached answer is
// never copied again.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "common/base/result.h"
#include "common/render/renderer.h"

namespace openchoreo::argocd {

struct EncodedResponse {
  std::shared_ptr<const std::string> bytes;
  std::size_t manifests = 0;
};

// One manifests entry per object, compact JSON. Errors: kLimit beyond `max_bytes`, saying what to
// do.
base::Result<EncodedResponse> EncodeManifests(const render::Output& output, std::size_t max_bytes);

// A buffer that shares `bytes`.
grpc::ByteBuffer ToByteBuffer(std::shared_ptr<const std::string> bytes);

}  // namespace openchoreo::argocd
