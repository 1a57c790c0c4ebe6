#include "flux-source/artifact_server.h"

namespace openchoreo::flux {

http::Response ServeArtifact(Store& store, const http::Request& request,
                             const std::function<bool(std::string_view path)>& obtain) {
  http::Response response;
  std::string_view path = request.path;
  if (path.starts_with('/')) path.remove_prefix(1);
  const auto parts = ParseStorePath(path);
  auto opened = parts ? store.OpenVerified(path) : std::nullopt;
  if (parts && !opened && request.query != kDirect && obtain(path)) {
    opened = store.OpenVerified(path);
  }
  if (!opened) {
    response.status = 404;
    response.body = "404 page not found\n";
    return response;
  }
  response.content_type = "application/gzip";
  response.file = http::OpenFile(opened->descriptor, opened->size);
  response.etag = "sha256:" + parts->hex;
  return response;
}

}  // namespace openchoreo::flux
