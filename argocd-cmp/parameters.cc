#include "argocd-cmp/parameters.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <span>

#include "common/base/arena.h"
#include "common/base/edit_distance.h"
#include "common/base/secret.h"
#include "common/render/findings.h"
#include "common/render/option_table.h"
#include "common/value/json_reader.h"
#include "common/value/map_builder.h"

namespace openchoreo::argocd {

using base::ErrorCode;
using base::Fail;
using value::Value;

namespace {

using render::OptionSpec;
using render::OptionType;

// A parameter: one of render's options, or the plugin's own.
struct Spec {
  OptionSpec option;
  std::vector<std::string> render::Inventory::*found = nullptr;  // values the tree offers
};

std::vector<Spec> OwnSpecs() {
  return {
      {{"exclude",
        "",
        "Excluded files",
        "Globs of files not to read, matched against the path and the base name.",
        OptionType::kList,
        {},
        ""}},
      {{"kustomize",
        "",
        "Kustomize",
        "Let kustomize build the path's kustomization and render its result. Otherwise files are "
        "read as they are.",
        OptionType::kBool,
        {},
        "false"}},
      {{"sources",
        "",
        "More sources",
        "More trees to read besides the Application's path: \"/folder\" of this repository, or "
        "\"<git URL>//folder?ref=<commit>\" where the operator allows that repository.",
        OptionType::kList,
        {},
        ""}},
  };
}

std::vector<std::string> render::Inventory::*FoundFor(std::string_view name) {
  if (name == "organizations") return &render::Inventory::namespaces;
  if (name == "environments") return &render::Inventory::environments;
  if (name == "projects") return &render::Inventory::projects;
  if (name == "components") return &render::Inventory::components;
  if (name == "dataplanes") return &render::Inventory::dataplanes;
  return nullptr;
}

std::span<const Spec> Specs() {
  static const std::vector<Spec> specs = [] {
    std::vector<Spec> all;
    for (const OptionSpec& option : render::OptionTable()) {
      if (!option.command_line_only) all.push_back({option, FoundFor(option.name)});
    }
    for (Spec& own : OwnSpecs()) all.push_back(std::move(own));
    return all;
  }();
  return specs;
}

bool IsList(const Spec& spec) {
  return spec.option.type == OptionType::kList || spec.option.type == OptionType::kChoices;
}

// `values` fit the parameter's type.
base::Result<void> Set(Parameters& parameters, std::string_view name,
                       std::vector<std::string> values) {
  if (name == "exclude") {
    parameters.exclude = std::move(values);
  } else if (name == "kustomize") {
    parameters.kustomize = values.front() == "true";
  } else if (name == "sources") {
    parameters.sources = std::move(values);
  } else {
    return render::SetOption(parameters.options, name, values);
  }
  return {};
}

// "allow-empty", "allow_empty" and "AllowEmpty" are the same parameter.
std::string Folded(std::string_view name) {
  std::string folded;
  for (char c : name) {
    if (c != '-' && c != '_')
      folded.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  }
  return folded;
}

const Spec* FindSpec(std::string_view name) {
  const std::string folded = Folded(name);
  for (const Spec& spec : Specs()) {
    if (Folded(spec.option.name) == folded) return &spec;
  }
  return nullptr;
}

// The parameter that a variable was probably meant to be, or nullptr.
const Spec* NearSpec(std::string_view name) {
  const std::string folded = Folded(name);
  for (const Spec& spec : Specs()) {
    const std::string wanted = Folded(spec.option.name);
    const std::size_t slips = wanted.size() < 8 ? 1 : 2;
    if (base::EditDistance(folded, wanted, slips) <= slips) return &spec;
  }
  return nullptr;
}

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  out += render::CutBytes(base::WithoutSecrets(text), 80);
  return out + '"';
}

std::string Known() {
  std::string names;
  for (const Spec& spec : Specs()) {
    if (!names.empty()) names += ", ";
    names += spec.option.name;
  }
  return names;
}

std::string Joined(const std::vector<std::string_view>& items) {
  std::string out;
  for (const std::string_view item : items) {
    if (!out.empty()) out += ", ";
    out += item;
  }
  return out;
}

void Trim(std::string& text) {
  auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && blank(text.back())) text.pop_back();
  std::size_t begin = 0;
  while (begin < text.size() && blank(text[begin])) ++begin;
  text.erase(0, begin);
}

class Reader {
 public:
  void Read(Value list) {
    if (!list.is_list()) {
      return Add("ARGOCD_APP_PARAMETERS is not a list of parameters");
    }
    for (std::size_t i = 0; i < list.size(); ++i) One(list.as_list()[i], i);
  }

  // plugin.env of the Application arrives under a prefix. `argocd app create` has a flag for it,
  // and none for parameters. Variables that are no parameter are somebody else's.
  void ReadVariables(const Environment& environment, base::Arena& arena) {
    constexpr std::string_view kPrefix = "ARGOCD_ENV_";
    for (const auto& [variable, text] : environment) {
      if (!variable.starts_with(kPrefix)) continue;
      const std::string_view name = std::string_view(variable).substr(kPrefix.size());
      if (const Spec* spec = FindSpec(name)) {
        Take(*spec, value::MakeMap(arena, {{"string", Value::String(text)}}));
      } else if (const Spec* near = NearSpec(name)) {
        Add("plugin.env " + Quoted(name) + " is no parameter; did you mean \"" +
            std::string(near->option.name) + "\"?");
      }
    }
  }

  Parameters parameters;
  std::vector<std::string> problems;  // the first of them
  std::size_t count = 0;

 private:
  void Add(const std::string& problem) {
    if (++count <= 20) problems.push_back(problem);
  }

  void One(Value item, std::size_t index) {
    Value name = item.is_map() ? item.Get("name") : Value();
    if (!name.is_string() || name.as_string().empty()) {
      return Add("parameter " + std::to_string(index + 1) + " has no name (known: " + Known() +
                 ")");
    }
    if (const Spec* spec = FindSpec(name.as_string())) return Take(*spec, item);
    Add("unknown parameter " + Quoted(name.as_string()) + " (known: " + Known() + ")");
  }

  void Take(const Spec& spec, Value item) {
    const std::string name(spec.option.name);
    if (std::find(seen_.begin(), seen_.end(), &spec) != seen_.end())
      return Add("parameter \"" + name + "\" is given twice");
    seen_.push_back(&spec);
    std::vector<std::string> values;
    if (!Values(spec, item, values)) return;
    if (auto set = Set(parameters, name, std::move(values)); !set)
      Add("parameter \"" + name + "\": " + set.error().message);
  }

  // The parameter's values, checked; false after a problem was added.
  bool Values(const Spec& spec, Value item, std::vector<std::string>& out) {
    auto bad = [&](const std::string& why) {
      Add("parameter \"" + std::string(spec.option.name) + "\" " + why);
      return false;
    };
    Value text = item.Get("string"), array = item.Get("array"), map = item.Get("map");
    if (map.is_map() && map.size() > 0) return bad("is a map; it takes " + Takes(spec));
    bool has_array = array.is_list() && array.size() > 0;
    if (text.is_string() && has_array) return bad("has both a string and an array");
    if (!text.is_string() && !array.is_list()) return bad("has no value; it takes " + Takes(spec));
    if (IsList(spec)) {
      if (text.is_string()) {
        // One name or several, for templates that can only fill in a text.
        std::string_view rest = text.as_string();
        for (;;) {
          std::size_t comma = rest.find(',');
          out.emplace_back(rest.substr(0, comma));
          if (comma == std::string_view::npos) break;
          rest.remove_prefix(comma + 1);
        }
      }
      for (std::size_t i = 0; array.is_list() && i < array.size(); ++i) {
        if (!array.as_list()[i].is_string())
          return bad("item " + std::to_string(i + 1) + " is not a string");
        out.emplace_back(array.as_list()[i].as_string());
      }
      for (std::string& value : out) Trim(value);
      // A text that a template left empty selects nothing in particular; an empty item of a list is
      // a slip.
      if (text.is_string()) std::erase(out, std::string());
      for (const std::string& value : out) {
        if (value.empty()) return bad("has an empty item");
        if (!RefLiteral(spec, value)) return false;
        if (!IsChoice(spec, value)) return bad("is " + Quoted(value) + "; it takes " + Takes(spec));
      }
      return true;
    }
    if (!text.is_string()) return bad("is an array; it takes " + Takes(spec));
    std::string value(text.as_string());
    Trim(value);
    if (!RefLiteral(spec, value)) return false;
    if (spec.option.type == OptionType::kBool && value != "true" && value != "false") {
      return bad("is " + Quoted(value) + "; it takes " + Takes(spec));
    }
    if (!IsChoice(spec, value)) return bad("is " + Quoted(value) + "; it takes " + Takes(spec));
    out.push_back(std::move(value));
    return true;
  }

  // True for a parameter that takes any text.
  static bool IsChoice(const Spec& spec, std::string_view value) {
    const std::vector<std::string_view>& choices = spec.option.choices;
    return choices.empty() || std::find(choices.begin(), choices.end(), value) != choices.end();
  }

  static std::string Takes(const Spec& spec) {
    switch (spec.option.type) {
      case OptionType::kList:
        return "an array of strings";
      case OptionType::kText:
        return "a string";
      case OptionType::kBool:
        return "the string \"true\" or \"false\"";
      case OptionType::kChoices:
        return "an array of the strings " + Joined(spec.option.choices);
      case OptionType::kChoice:
        break;
    }
    return "one of the strings " + Joined(spec.option.choices);
  }

  // Argo CD resolves "$ref/..." for Helm value files only; a plugin gets the literal.
  bool RefLiteral(const Spec& spec, std::string_view value) {
    if (!value.starts_with('$')) return true;
    Add("parameter \"" + std::string(spec.option.name) + "\": " + Quoted(value) +
        " names a ref source, which Argo CD resolves for Helm value files only: a plugin gets "
        "neither its files nor "
        "its place. Give the repository itself in the parameter sources, as \"<git "
        "URL>//folder?ref=<commit>\" "
        "(the operator must allow it), or keep the platform resources in this repository");
    return false;
  }

  std::vector<const Spec*> seen_;
};

void Append(std::string& out, std::string_view item) {
  out += std::to_string(item.size());
  out += ':';
  out += item;
}

void Append(std::string& out, const std::vector<std::string>& items) {
  out += std::to_string(items.size());
  out += '[';
  for (const std::string& item : items) Append(out, item);
}

}  // namespace

std::string_view Lookup(const Environment& environment, std::string_view name) {
  std::string_view value;
  for (const auto& [n, v] : environment) {
    if (n == name) value = v;
  }
  return value;
}

base::Result<Parameters> ReadParameters(const Environment& environment) {
  Reader reader;
  std::string_view ns = Lookup(environment, "ARGOCD_APP_NAMESPACE");
  if (!ns.empty()) reader.parameters.options.default_namespace = ns;
  reader.parameters.options.format = render::Format::kJson;
  std::string_view text = Lookup(environment, "ARGOCD_APP_PARAMETERS");
  base::Arena arena;
  Value list;
  if (!text.empty()) {
    auto parsed = value::ReadJson(text, arena);
    if (!parsed) {
      return Fail(ErrorCode::kUsage,
                  "ARGOCD_APP_PARAMETERS is not JSON: " + parsed.error().message);
    }
    list = *parsed;
  }
  if (!list.is_null()) reader.Read(list);
  reader.ReadVariables(environment, arena);
  if (reader.count > 20) {
    reader.problems.push_back("… and " + std::to_string(reader.count - 20) + " more");
  }
  if (reader.count > 0) {
    base::Error error;
    error.code = ErrorCode::kUsage;
    error.message = std::move(reader.problems.front());
    error.notes.assign(std::make_move_iterator(reader.problems.begin() + 1),
                       std::make_move_iterator(reader.problems.end()));
    return Fail(std::move(error));
  }
  return std::move(reader.parameters);
}

std::string Fingerprint(const Parameters& parameters) {
  std::string out;
  render::AppendFingerprint(out, parameters.options);
  Append(out, parameters.exclude);
  Append(out, parameters.sources);
  out.push_back(parameters.kustomize ? '1' : '0');
  return out;
}

std::vector<Announcement> Announce(const render::Inventory& inventory) {
  constexpr std::size_t kShown = 30;
  std::vector<Announcement> out;
  for (const Spec& spec : Specs()) {
    Announcement a;
    const OptionSpec& option = spec.option;
    a.name = option.name;
    a.title = option.title;
    a.tooltip = option.help;
    a.collection_type = IsList(spec) ? "array" : "string";
    if (IsList(spec)) {
      if (!option.fallback.empty()) a.items.emplace_back(option.fallback);
    } else {
      a.text = option.fallback;
    }
    if (option.name == "namespace") {
      a.text.clear();
      a.tooltip += " Empty: the Application's destination namespace.";
    }
    if (option.type == OptionType::kChoice) a.tooltip += " One of: " + Joined(option.choices) + ".";
    if (option.type == OptionType::kChoices)
      a.tooltip += " One or more of: " + Joined(option.choices) + ".";
    if (option.type == OptionType::kBool) a.tooltip += " true or false.";
    if (spec.found != nullptr) {
      a.items = inventory.*spec.found;
      if (!a.items.empty()) {
        a.tooltip += " In this tree: ";
        for (std::size_t i = 0; i < a.items.size() && i < kShown; ++i) {
          if (i > 0) a.tooltip += ", ";
          a.tooltip += a.items[i];
        }
        if (a.items.size() > kShown)
          a.tooltip += ", … (" + std::to_string(a.items.size()) + " in all)";
        a.tooltip += '.';
      }
    }
    out.push_back(std::move(a));
  }
  return out;
}

}  // namespace openchoreo::argocd
