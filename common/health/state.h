// The words of health: states of one object, modes of judging.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/base/rfc3339.h"

namespace openchoreo::health {

// State of one object of the data plane, in OpenChoreo's words (openchoreo
// api/v1alpha1/renderedrelease_types.go HealthStatus).
enum class State : std::uint8_t {
  kNotComputed,  // written "": nobody has judged it yet
  kHealthy,
  kProgressing,
  kDegraded,
  kSuspended,
  kUnknown,
};

// "Healthy", …; "" for kNotComputed.
std::string_view StateName(State state);

// The inverse of StateName; nothing for another word.
std::optional<State> StateNamed(std::string_view name);

enum class Mode : std::uint8_t {
  kUpstream,  // OpenChoreo's own verdicts, exactly
  kStrict,    // ours: docs/health.md
};

// Which OpenChoreo's words are spoken. They differ where the CRDs do.
enum class Version : std::uint8_t { kV1, kV012 };

// How to judge.
struct Terms {
  Mode mode = Mode::kStrict;
  Version version = Version::kV1;
  // For the rules that give something time to come right; none of them applies without.
  std::optional<base::Instant> now = std::nullopt;
};

// The verdict on one object.
struct Judgement {
  State state = State::kUnknown;
  std::string_view why = {};  // a short sentence of static text, for people
  // Until then the verdict holds if the object stays as it is; after it the object must be judged
  // again. Nothing: for ever.
  std::optional<base::Instant> look_again = std::nullopt;
};

}  // namespace openchoreo::health
