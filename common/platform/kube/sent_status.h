// A status that the API server does not take whole: the CRD of another version prunes, without a
// word, the fields it lacks, so that what is there never is what is wanted.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/base/sha256.h"
#include "common/platform/kube/live.h"
#include "common/value/value.h"

namespace openchoreo::kube {

// What was sent last of one object's status and what came of it, so that it is sent again only once
// it, or the object, is another. Empty by default. Not thread-safe.
class SentStatus {
 public:
  // `status` was sent over `before`, and the API server has `now` since.
  void Note(const Live& before, const Live& now, const value::Value& status);

  // Whether sending `status` would change nothing: it was sent already, and `live` is what it was
  // sent over (the watch is behind) or what came of it.
  bool Covers(const Live& live, const value::Value& status) const;

 private:
  std::string over_, made_;  // resourceVersions
  std::optional<base::Sha256Digest> digest_;
};

}  // namespace openchoreo::kube
