#include "kustomize-fn/function_config.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

namespace openchoreo::kustomize_fn {

namespace {

using value::Value;

constexpr std::string_view kApiVersion = "gitops.openchoreo.dev/v1alpha1";

// One field of spec (or one key of a ConfigMap's data): what it sets.
struct Field {
  enum class Type { kText, kList, kBool, kChoice };
  std::string_view name;
  Type type;
  std::vector<std::string_view> choices;                       // kChoice
  std::function<void(FunctionConfig&, std::string)> set_text;  // kText, kChoice
  std::function<void(FunctionConfig&, std::vector<std::string>)> set_list;
  std::function<void(FunctionConfig&, bool)> set_bool;
  bool only_renders = false;  // OpenChoreoValidate has no use for it
  bool or_text = false;       // a list of one may be a text
};

Field List(std::string_view name, std::vector<std::string> render::Options::*member) {
  return {
      name,
      Field::Type::kList,
      {},
      {},
      [member](FunctionConfig& c, std::vector<std::string> v) { c.options.*member = std::move(v); },
      {}};
}

Field Bool(std::string_view name, bool render::Options::*member) {
  return {name, Field::Type::kBool,
          {},   {},
          {},   [member](FunctionConfig& c, bool v) { c.options.*member = v; }};
}

Field Choice(std::string_view name, std::vector<std::string_view> choices,
             std::function<void(FunctionConfig&, std::string)> set) {
  return {name, Field::Type::kChoice, std::move(choices), std::move(set), {}, {}};
}

std::vector<Field> FieldsOfSpec() {
  using render::Options;
  std::vector<Field> fields = {
      List("environments", &Options::environments),
      List("projects", &Options::projects),
      List("components", &Options::components),
      List("dataplanes", &Options::dataplanes),
      Choice("include", {"rendered", "openchoreo", "all"},
             [](FunctionConfig& c, const std::string& v) {
               c.include_given = true;
               c.options.include = v == "rendered"     ? render::Include::kRendered
                                   : v == "openchoreo" ? render::Include::kOpenChoreo
                                                       : render::Include::kAll;
             }),
      Choice("plane", {"data", "observability", "all"},
             [](FunctionConfig& c, const std::string& v) {
               c.options.plane = v == "data"            ? render::Plane::kData
                                 : v == "observability" ? render::Plane::kObservability
                                                        : render::Plane::kAll;
             }),
      Choice("tracking", {"labels", "none"},
             [](FunctionConfig& c, const std::string& v) { c.options.tracking = v == "labels"; }),
      Bool("namespaces", &Options::namespaces),
      Bool("record", &Options::record),
      Bool("strict", &Options::strict),
      Choice("onError", {"fail", "skip"},
             [](FunctionConfig& c, const std::string& v) { c.options.skip_broken = v == "skip"; }),
      Choice("duplicates", {"error", "last"},
             [](FunctionConfig& c, const std::string& v) {
               c.options.last_duplicate_wins = v == "last";
             }),
      Bool("allowEmpty", &Options::allow_empty),
  };
  Field root = List("root", {});
  root.set_list = [](FunctionConfig& c, std::vector<std::string> v) { c.roots = std::move(v); };
  root.or_text = true;
  fields.push_back(std::move(root));
  fields.push_back(Choice("role", {"generator", "transformer", "validator"},
                          [](FunctionConfig& c, const std::string& v) {
                            c.role = v == "generator"     ? Role::kGenerator
                                     : v == "transformer" ? Role::kTransformer
                                                          : Role::kValidator;
                          }));
  fields.push_back(
      {"guard", Field::Type::kBool, {}, {}, {}, [](FunctionConfig& c, bool v) { c.guard = v; }});
  fields.push_back(
      {"namespace",
       Field::Type::kText,
       {},
       [](FunctionConfig& c, std::string v) { c.options.default_namespace = std::move(v); },
       {},
       {}});
  fields.push_back({"allowParent", Field::Type::kBool, {}, {}, {}, [](FunctionConfig& c, bool v) {
                      c.allow_parent = v;
                    }});
  for (Field& field : fields) {
    for (const std::string_view name :
         {"include", "plane", "tracking", "namespaces", "record", "onError", "role", "guard"})
      field.only_renders = field.only_renders || field.name == name;
  }
  return fields;
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
      if (out.kind == "OpenChoreoValidate") {
        out.role = Role::kValidator;
        std::erase_if(fields_, [](const Field& field) { return field.only_renders; });
      }
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
    const auto field =
        std::find_if(fields_.begin(), fields_.end(), [&](const Field& f) { return f.name == key; });
    const std::string pointer = base::JoinPointer(parent, key);
    if (field == fields_.end()) {
      std::vector<std::string_view> known;
      std::transform(fields_.begin(), fields_.end(), std::back_inserter(known),
                     [](const Field& f) { return f.name; });
      AddUnknown(parent, key, known);
      return;
    }
    if (entry.value.is_null()) return;
    switch (field->type) {
      case Field::Type::kText:
        if (!entry.value.is_string())
          return AddError(pointer, std::string(key) + " must be a text");
        field->set_text(result_.config, std::string(entry.value.as_string()));
        return;
      case Field::Type::kChoice:
        return ReadChoice(*field, pointer, entry.value);
      case Field::Type::kBool:
        return ReadBool(*field, pointer, entry.value, flat);
      case Field::Type::kList:
        return ReadList(*field, pointer, entry.value, flat);
    }
  }

  void ReadChoice(const Field& field, const std::string& pointer, const Value& given) {
    const std::string text(given.string_or_empty());
    if (given.is_string() &&
        std::find(field.choices.begin(), field.choices.end(), text) != field.choices.end()) {
      field.set_text(result_.config, text);
      return;
    }
    std::string message = std::string(field.name) + " must be one of ";
    for (std::size_t i = 0; i < field.choices.size(); ++i) {
      if (i > 0) message += ", ";
      message += field.choices[i];
    }
    AddError(pointer, std::move(message));
  }

  void ReadBool(const Field& field, const std::string& pointer, const Value& given, bool flat) {
    if (!flat && given.is_bool()) return field.set_bool(result_.config, given.as_bool());
    const std::string_view text = given.string_or_empty();
    if (flat && (text == "true" || text == "false"))
      return field.set_bool(result_.config, text == "true");
    AddError(pointer, std::string(field.name) +
                          (flat ? " must be \"true\" or \"false\"" : " must be true or false"));
  }

  void ReadList(const Field& field, const std::string& pointer, const Value& given, bool flat) {
    std::vector<std::string> items;
    if (flat && given.is_string()) {
      std::string_view rest = given.as_string();
      while (!rest.empty()) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        std::string_view item = rest.substr(0, comma);
        while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
        while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
        if (!item.empty()) items.emplace_back(item);
        rest.remove_prefix(std::min(comma + 1, rest.size()));
      }
    } else if (!flat && field.or_text && given.is_string()) {
      if (!given.as_string().empty()) items.emplace_back(given.as_string());
    } else if (!flat && given.is_list()) {
      for (std::size_t i = 0; i < given.size(); ++i) {
        if (!given.as_list()[i].is_string()) {
          return AddError(base::JoinPointer(pointer, i),
                          std::string(field.name) + " must be a list of texts");
        }
        items.emplace_back(given.as_list()[i].as_string());
      }
    } else {
      return AddError(pointer,
                      std::string(field.name) + (flat ? " must be a text, names separated by commas"
                                                      : " must be a list of texts"));
    }
    field.set_list(result_.config, std::move(items));
  }

  std::vector<Field> fields_ = FieldsOfSpec();
  FunctionConfigResult result_;
};

}  // namespace

FunctionConfigResult ReadFunctionConfig(const Value& config) { return ConfigReader().Read(config); }

}  // namespace openchoreo::kustomize_fn
