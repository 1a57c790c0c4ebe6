// An announced archive, taken from where it is served.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/cancel.h"
#include "common/platform/http/client.h"
#include "flux-source/store.h"

namespace openchoreo::flux {

struct CopyLimits {
  std::chrono::milliseconds connect{2'000}, answer{10'000}, whole{60'000};
  std::uint64_t max_bytes = 1u << 30;
};

// Downloads `url` and puts it into the store as the file of `owner` of that digest ("sha256:…").
// False if it cannot be had, holds other bytes, or cannot be stored.
bool CopyArchive(http::Client& http, Store& store, const Owner& owner, const std::string& url,
                 std::string_view digest, const CopyLimits& limits, const base::Cancel& cancel);

}  // namespace openchoreo::flux
