// Any JSON: as an object it gets a state in either mode, of either version, by the table and by
// rules of one's own; the same when asked again. Something is shown of it as a binding.
#include <cstdint>
#include <string>
#include <string_view>

#include "common/health/own_rules.h"
#include "common/health/shown.h"
#include "common/value/json_reader.h"
#include "test/fuzz/require.h"

namespace {

using namespace openchoreo;
using value::Value;

void CheckObject(const Value& object, base::Arena& arena) {
  static const health::OwnRules* const kRules =
      [] {
        static base::Arena own;
        const auto checks = value::ReadJson(
            R"json([{"apiVersion":"data.example.com/v1","kind":"*","failed":"has(status.phase) && status.phase == 'x'",
        "current":"status.conditions.exists(c, c.type == 'Ready')"}])json",
            own);
        return new health::OwnRules(health::OwnRules::Read(*checks).value());
      }

  ();
  const std::string_view api_version = object.Get("apiVersion").string_or_empty();
  const std::string_view kind = object.Get("kind").string_or_empty();
  base::RenderLimits limits;
  limits.max_cel_steps = 100'000;
  for (const health::Mode mode : {health::Mode::kUpstream, health::Mode::kStrict}) {
    for (const health::Version version : {health::Version::kV1, health::Version::kV012}) {
      const health::Terms terms{mode, version, base::Instant{1777888800, 0}};
      const health::Judgement verdict = health::JudgeObject(api_version, kind, object, terms);
      Require(verdict.state != health::State::kNotComputed, "no state");
      Require(!verdict.why.empty(), "a state without a why");
      if (verdict.look_again) Require(*verdict.look_again >= *terms.now, "look again in the past");
      const health::Judgement again = health::JudgeObject(api_version, kind, object, terms);
      Require(again.state == verdict.state && again.why == verdict.why, "it changes its mind");
      const health::Judgement own = kRules->Judge(api_version, kind, object, terms, arena, limits);
      Require(own.state != health::State::kNotComputed, "no state by own rules");
    }
  }
  const health::Shown shown = health::ShownOf(object);
  Require(!shown.status.empty(), "nothing is shown");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  base::Arena arena;
  const auto request = value::ReadJson({reinterpret_cast<const char*>(data), size}, arena);
  if (request) CheckObject(*request, arena);
  return 0;
}
