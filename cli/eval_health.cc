#include "cli/eval_health.h"

#include <string>
#include <vector>

#include "cli/eval_lines.h"
#include "common/health/binding_conditions.h"
#include "common/health/own_rules.h"
#include "common/health/shown.h"
#include "common/names/api_version.h"
#include "common/value/json_writer.h"

namespace openchoreo::cli {

namespace {

using health::Mode;
using value::Value;

std::int64_t IntOf(const Value& value) {
  if (value.is_int()) return value.as_int();
  return value.is_double() ? static_cast<std::int64_t>(value.as_double()) : 0;
}

std::string TextOf(const Value& value) { return std::string(value.string_or_empty()); }

bool BoolOf(const Value& value) { return value.is_bool() && value.as_bool(); }

std::span<const Value> ListOf(const Value& value) {
  return value.is_list() ? value.as_list() : std::span<const Value>();
}

std::vector<health::BindingCondition> ConditionsOf(const Value& list) {
  std::vector<health::BindingCondition> conditions;
  for (const Value& item : ListOf(list)) {
    conditions.push_back({TextOf(item.Get("type")), TextOf(item.Get("status")),
                          TextOf(item.Get("reason")), TextOf(item.Get("message")),
                          IntOf(item.Get("observedGeneration")),
                          TextOf(item.Get("lastTransitionTime"))});
  }
  return conditions;
}

void ReadRelease(const Value& request, health::BindingInput& input) {
  if (const Value problem = request.Get("problem"); problem.is_map()) {
    input.problem = {TextOf(problem.Get("reason")), TextOf(problem.Get("message"))};
  }
  if (const Value release = request.Get("release"); release.is_map()) {
    input.release = {TextOf(release.Get("name")), IntOf(release.Get("generation")),
                     TextOf(release.Get("result")), IntOf(release.Get("count"))};
  }
  if (const Value other = request.Get("observability"); other.is_map()) {
    input.observability = {TextOf(other.Get("name")), TextOf(other.Get("result")),
                           IntOf(other.Get("count")), TextOf(other.Get("skipped"))};
  }
  if (const Value applied = request.Get("applied"); applied.is_map()) {
    input.applied = {TextOf(applied.Get("status")), TextOf(applied.Get("message")),
                     IntOf(applied.Get("observedGeneration"))};
  }
}

void ReadParts(const Value& request, health::BindingInput& input) {
  const auto counts = [&](std::string_view key) {
    return health::Counts{IntOf(request.Get(key, "resolved")), IntOf(request.Get(key, "pending"))};
  };
  input.connections = counts("connections");
  input.dependencies = counts("dependencies");
  for (const Value& item : ListOf(request.Get("entries"))) {
    health::Entry entry{TextOf(item.Get("id")), std::nullopt, std::nullopt};
    const Value ready = item.Get("ready");
    if (ready.is_bool()) entry.ready = ready.as_bool();
    if (ready.is_map()) entry.error = TextOf(ready.Get("error"));
    input.entries.push_back(std::move(entry));
  }
  input.outputs.resolved = IntOf(request.Get("outputs", "resolved"));
  for (const Value& error : ListOf(request.Get("outputs", "errors"))) {
    input.outputs.errors.push_back(TextOf(error));
  }
}

health::BindingInput ReadBinding(const Value& request) {
  health::BindingInput input;
  const Value binding = request.Get("binding");
  input.kind = health::KindNamed(binding.Get("kind").string_or_empty())
                   .value_or(health::BindingKind::kReleaseBinding);
  input.generation = IntOf(binding.Get("generation"));
  input.deleting = BoolOf(binding.Get("deleting"));
  input.retain = BoolOf(request.Get("retain"));
  input.now = TextOf(request.Get("now"));
  input.previous = ConditionsOf(request.Get("previous"));
  input.component_type = TextOf(request.Get("componentType"));
  input.undeploy = request.Get("state").string_or_empty() == "Undeploy";
  input.remaining = IntOf(request.Get("remaining"));
  input.target_namespace = TextOf(request.Get("targetNamespace"));
  ReadRelease(request, input);
  ReadParts(request, input);
  return input;
}

std::vector<health::Observed> Observe(const Value& resources, const health::Terms& terms) {
  std::vector<health::Observed> observed;
  for (const Value& item : ListOf(resources)) {
    const std::string_view api_version = item.Get("apiVersion").string_or_empty();
    health::Observed one{TextOf(item.Get("id")), std::string(names::GroupOf(api_version)),
                         TextOf(item.Get("kind")), TextOf(item.Get("name")),
                         health::State::kUnknown};
    if (const Value given = item.Get("health"); given.is_string()) {
      one.state = health::StateNamed(given.as_string()).value_or(health::State::kUnknown);
    } else {
      one.state = health::JudgeObject(api_version, one.kind, item.Get("object"), terms).state;
    }
    observed.push_back(std::move(one));
  }
  return observed;
}

std::string ConditionsText(const std::vector<health::BindingCondition>& conditions) {
  std::string json = "[";
  for (const health::BindingCondition& condition : conditions) {
    if (json.size() > 1) json += ',';
    const auto add = [&](std::string_view key, std::string_view text) {
      json.append("\"").append(key).append("\":");
      value::AppendJsonString(json, text);
    };
    json += '{';
    add("lastTransitionTime", condition.transition);
    json += ',';
    add("message", condition.message);
    json += ",\"observedGeneration\":" + std::to_string(condition.observed_generation) + ",";
    add("reason", condition.reason);
    json += ',';
    add("status", condition.status);
    json += ',';
    add("type", condition.type);
    json += '}';
  }
  return json + "]";
}

void EvalBinding(const Value& request, const health::Terms& terms, Answer& answer) {
  health::BindingInput input = ReadBinding(request);
  for (const Mode mode : {Mode::kUpstream, Mode::kStrict}) {
    health::Terms own = terms;
    own.mode = mode;
    input.resources = Observe(request.Get("resources"), own);
    answer.AddJson(mode == Mode::kUpstream ? "conditions" : "strict",
                   ConditionsText(health::JudgeBinding(input, mode, terms.version)));
  }
}

bool IsBinding(const Value& object) {
  return names::GroupOf(object.Get("apiVersion").string_or_empty()) == "openchoreo.dev" &&
         health::KindNamed(object.Get("kind").string_or_empty()).has_value();
}

void EvalObject(const Value& request, health::Terms terms, base::Arena& arena, Answer& answer) {
  const auto rules = health::OwnRules::Read(request.Get("rules"));
  if (!rules) {
    answer.AddText("error", rules.error().message).AddText("phase", "input");
    return;
  }
  const Value object = request.Get("object");
  const std::string_view api_version = object.Get("apiVersion").string_or_empty();
  const std::string_view kind = object.Get("kind").string_or_empty();
  terms.mode = Mode::kUpstream;
  answer.AddText("upstream",
                 StateName(health::JudgeObject(api_version, kind, object, terms).state));
  terms.mode = Mode::kStrict;
  const health::Judgement verdict =
      rules->Judge(api_version, kind, object, terms, arena, EvalLimits());
  answer.AddText("strict", StateName(verdict.state)).AddText("message", verdict.why);
  if (verdict.look_again) answer.AddText("lookAgain", base::Rfc3339Text(*verdict.look_again));
  if (!IsBinding(object)) return;
  const health::Shown shown = health::ShownOf(object);
  answer.AddText("argocd", shown.status)
      .AddText("argocdMessage", shown.message)
      .AddText("flux", health::FluxStatusName(shown.flux));
}

void EvalHealth(const Value& request, base::Arena& arena, Answer& answer) {
  health::Terms terms;
  terms.now = base::ParseRfc3339(request.Get("now").string_or_empty());
  if (request.Get("dialect").string_or_empty() == "v0.12") terms.version = health::Version::kV012;
  if (request.Get("binding").is_map()) {
    EvalBinding(request, terms, answer);
  } else if (request.Find("object")) {
    EvalObject(request, terms, arena, answer);
  } else {
    answer.AddText("error", "neither object nor binding").AddText("phase", "input");
  }
}

}  // namespace

int RunEvalHealth(std::istream& in, std::ostream& out) { return EvalLines(in, out, EvalHealth); }

}  // namespace openchoreo::cli
