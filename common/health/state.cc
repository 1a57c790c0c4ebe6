#include "common/health/state.h"

#include <array>

namespace openchoreo::health {
namespace {

constexpr std::array<std::string_view, 6> kNames = {"",         "Healthy",   "Progressing",
                                                    "Degraded", "Suspended", "Unknown"};

}  // namespace

std::string_view StateName(State state) { return kNames[static_cast<std::size_t>(state)]; }

std::optional<State> StateNamed(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<State>(i);
  }
  return std::nullopt;
}

}  // namespace openchoreo::health
