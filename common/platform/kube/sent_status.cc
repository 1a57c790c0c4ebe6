#include "common/platform/kube/sent_status.h"

#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::kube {

namespace {

base::Sha256Digest DigestOf(const value::Value& status) {
  return base::Sha256(value::ToJson(status));
}

}  // namespace

void SentStatus::Note(const Live& before, const Live& now, const value::Value& status) {
  over_ = before.resource_version();
  made_ = now.resource_version();
  digest_ = DigestOf(status);
}

bool SentStatus::Covers(const Live& live, const value::Value& status) const {
  if (!digest_) return false;
  const std::string_view version = live.resource_version();
  return (version == made_ || version == over_) && *digest_ == DigestOf(status);
}

}  // namespace openchoreo::kube
