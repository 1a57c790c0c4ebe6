#include "common/render/old_release_check.h"

#include <set>
#include <string>
#include <vector>

#include "common/base/go_quote.h"
#include "common/resource/dialect.h"
#include "common/schema/schema.h"

namespace openchoreo::render {
namespace {

using value::Value;

// Values as they stand, without defaults: fields without a default are required.
void CheckParameters(const Value& definition, const Value& parameters, const std::string& path,
                     const char* what, std::vector<std::string>& errors) {
  const Value fields = definition.Get("schema", "parameters");
  if (fields.is_null()) return;
  const auto schema = schema::FromShorthand(fields, definition.Get("schema", "types"));
  if (!schema) return;  // rendering says what is wrong with it
  base::Budget budget = base::Budget::ForDefinition();
  const std::vector<std::string> violations =
      (*schema)->Validate(parameters.is_null() ? Value::Map({}) : parameters, budget);
  if (budget.spent()) {
    errors.push_back(path + ": " + base::ErrorOf(budget).message);
    return;
  }
  if (violations.empty()) return;
  std::string text = path + ": Invalid value: parameters do not match " + what + " schema: ";
  for (std::size_t i = 0; i < violations.size(); ++i) text += (i ? "; " : "") + violations[i];
  errors.push_back(std::move(text));
}

Value TraitNamed(const Value& traits, std::string_view name) {
  if (!traits.is_list()) return Value();
  for (const Value& trait : traits.as_list()) {
    if (trait.Get("name").string_or_empty() == name) return trait.Get("spec");
  }
  return Value();
}

// Files whose value is "": gone once upstream's types are written as JSON, and with neither value
// nor valueFrom the CRD's rule refuses them.
std::vector<std::string> FilesWithoutValue(const Value& containers) {
  std::vector<std::string> errors;
  if (!containers.is_map()) return errors;
  for (const auto& [name, container] : containers.as_map()) {
    const Value files = container.Get("files");
    if (!files.is_list()) continue;
    for (std::size_t i = 0; i < files.size(); ++i) {
      const Value& file = files.as_list()[i];
      if (!file.Get("value").string_or_empty().empty() || file.Get("valueFrom").is_map()) continue;
      errors.push_back("spec.workload.containers[" + std::string(name.as_string()) + "].files[" +
                       std::to_string(i) +
                       "]: Invalid value: \"object\": exactly one of value or valueFrom must be "
                       "set");
    }
  }
  return errors;
}

std::string Joined(const std::vector<std::string>& errors) {
  std::string text;
  for (const std::string& error : errors) text.append(text.empty() ? "" : ", ").append(error);
  return errors.size() > 1 ? "[" + text + "]" : text;
}

std::optional<base::Diagnostic> RefuseFiles(const release::Snapshot& snapshot) {
  const auto errors = FilesWithoutValue(snapshot.spec.Get("workload", "containers"));
  if (errors.empty()) return std::nullopt;
  base::Diagnostic error;
  error.code = base::ErrorCode::kInvalidResource;
  error.message =
      "Failed to handle autoDeploy: failed to create ComponentRelease: "
      "ComponentRelease.openchoreo.dev " +
      base::GoQuote(snapshot.name) + " is invalid: " + Joined(errors);
  error.place = resource::PlaceOf(*snapshot.workload, "/spec/containers");
  error.hint = "give the file a text, a line break at least, or take it out";
  return error;
}

}  // namespace

std::optional<base::Diagnostic> CheckOldRelease(const release::Snapshot& snapshot) {
  if (auto refused = RefuseFiles(snapshot)) return refused;
  const Value profile = snapshot.spec.Get("componentProfile"), traits = profile.Get("traits");
  std::vector<std::string> errors;
  const std::string base = "spec.componentProfile.";
  if (traits.is_list()) {
    std::set<std::string_view> names;
    std::size_t index = 0;
    for (const Value& trait : traits.as_list()) {
      const std::string_view name = trait.Get("instanceName").string_or_empty();
      if (!names.insert(name).second) {
        errors.push_back(base + "traits[" + std::to_string(index) +
                         "].instanceName: Duplicate value: " + base::GoQuote(name));
      }
      ++index;
    }
  }
  CheckParameters(snapshot.spec.Get("componentType", "spec"), profile.Get("parameters"),
                  base + "parameters", "ComponentType", errors);
  if (traits.is_list()) {
    std::size_t index = 0;
    for (const Value& trait : traits.as_list()) {
      CheckParameters(TraitNamed(snapshot.spec.Get("traits"), trait.Get("name").string_or_empty()),
                      trait.Get("parameters"),
                      base + "traits[" + std::to_string(index++) + "].parameters", "Trait", errors);
    }
  }
  if (errors.empty()) return std::nullopt;
  base::Diagnostic error;
  error.code = base::ErrorCode::kSchemaValidation;
  error.message =
      "Failed to handle autoDeploy: failed to create ComponentRelease: admission webhook "
      "\"vcomponentrelease-v1alpha1.kb.io\" denied the request: ";
  error.message += Joined(errors);
  error.place = resource::PlaceOf(
      *snapshot.owner, snapshot.owner->spec().Find("parameters") ? "/spec/parameters" : "/spec");
  error.hint = "make the component's parameters fit the schemas of its type and traits";
  return error;
}

}  // namespace openchoreo::render
