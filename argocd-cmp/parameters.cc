#include "argocd-cmp/parameters.h"

#include <algorithm>
#include <cctype>
#include <span>

#include "common/base/arena.h"
#include "common/value/json_reader.h"

namespace openchoreo::argocd {

using base::ErrorCode;
using base::Fail;
using value::Value;

namespace {

enum class Type { kList, kText, kChoice, kBool };

using Found = std::vector<std::string> render::Inventory::*;

struct Spec {
  const char* name;
  const char* title;
  const char* tooltip;
  Type type;
  const char* fallback;              // default as announced
  std::vector<const char*> choices;  // kChoice
  Found found = nullptr;             // values the tree offers
  // Takes a value that fits the type; lists item by item.
  void (*set)(Parameters&, const std::string&);
};

bool True(const std::string& text) { return text == "true"; }

std::span<const Spec> Specs() {
  static const std::vector<Spec> specs = {
      {"environments",
       "Environments",
       "Render only bindings of these environments. None named: all.",
       Type::kList,
       "",
       {},
       &render::Inventory::environments,
       [](Parameters& p, const std::string& v) { p.options.environments.push_back(v); }},
      {"projects",
       "Projects",
       "Render only bindings of these projects. None named: all.",
       Type::kList,
       "",
       {},
       &render::Inventory::projects,
       [](Parameters& p, const std::string& v) { p.options.projects.push_back(v); }},
      {"components",
       "Components",
       "Render only bindings of these components. None named: all.",
       Type::kList,
       "",
       {},
       &render::Inventory::components,
       [](Parameters& p, const std::string& v) { p.options.components.push_back(v); }},
      {"dataplanes",
       "Data planes",
       "Render only bindings whose environment runs on these data planes. None named: all.",
       Type::kList,
       "",
       {},
       &render::Inventory::dataplanes,
       [](Parameters& p, const std::string& v) { p.options.dataplanes.push_back(v); }},
      {"namespace",
       "Namespace of resources without one",
       "Namespace of OpenChoreo resources that name none. Empty: the Application's destination "
       "namespace.",
       Type::kText,
       "",
       {},
       nullptr,
       [](Parameters& p, const std::string& v) {
         if (!v.empty()) p.options.default_namespace = v;
       }},
      {"include",
       "What to emit",
       "rendered: the data-plane objects. openchoreo: the OpenChoreo resources themselves. all: "
       "both.",
       Type::kChoice,
       "rendered",
       {"rendered", "openchoreo", "all"},
       nullptr,
       [](Parameters& p, const std::string& v) {
         p.options.include = v == "all"          ? render::Include::kAll
                             : v == "openchoreo" ? render::Include::kOpenChoreo
                                                 : render::Include::kRendered;
       }},
      {"plane",
       "Plane",
       "Objects of which plane to emit: one Application targets one cluster.",
       Type::kChoice,
       "data",
       {"data", "observability", "all"},
       nullptr,
       [](Parameters& p, const std::string& v) {
         p.options.plane = v == "all"             ? render::Plane::kAll
                           : v == "observability" ? render::Plane::kObservability
                                                  : render::Plane::kData;
       }},
      {"tracking",
       "Tracking labels",
       "labels: put OpenChoreo's own managed-by and release labels on every object.",
       Type::kChoice,
       "labels",
       {"labels", "none"},
       nullptr,
       [](Parameters& p, const std::string& v) { p.options.tracking = v == "labels"; }},
      {"namespaces",
       "Add namespaces",
       "Add the Namespaces that rendered objects live in and nothing provides.",
       Type::kBool,
       "true",
       {},
       nullptr,
       [](Parameters& p, const std::string& v) { p.options.namespaces = True(v); }},
      {"record",
       "Release record",
       "Add one ConfigMap per binding that records what was rendered.",
       Type::kBool,
       "true",
       {},
       nullptr,
       [](Parameters& p, const std::string& v) { p.options.record = True(v); }},
      {"onError",
       "Broken bindings",
       "fail: one broken binding fails the whole answer, so nothing is pruned. skip: its objects "
       "are left out, and "
       "PRUNED where auto-prune is on.",
       Type::kChoice,
       "fail",
       {"fail", "skip"},
       nullptr,
       [](Parameters& p, const std::string& v) { p.options.skip_broken = v == "skip"; }},
      {"allowEmpty",
       "Allow an empty result",
       "An empty result is an error unless this is true.",
       Type::kBool,
       "false",
       {},
       nullptr,
       [](Parameters& p, const std::string& v) { p.options.allow_empty = True(v); }},
      {"duplicates",
       "Two resources of one name",
       "error: two different resources of one kind and name are an error. last: the last in path "
       "order counts.",
       Type::kChoice,
       "error",
       {"error", "last"},
       nullptr,
       [](Parameters& p, const std::string& v) { p.options.last_duplicate_wins = v == "last"; }},
      {"exclude",
       "Excluded files",
       "Globs of files not to read, matched against the path and the base name.",
       Type::kList,
       "",
       {},
       nullptr,
       [](Parameters& p, const std::string& v) { p.exclude.push_back(v); }},
      {"strict",
       "Strict",
       "Unknown fields, pending connections and other warnings are errors.",
       Type::kBool,
       "false",
       {},
       nullptr,
       [](Parameters& p, const std::string& v) { p.options.strict = True(v); }},
      {"kustomize",
       "Kustomize",
       "Let kustomize build the path's kustomization and render its result. Otherwise files are "
       "read as they are.",
       Type::kBool,
       "false",
       {},
       nullptr,
       [](Parameters& p, const std::string& v) { p.kustomize = True(v); }},
      {"sources",
       "More sources",
       "More trees to read besides the Application's path: \"/folder\" of this repository, or "
       "\"<git URL>//folder?ref=<commit>\" where the operator allows that repository.",
       Type::kList,
       "",
       {},
       nullptr,
       [](Parameters& p, const std::string& v) { p.sources.push_back(v); }},
  };
  return specs;
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

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  out.append(text.substr(0, 80));
  if (text.size() > 80) out += "…";
  return out + '"';
}

std::string Known() {
  std::string names;
  for (const Spec& spec : Specs()) {
    if (!names.empty()) names += ", ";
    names += spec.name;
  }
  return names;
}

std::string Joined(const std::vector<const char*>& items) {
  std::string out;
  for (const char* item : items) {
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

  Parameters parameters;
  std::string problems;
  std::size_t count = 0;

 private:
  void Add(const std::string& problem) {
    if (++count > 20) return;
    if (!problems.empty()) problems += '\n';
    problems += problem;
  }

  void One(Value item, std::size_t index) {
    Value name = item.is_map() ? item.Get("name") : Value();
    if (!name.is_string() || name.as_string().empty()) {
      return Add("parameter " + std::to_string(index + 1) + " has no name (known: " + Known() +
                 ")");
    }
    std::string folded = Folded(name.as_string());
    const Spec* spec = nullptr;
    for (const Spec& s : Specs()) {
      if (Folded(s.name) == folded) spec = &s;
    }
    if (spec == nullptr) {
      return Add("unknown parameter " + Quoted(name.as_string()) + " (known: " + Known() + ")");
    }
    if (std::find(seen_.begin(), seen_.end(), spec) != seen_.end()) {
      return Add("parameter \"" + std::string(spec->name) + "\" is given twice");
    }
    seen_.push_back(spec);
    std::vector<std::string> values;
    if (Values(*spec, item, values)) {
      for (const std::string& v : values) spec->set(parameters, v);
    }
  }

  // The parameter's values, checked; false after a problem was added.
  bool Values(const Spec& spec, Value item, std::vector<std::string>& out) {
    auto bad = [&](const std::string& why) {
      Add("parameter \"" + std::string(spec.name) + "\" " + why);
      return false;
    };
    Value text = item.Get("string"), array = item.Get("array"), map = item.Get("map");
    if (map.is_map() && map.size() > 0) return bad("is a map; it takes " + Takes(spec));
    bool has_array = array.is_list() && array.size() > 0;
    if (text.is_string() && has_array) return bad("has both a string and an array");
    if (!text.is_string() && !array.is_list()) return bad("has no value; it takes " + Takes(spec));
    if (spec.type == Type::kList) {
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
      }
      return true;
    }
    if (!text.is_string()) return bad("is an array; it takes " + Takes(spec));
    std::string value(text.as_string());
    Trim(value);
    if (!RefLiteral(spec, value)) return false;
    if (spec.type == Type::kBool && value != "true" && value != "false") {
      return bad("is " + Quoted(value) + "; it takes " + Takes(spec));
    }
    if (spec.type == Type::kChoice && std::none_of(spec.choices.begin(), spec.choices.end(),
                                                   [&](const char* c) { return value == c; })) {
      return bad("is " + Quoted(value) + "; it takes " + Takes(spec));
    }
    out.push_back(std::move(value));
    return true;
  }

  static std::string Takes(const Spec& spec) {
    switch (spec.type) {
      case Type::kList:
        return "an array of strings";
      case Type::kText:
        return "a string";
      case Type::kBool:
        return "the string \"true\" or \"false\"";
      case Type::kChoice:
        break;
    }
    return "one of the strings " + Joined(spec.choices);
  }

  // Argo CD resolves "$ref/..." for Helm value files only; a plugin gets the literal.
  bool RefLiteral(const Spec& spec, std::string_view value) {
    if (!value.starts_with('$')) return true;
    Add("parameter \"" + std::string(spec.name) + "\": " + Quoted(value) +
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
  if (reader.count > 20) {
    reader.problems += "\n… and " + std::to_string(reader.count - 20) + " more";
  }
  if (reader.count > 0) return Fail(ErrorCode::kUsage, std::move(reader.problems));
  return std::move(reader.parameters);
}

std::string Fingerprint(const Parameters& parameters) {
  const render::Options& o = parameters.options;
  std::string out;
  for (const auto* list : {&o.environments, &o.projects, &o.components, &o.dataplanes,
                           &parameters.exclude, &parameters.sources}) {
    Append(out, *list);
  }
  Append(out, o.default_namespace);
  for (int flag :
       {static_cast<int>(o.include), static_cast<int>(o.plane), int{parameters.kustomize},
        int{o.tracking}, int{o.namespaces}, int{o.record}, int{o.skip_broken}, int{o.allow_empty},
        int{o.last_duplicate_wins}, int{o.strict}}) {
    out.push_back(static_cast<char>('0' + flag));
  }
  return out;
}

std::vector<Announcement> Announce(const render::Inventory& inventory) {
  constexpr std::size_t kShown = 30;
  std::vector<Announcement> out;
  for (const Spec& spec : Specs()) {
    Announcement a;
    a.name = spec.name;
    a.title = spec.title;
    a.tooltip = spec.tooltip;
    a.collection_type = spec.type == Type::kList ? "array" : "string";
    a.text = spec.fallback;
    if (spec.type == Type::kChoice) a.tooltip += " One of: " + Joined(spec.choices) + ".";
    if (spec.type == Type::kBool) a.tooltip += " true or false.";
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
