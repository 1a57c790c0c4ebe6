// Every reason a condition of a binding can have, and what it means: the one table from which the
// C++ verdicts, Argo CD's health scripts, Flux's healthCheckExprs and docs/health.md come.
//
// Reasons are upstream's (openchoreo internal/controller/*/controller_conditions.go, and v0.12's);
// which of them are progress follows the OpenChoreo plugin for Backstage
// (plugins/openchoreo-backend src/services/transformers/release-binding.ts), and goes beyond it
// where the table says so.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace openchoreo::names {

// Ready=False is a failure unless its reason is kProgressing or kUndeployed.
enum class ReasonClass : std::uint8_t {
  kReady,        // goes with True only
  kSuspended,    // goes with True: at rest on purpose
  kProgressing,  // is on its way, or waits for something else
  kUndeployed,   // gone on purpose
  kFailed,       // somebody must do something
};

struct Reason {
  std::string_view name;
  ReasonClass reason_class;
  std::string_view conditions;  // where it stands, besides Ready
  std::string_view meaning;     // a sentence
  std::string_view advice;      // what to do about it; "" = nothing
};

// In the order in which a deployment goes through them.
std::span<const Reason> Reasons();

// nullptr for a reason that is not in the table.
const Reason* FindReason(std::string_view name);

// kFailed for a reason that nobody knows.
ReasonClass ClassOfReason(std::string_view name);

}  // namespace openchoreo::names
