#include "flux-source/duration.h"

#include "common/platform/service/duration.h"

namespace openchoreo::flux {

std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  return service::ParseDuration(text);
}

}  // namespace openchoreo::flux
