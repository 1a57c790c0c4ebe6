// What the tools people have show of a binding, from the conditions in its status. The same verdict
// as Argo CD's script and Flux's expressions give (health_table.h makes both of them).
#pragma once

#include <string>
#include <string_view>

#include "common/value/value.h"

namespace openchoreo::health {

// The message of ResourcesUndeployed once all is gone; before, "Resources being undeployed".
inline constexpr std::string_view kUndeployedMessage = "Resources undeployed";

enum class FluxStatus : std::uint8_t { kInProgress, kFailed, kCurrent };

std::string_view FluxStatusName(FluxStatus status);

struct Shown {
  std::string_view status;  // Argo CD's word: Healthy, Suspended, Progressing or Degraded
  std::string message;      // "Reason: message" of the condition that decides
  FluxStatus flux = FluxStatus::kInProgress;
};

// `binding` is the object of any of the three binding kinds, of either dialect, as the API server
// gives it; what is missing or of another type reads as not there. Thread-safe.
Shown ShownOf(const value::Value& binding);

}  // namespace openchoreo::health
