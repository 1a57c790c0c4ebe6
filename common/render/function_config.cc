#include "common/render/function_config.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "common/render/option_value.h"

namespace openchoreo::render {

namespace {

using value::Value;

constexpr std::string_view kApiVersion = "gitops.openchoreo.dev/v1alpha1";

// Fields that are the function's alone.
std::vector<OptionSpec> OwnFields() {
  const auto field = [](std::string_view name, std::string_view help, OptionType type,
                        std::string_view fallback, std::vector<std::string_view> choices = {}) {
    return OptionSpec{name, "", "", help, type, std::move(choices), fallback};
  };
  return {
      field("root",
            "Folders whose files are read, relative to the kustomization (generator: default '.').",
            OptionType::kList, ""),
      field("allowParent", "root may lie above the repository's root.", OptionType::kBool, "false"),
      field("role",
            "What the function is to kustomize or kpt; guessed from the kustomization and the "
            "input if not given.",
            OptionType::kChoice, "", {"generator", "transformer", "validator"}),  // as Role
      field("guard",
            "Make an outer kustomization fail that would move what was rendered to another "
            "namespace or change its selectors.",
            OptionType::kBool, "true"),
  };
}

// What a validation has no use for: it emits nothing.
bool OnlyRenders(std::string_view name) {
  constexpr std::string_view kNames[] = {"include", "plane",   "tracking", "namespaces",
                                         "record",  "onError", "role",     "guard"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

// `values` are what OptionTexts gives.
base::Result<void> SetField(FunctionConfig& config, const OptionSpec& spec,
                            std::vector<std::string> values) {
  const std::string_view name = spec.name;
  config.given.emplace(name);
  if (FindOption(name) != nullptr) return SetOption(config.options, name, values);
  OC_TRY_DONE(CheckValues(spec, values));
  if (name == "allowParent") config.allow_parent = values.front() == "true";
  if (name == "guard") config.guard = values.front() == "true";
  if (name == "role") {
    config.role = static_cast<Role>(
        std::find(spec.choices.begin(), spec.choices.end(), values.front()) - spec.choices.begin());
  }
  if (name == "root") config.roots = std::move(values);
  return {};
}

class ConfigReader {
 public:
  FunctionConfigResult Read(const Value& config) {
    FunctionConfig& out = result_.config;
    if (config.is_null()) return std::move(result_);
    out.api_version = std::string(config.Get("apiVersion").string_or_empty());
    out.kind = std::string(config.Get("kind").string_or_empty());
    out.name = std::string(config.Get("metadata", "name").string_or_empty());
    validates_ = out.kind == "OpenChoreoValidate";
    if (!config.is_map()) {
      AddError("", "functionConfig must be an object");
    } else if (out.api_version == "v1" && out.kind == "ConfigMap") {
      ReadSection(config, "data", true);
    } else if (out.api_version != kApiVersion) {
      AddError("/apiVersion", "functionConfig must be of apiVersion " + std::string(kApiVersion) +
                                  ", or a v1 ConfigMap; this is \"" + out.api_version + "\"");
    } else if (out.kind != "OpenChoreoRender" && !validates_) {
      AddError("/kind",
               "functionConfig must be of kind OpenChoreoRender or OpenChoreoValidate; this is \"" +
                   out.kind + "\"");
    } else {
      if (validates_) out.role = Role::kValidator;
      ReadSection(config, "spec", false);
    }
    return std::move(result_);
  }

 private:
  void AddError(std::string pointer, std::string message) {
    base::Diagnostic& error = result_.errors.emplace_back();
    error.code = base::ErrorCode::kUsage;
    error.message = std::move(message);
    error.place.field = std::move(pointer);
  }

  // The fields of `section`. `flat`: texts that stand for the fields' types.
  void ReadSection(const Value& config, std::string_view section, bool flat) {
    const std::string parent = "/" + std::string(section);
    for (const value::MapEntry& entry : config.as_map()) {
      const std::string_view key = entry.key.as_string();
      if (key == "apiVersion" || key == "kind" || key == "metadata") continue;
      if (flat && key == "immutable") continue;
      if (key != section) {
        AddUnknown("", key, section);
      } else if (entry.value.is_map()) {
        for (const value::MapEntry& field : entry.value.as_map()) ReadField(parent, field, flat);
      } else if (!entry.value.is_null()) {
        AddError(parent, std::string(section) + " must be an object");
      }
    }
  }

  void AddUnknown(std::string_view parent, std::string_view key, std::string_view known) {
    AddError(base::JoinPointer(parent, key),
             "unknown field \"" + std::string(key) + "\"; known are " + std::string(known));
  }

  void ReadField(std::string_view parent, const value::MapEntry& entry, bool flat) {
    const std::string_view key = entry.key.as_string();
    const std::vector<OptionSpec> fields = FieldSpecs(validates_);
    const auto field = std::find_if(fields.begin(), fields.end(),
                                    [&](const OptionSpec& one) { return one.name == key; });
    if (field == fields.end()) {
      std::string known;
      for (const OptionSpec& one : fields) known.append(known.empty() ? "" : ", ").append(one.name);
      return AddUnknown(parent, key, known);
    }
    if (entry.value.is_null()) return;
    const std::string pointer = base::JoinPointer(parent, key);
    auto texts =
        OptionTexts(*field, entry.value, flat || (MayBeText(*field) && entry.value.is_string()));
    if (!texts)
      return AddError(pointer + texts.error().place.field, std::move(texts.error().message));
    if (auto set = SetField(result_.config, *field, *std::move(texts)); !set)
      AddError(pointer, std::move(set).error().message);
  }

  bool validates_ = false;
  FunctionConfigResult result_;
};

}  // namespace

std::vector<OptionSpec> FieldSpecs(bool validates) {
  std::vector<OptionSpec> fields(OptionTable().begin(), OptionTable().end());
  for (OptionSpec& own : OwnFields()) fields.push_back(std::move(own));
  std::erase_if(fields, [&](const OptionSpec& field) {
    // The function always passes other objects on.
    return field.command_line_only || field.name == "passthrough" ||
           (validates && OnlyRenders(field.name));
  });
  return fields;
}

FunctionConfigResult ReadFunctionConfig(const Value& config) { return ConfigReader().Read(config); }

}  // namespace openchoreo::render
