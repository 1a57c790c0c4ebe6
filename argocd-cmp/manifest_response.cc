#include "argocd-cmp/manifest_response.h"

#include <grpc/slice.h>

#include <utility>

namespace openchoreo::argocd {

namespace {

constexpr char kManifestsTag = 0x0a;  // field 1, length-delimited

void AppendVarint(std::string& out, std::size_t n) {
  while (n >= 0x80) {
    out.push_back(static_cast<char>((n & 0x7f) | 0x80));
    n >>= 7;
  }
  out.push_back(static_cast<char>(n));
}

std::size_t VarintBytes(std::size_t n) {
  std::size_t bytes = 1;
  while (n >= 0x80) {
    n >>= 7;
    ++bytes;
  }
  return bytes;
}

template <typename F>
void ForEachObject(const render::Output& output, F&& each) {
  for (const render::Group& group : output.groups) {
    for (std::size_t i = 0; i < group.size(); ++i) {
      std::string_view object = group.object(i);
      while (object.ends_with('\n')) object.remove_suffix(1);
      if (!object.empty()) each(object);
    }
  }
}

std::string Mebibytes(std::size_t bytes) {
  std::size_t tenths = bytes / ((1u << 20) / 10);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MiB";
}

}  // namespace

base::Result<EncodedResponse> EncodeManifests(const render::Output& output, std::size_t max_bytes) {
  std::size_t total = 0;
  EncodedResponse response;
  ForEachObject(output, [&](std::string_view object) {
    total += 1 + VarintBytes(object.size()) + object.size();
    ++response.manifests;
  });
  if (total > max_bytes) {
    base::Error error;
    error.code = base::ErrorCode::kLimit;
    error.message = "the " + std::to_string(response.manifests) + " rendered manifests have " +
                    Mebibytes(total) + ", more than the " + Mebibytes(max_bytes) +
                    " one answer may have";
    error.hint =
        "split the Application by the parameters environments or projects, or raise "
        "ARGOCD_GRPC_MAX_SIZE_MB on "
        "repo-server and plugin";
    return base::Fail(std::move(error));
  }
  auto bytes = std::make_shared<std::string>();
  bytes->reserve(total);
  ForEachObject(output, [&](std::string_view object) {
    bytes->push_back(kManifestsTag);
    AppendVarint(*bytes, object.size());
    bytes->append(object);
  });
  response.bytes = std::move(bytes);
  return response;
}

grpc::ByteBuffer ToByteBuffer(std::shared_ptr<const std::string> bytes) {
  if (bytes->empty()) {
    grpc::Slice empty;
    return grpc::ByteBuffer(&empty, 1);
  }
  auto* owner = new std::shared_ptr<const std::string>(std::move(bytes));
  // The slice's API wants a mutable pointer; nothing writes through it.
  void* data = const_cast<char*>((*owner)->data());
  grpc::Slice slice(
      data, (*owner)->size(),
      [](void* user) { delete static_cast<std::shared_ptr<const std::string>*>(user); }, owner);
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace openchoreo::argocd
