#include "flux-source/copy_archive.h"

#include "common/artifact/digest.h"

namespace openchoreo::flux {

bool CopyArchive(http::Client& http, Store& store, const Owner& owner, const std::string& url,
                 std::string_view digest, const CopyLimits& limits, const base::Cancel& cancel) {
  const auto wanted = artifact::ParseDigest(digest);
  if (!wanted || wanted->algorithm != artifact::DigestAlgorithm::kSha256) return false;
  http::Call call;
  call.url = url;
  call.connect = limits.connect;
  call.answer = limits.answer;
  call.whole = limits.whole;
  call.max_body_bytes = limits.max_bytes;
  const auto reply = http.Send(call, cancel);
  if (!reply || reply->status != 200) return false;
  artifact::DigestStream found(wanted->algorithm);
  found.Update(reply->body);
  return found.Finish() == *wanted &&
         store.Put(owner, reply->body, artifact::ToString(*wanted)).has_value();
}

}  // namespace openchoreo::flux
