#include "common/render/rendered_release_check.h"

#include <algorithm>
#include <vector>

#include "common/base/go_quote.h"
#include "common/names/k8s_name.h"

namespace openchoreo::render {
namespace {

using names::Dialect;
using names::Kind;

std::string Refusal(std::string_view kind, std::string_view name,
                    const std::vector<std::string>& errors) {
  if (errors.empty()) return {};
  std::string text(kind);
  text.append(".openchoreo.dev ").append(base::GoQuote(name)).append(" is invalid: ");
  if (errors.size() > 1) text += '[';
  for (std::size_t i = 0; i < errors.size(); ++i) text += (i > 0 ? ", " : "") + errors[i];
  if (errors.size() > 1) text += ']';
  return text;
}

void CheckName(std::string_view name, std::vector<std::string>& errors) {
  if (name.size() <= names::kMaxResourceName) return;
  errors.push_back("metadata.name: Invalid value: " + base::GoQuote(name) +
                   ": must be no more than " + std::to_string(names::kMaxResourceName) +
                   " characters");
}

// The labels upstream puts on the release, in the order of their keys; Go's order is by chance.
void CheckLabels(const Binding& binding, Dialect dialect, std::vector<std::string>& errors) {
  std::vector<std::string_view> values;
  if (binding.kind == Kind::kReleaseBinding) values.push_back(binding.owner);
  values.push_back(binding.environment);
  values.push_back(binding.ns);
  values.push_back(binding.project);
  if (binding.kind == Kind::kResourceReleaseBinding) values.push_back(binding.owner);
  for (const std::string_view value : values) {
    if (value.size() <= names::kMaxLabelName) continue;
    std::string error = "metadata.labels: Invalid value: " + base::GoQuote(value) +
                        ": must be no more than " + std::to_string(names::kMaxLabelName) +
                        (dialect == Dialect::kV012 ? " characters" : " bytes");
    // Equal messages are told once.
    if (std::find(errors.begin(), errors.end(), error) == errors.end())
      errors.push_back(std::move(error));
  }
}

std::string Check(const Binding& binding, Dialect dialect, const std::string& name) {
  std::vector<std::string> errors;
  CheckName(name, errors);
  CheckLabels(binding, dialect, errors);
  return Refusal(dialect == Dialect::kV012 ? "Release" : "RenderedRelease", name, errors);
}

}  // namespace

std::optional<std::string> CheckRenderedRelease(const Binding& binding, Dialect dialect,
                                                bool observability) {
  const std::string& name = binding.rendered_release;
  if (std::string refusal = Check(binding, dialect, name); !refusal.empty()) {
    return binding.kind == Kind::kReleaseBinding
               ? "Failed to reconcile dataplane Release: " + refusal
               : "Failed to reconcile RenderedRelease " + base::GoQuote(name) + ": " + refusal;
  }
  if (!observability) return std::nullopt;
  std::string refusal = Check(binding, dialect, name + "-observability");
  if (refusal.empty()) return std::nullopt;
  return "Failed to reconcile observability plane Release: " + refusal;
}

std::string CheckNameLength(std::string_view kind, std::string_view name) {
  std::vector<std::string> errors;
  CheckName(name, errors);
  return Refusal(kind, name, errors);
}

}  // namespace openchoreo::render
