#include "kustomize-fn/function_config.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace openchoreo::kustomize_fn {

namespace {

using value::Value;

constexpr std::string_view kApiVersion = "gitops.openchoreo.dev/v1alpha1";

using render::OptionType;

// Fields that are the function's alone.
std::vector<FieldSpec> OwnFields() {
  return {
      {{"root",
        "",
        "",
        "Folders whose files are read, relative to the kustomization (generator: "
        "default '.').",
        OptionType::kList,
        {},
        ""},
       false,
       true},
      {{"allowParent",
        "",
        "",
        "root may lie above the repository's root.",
        OptionType::kBool,
        {},
        "false"},
       false,
       false},
      {{"role",
        "",
        "",
        "What the function is to kustomize or kpt; guessed from the kustomization and the input if "
        "not given.",
        OptionType::kChoice,
        {"generator", "transformer", "validator"},
        ""},
       true,
       false},
      {{"guard",
        "",
        "",
        "Make an outer kustomization fail that would move what was rendered to another namespace "
        "or change its selectors.",
        OptionType::kBool,
        {},
        "true"},
       true,
       false},
  };
}

// What a validation has no use for: it emits nothing.
bool OnlyRenders(std::string_view name) {
  for (const std::string_view one :
       {"include", "plane", "tracking", "namespaces", "record", "onError"}) {
    if (name == one) return true;
  }
  return false;
}

Role RoleNamed(std::string_view name) {
  if (name == "generator") return Role::kGenerator;
  return name == "transformer" ? Role::kTransformer : Role::kValidator;
}

// `values` fit the field's type.
base::Result<void> SetField(FunctionConfig& config, std::string_view name,
                            std::vector<std::string> values) {
  config.given.emplace(name);
  if (name == "root") {
    config.roots = std::move(values);
  } else if (name == "allowParent") {
    config.allow_parent = values.front() == "true";
  } else if (name == "guard") {
    config.guard = values.front() == "true";
  } else if (name == "role") {
    config.role = RoleNamed(values.front());
  } else {
    return render::SetOption(config.options, name, values);
  }
  return {};
}

bool IsOneOf(const std::vector<std::string_view>& choices, std::string_view text) {
  return std::find(choices.begin(), choices.end(), text) != choices.end();
}

class ConfigReader {
 public:
  FunctionConfigResult Read(const Value& config) {
    if (config.is_null()) return std::move(result_);
    if (!config.is_map()) {
      AddError("", "functionConfig must be an object");
      return std::move(result_);
    }
    FunctionConfig& out = result_.config;
    out.api_version = std::string(config.Get("apiVersion").string_or_empty());
    out.kind = std::string(config.Get("kind").string_or_empty());
    out.name = std::string(config.Get("metadata", "name").string_or_empty());
    if (out.api_version == "v1" && out.kind == "ConfigMap") {
      ReadConfigMap(config);
    } else if (out.api_version != kApiVersion) {
      AddError("/apiVersion", "functionConfig must be of apiVersion " + std::string(kApiVersion) +
                                  ", or a v1 ConfigMap; this is \"" + out.api_version + "\"");
    } else if (out.kind != "OpenChoreoRender" && out.kind != "OpenChoreoValidate") {
      AddError("/kind",
               "functionConfig must be of kind OpenChoreoRender or OpenChoreoValidate; this is \"" +
                   out.kind + "\"");
    } else {
      validates_ = out.kind == "OpenChoreoValidate";
      if (validates_) out.role = Role::kValidator;
      ReadTyped(config);
    }
    return std::move(result_);
  }

 private:
  void AddError(std::string pointer, std::string message) {
    base::Diagnostic error;
    error.code = base::ErrorCode::kUsage;
    error.message = std::move(message);
    error.place.field = std::move(pointer);
    result_.errors.push_back(std::move(error));
  }

  void ReadTyped(const Value& config) {
    for (const value::MapEntry& entry : config.as_map()) {
      const std::string_view key = entry.key.as_string();
      if (key == "apiVersion" || key == "kind" || key == "metadata") continue;
      if (key != "spec") {
        AddUnknown("", key, {"spec"});
        continue;
      }
      if (entry.value.is_null()) continue;
      if (!entry.value.is_map()) {
        AddError("/spec", "spec must be an object");
        continue;
      }
      for (const value::MapEntry& field : entry.value.as_map()) ReadField("/spec", field, false);
    }
  }

  void ReadConfigMap(const Value& config) {
    for (const value::MapEntry& entry : config.as_map()) {
      const std::string_view key = entry.key.as_string();
      if (key == "apiVersion" || key == "kind" || key == "metadata" || key == "immutable") continue;
      if (key != "data") {
        AddUnknown("", key, {"data"});
        continue;
      }
      if (!entry.value.is_map()) continue;
      for (const value::MapEntry& field : entry.value.as_map()) ReadField("/data", field, true);
    }
  }

  void AddUnknown(std::string_view parent, std::string_view key,
                  const std::vector<std::string_view>& known) {
    std::string message = "unknown field \"" + std::string(key) + "\"; known are ";
    for (std::size_t i = 0; i < known.size(); ++i) {
      if (i > 0) message += ", ";
      message += known[i];
    }
    AddError(base::JoinPointer(parent, key), std::move(message));
  }

  // `flat`: the value is a text that stands for the field's type (a ConfigMap's data).
  void ReadField(std::string_view parent, const value::MapEntry& entry, bool flat) {
    const std::string_view key = entry.key.as_string();
    const std::string pointer = base::JoinPointer(parent, key);
    const FieldSpec* field = nullptr;
    std::vector<std::string_view> known;
    for (const FieldSpec& one : FieldSpecs()) {
      if (validates_ && one.only_renders) continue;
      known.push_back(one.option.name);
      if (one.option.name == key) field = &one;
    }
    if (!field) return AddUnknown(parent, key, known);
    if (entry.value.is_null()) return;
    std::vector<std::string> values;
    switch (field->option.type) {
      case OptionType::kText:
        if (!entry.value.is_string())
          return AddError(pointer, std::string(key) + " must be a text");
        values.emplace_back(entry.value.as_string());
        break;
      case OptionType::kChoice:
        values.emplace_back(entry.value.string_or_empty());
        break;
      case OptionType::kBool:
        if (!ReadBool(*field, pointer, entry.value, flat, values)) return;
        break;
      case OptionType::kChoices:
      case OptionType::kList:
        if (!ReadList(*field, pointer, entry.value, flat, values)) return;
        break;
    }
    for (const std::string& value : values) {
      if (!field->option.choices.empty() && !IsOneOf(field->option.choices, value))
        return AddError(pointer, std::string(key) + " must be " + Takes(field->option));
    }
    if (auto set = SetField(result_.config, key, std::move(values)); !set)
      AddError(pointer, set.error().message);
  }

  bool ReadBool(const FieldSpec& field, const std::string& pointer, const Value& given, bool flat,
                std::vector<std::string>& values) {
    const std::string_view text = given.string_or_empty();
    if (!flat && given.is_bool()) {
      values.emplace_back(given.as_bool() ? "true" : "false");
    } else if (flat && (text == "true" || text == "false")) {
      values.emplace_back(text);
    } else {
      AddError(pointer, std::string(field.option.name) +
                            (flat ? " must be \"true\" or \"false\"" : " must be true or false"));
      return false;
    }
    return true;
  }

  // A list of texts; where that is flat, or the field's are of a few words, texts with commas.
  bool ReadList(const FieldSpec& field, const std::string& pointer, const Value& given, bool flat,
                std::vector<std::string>& items) {
    const bool words = flat || field.option.type == OptionType::kChoices;
    const std::string name(field.option.name);
    if (words && given.is_string()) {
      std::string_view rest = given.as_string();
      while (!rest.empty()) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        std::string_view item = rest.substr(0, comma);
        while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
        while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
        if (!item.empty()) items.emplace_back(item);
        rest.remove_prefix(std::min(comma + 1, rest.size()));
      }
      return true;
    }
    if (field.or_text && given.is_string()) {
      if (!given.as_string().empty()) items.emplace_back(given.as_string());
      return true;
    }
    if (flat || !given.is_list()) {
      AddError(pointer, name + (flat ? " must be a text, names separated by commas"
                                     : " must be a list of texts"));
      return false;
    }
    for (std::size_t i = 0; i < given.size(); ++i) {
      if (!given.as_list()[i].is_string()) {
        AddError(base::JoinPointer(pointer, i), name + " must be a list of texts");
        return false;
      }
      items.emplace_back(given.as_list()[i].as_string());
    }
    return true;
  }

  bool validates_ = false;
  FunctionConfigResult result_;
};

}  // namespace

std::span<const FieldSpec> FieldSpecs() {
  static const std::vector<FieldSpec> fields = [] {
    std::vector<FieldSpec> all;
    for (const render::OptionSpec& option : render::OptionTable()) {
      // The function always passes other objects on.
      if (option.command_line_only || option.name == "passthrough") continue;
      all.push_back({option, OnlyRenders(option.name), false});
    }
    for (FieldSpec& own : OwnFields()) all.push_back(std::move(own));
    return all;
  }();
  return fields;
}

FunctionConfigResult ReadFunctionConfig(const Value& config) { return ConfigReader().Read(config); }

}  // namespace openchoreo::kustomize_fn
