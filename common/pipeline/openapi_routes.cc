#include "common/pipeline/endpoint_resources.h"
#include "common/value/value.h"
#include "common/yaml/reader.h"

namespace openchoreo::pipeline {

namespace {

using value::Value;

constexpr std::string_view kMethods[][2] = {
    {"connect", "CONNECT"}, {"delete", "DELETE"},   {"get", "GET"},
    {"head", "HEAD"},       {"options", "OPTIONS"}, {"patch", "PATCH"},
    {"post", "POST"},       {"put", "PUT"},         {"trace", "TRACE"}};

bool IsExtension(std::string_view key) { return key.starts_with("x-"); }

// Whether every $ref points into the document; upstream's loader refuses other ones. Free-form
// values (examples, defaults, extensions) are not searched.
bool ReferencesResolve(const Value& root, const Value& node, base::Budget& budget) {
  if (!budget.Spend(1 + node.size())) return false;
  if (node.is_list()) {
    for (const Value& item : node.as_list()) {
      if (!ReferencesResolve(root, item, budget)) return false;
    }
    return true;
  }
  if (!node.is_map()) return true;
  if (const Value* reference = node.Find("$ref"); reference && reference->is_string()) {
    const std::string_view target = reference->as_string();
    if (!target.empty() && (!target.starts_with("#") || !budget.SpendText(target.size()) ||
                            !value::FindAtPointer(root, target.substr(1))))
      return false;
  }
  for (const auto& [key, child] : node.as_map()) {
    const std::string_view name = key.as_string();
    if (IsExtension(name) || name == "example" || name == "examples" || name == "default" ||
        name == "enum") {
      continue;
    }
    if (!ReferencesResolve(root, child, budget)) return false;
  }
  return true;
}

}  // namespace

std::optional<std::vector<Route>> OpenApiRoutes(std::string_view document, base::Budget& budget) {
  base::Arena arena(budget);
  const yaml::ReadResult read = yaml::Read(document, arena);
  if (!read.errors.empty() || read.documents.empty()) return std::nullopt;
  const Value root = read.documents.front().root;
  const Value paths = root.Get("paths");
  if (!root.is_map() || !(paths.is_map() || paths.is_null()) ||
      !ReferencesResolve(root, root, budget))
    return std::nullopt;
  std::vector<Route> routes;
  if (!paths.is_map()) return routes;
  for (const auto& [key, item] : paths.as_map()) {
    if (IsExtension(key.as_string()) || item.is_null()) continue;
    if (!item.is_map()) return std::nullopt;
    for (const auto& [field, method] : kMethods) {
      const Value operation = item.Get(field);
      if (operation.is_null()) continue;
      if (!operation.is_map()) return std::nullopt;
      routes.push_back({"HTTP", "", std::string(method), std::string(key.as_string())});
    }
  }
  return routes;
}

}  // namespace openchoreo::pipeline
