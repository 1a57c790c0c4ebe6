#include "flux-source/spec.h"

#include <algorithm>
#include <set>

#include "common/artifact/tar_reader.h"
#include "common/platform/service/duration.h"
#include "common/render/option_table.h"

namespace openchoreo::flux {

namespace {

using value::Value;

constexpr std::string_view kSourceKinds[] = {"GitRepository", "OCIRepository", "Bucket",
                                             "ExternalArtifact"};
constexpr std::string_view kSplitNames[kSplitKeys] = {"Organization", "Environment", "DataPlane",
                                                      "Project"};

class Reading {
 public:
  Reading(const Value& object, bool cross_namespace)
      : spec_(object.Get("spec")),
        ns_(object.Get("metadata", "namespace").string_or_empty()),
        cross_namespace_(cross_namespace) {}

  tl::expected<Spec, Refusal> Run() {
    Sources();
    Durations();
    Options();
    Split();
    Origin();
    Metadata();
    out_.suspend = Flag("suspend");
    out_.allow_empty = Flag("allowEmpty");
    out_.allow_empty_selection = Flag("allowEmptySelection");
    if (!refusal_.reason.empty()) return tl::unexpected(std::move(refusal_));
    return std::move(out_);
  }

 private:
  void Refuse(std::string message, std::string reason = "ValidationFailed") {
    if (refusal_.reason.empty()) refusal_ = {std::move(reason), std::move(message)};
  }

  bool Flag(std::string_view field) {
    const Value value = spec_.Get(field);
    return value.is_bool() && value.as_bool();
  }

  void Sources() {
    const Value sources = spec_.Get("sources");
    if (!sources.is_list() || sources.size() == 0) return Refuse("spec.sources names no source");
    std::set<std::string> aliases;
    for (const Value& item : sources.as_list()) {
      SourceSpec source;
      source.alias = item.Get("alias").string_or_empty();
      source.kind = item.Get("kind").string_or_empty();
      source.name = item.Get("name").string_or_empty();
      source.ns = item.Get("namespace").string_or_empty();
      if (source.ns.empty()) source.ns = ns_;
      const std::string where = "spec.sources: " + source.alias + ": ";
      if (!IsAlias(source.alias))
        return Refuse("spec.sources: \"" + source.alias + "\" is no alias");
      if (!aliases.insert(source.alias).second) {
        return Refuse("spec.sources: two sources have the alias \"" + source.alias + "\"");
      }
      if (std::find(std::begin(kSourceKinds), std::end(kSourceKinds), source.kind) ==
          std::end(kSourceKinds)) {
        return Refuse(where + "\"" + source.kind + "\" is no kind of source");
      }
      if (source.name.empty()) return Refuse(where + "name is missing");
      const std::string_view path = item.Get("path").string_or_empty();
      auto clean = artifact::CleanRelativePath(path);
      if (!clean || IsOutside(path)) {
        return Refuse(where + "path \"" + std::string(path) + "\" is not below the source's root");
      }
      source.path = *std::move(clean);
      if (source.ns != ns_ && !cross_namespace_) {
        return Refuse(where + source.kind + " " + source.ns + "/" + source.name +
                          " is in another namespace, which --no-cross-namespace-refs forbids",
                      "AccessDenied");
      }
      out_.sources.push_back(std::move(source));
    }
  }

  static bool IsAlias(std::string_view alias) {
    const auto inner = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    return !alias.empty() && alias.size() <= 63 && inner(alias.front()) && inner(alias.back()) &&
           std::all_of(alias.begin(), alias.end(),
                       [&](char c) { return inner(c) || c == '-' || c == '_'; });
  }

  // A ".." on the way is refused even where the whole path stays inside.
  static bool IsOutside(std::string_view path) {
    return ("/" + std::string(path) + "/").find("/../") != std::string::npos;
  }

  void Durations() {
    const auto read = [&](std::string_view field) -> std::optional<std::chrono::milliseconds> {
      const Value value = spec_.Get(field);
      if (value.is_null()) return std::nullopt;
      auto duration = service::ParseDuration(value.string_or_empty());
      if (!duration || duration->count() == 0) {
        Refuse("spec." + std::string(field) + ": \"" + std::string(value.string_or_empty()) +
               "\" is no duration such as 30s, 10m or 1h");
      }
      return duration;
    };
    out_.interval = read("interval").value_or(out_.interval);
    out_.timeout = read("timeout").value_or(out_.timeout);
    out_.retry_interval = read("retryInterval");
  }

  void Options() {
    for (const render::OptionSpec& option : render::OptionTable()) {
      const std::string_view selection = option.name == "dataplanes" ? "dataPlanes" : option.name;
      const Value* selected = spec_.Get("selection").Find(selection);
      AddOption(option.name, selected ? *selected : spec_.Get(option.name));
    }
    const Value exclude = spec_.Get("exclude");
    if (!exclude.is_list()) return;
    for (const Value& item : exclude.as_list()) out_.exclude.emplace_back(item.string_or_empty());
  }

  void AddOption(std::string_view name, const Value& value) {
    std::vector<std::string> values;
    if (value.is_bool()) values.emplace_back(value.as_bool() ? "true" : "false");
    if (value.is_list()) {
      for (const Value& item : value.as_list()) values.emplace_back(item.string_or_empty());
    }
    std::string_view text = value.string_or_empty();
    while (!text.empty()) {  // include: several, with commas
      const std::size_t comma = std::min(text.find(','), text.size());
      values.emplace_back(text.substr(0, comma));
      text.remove_prefix(std::min(comma + 1, text.size()));
    }
    if (!values.empty()) out_.options.emplace_back(name, std::move(values));
  }

  void Split() {
    const Value split = spec_.Get("splitBy");
    if (!split.is_list()) {
      out_.split[static_cast<std::size_t>(SplitKey::kEnvironment)] = true;
      if (Flag("passthrough")) NoPassthrough();
      return;
    }
    for (const Value& item : split.as_list()) {
      const auto* found =
          std::find(std::begin(kSplitNames), std::end(kSplitNames), item.string_or_empty());
      if (found == std::end(kSplitNames)) {
        return Refuse("spec.splitBy: \"" + std::string(item.string_or_empty()) +
                      "\" is none of Organization, Environment, DataPlane, Project");
      }
      out_.split[static_cast<std::size_t>(found - std::begin(kSplitNames))] = true;
    }
    const std::string include = "," + std::string(spec_.Get("include").string_or_empty()) + ",";
    if (split.size() > 0 && (include.find(",openchoreo,") != std::string::npos ||
                             include.find(",all,") != std::string::npos)) {
      Refuse(
          "spec.include: openchoreo and all need splitBy: [], for each OpenChoreo resource has "
          "one owner");
    }
    if (split.size() > 0 && Flag("passthrough")) NoPassthrough();
  }

  void NoPassthrough() {
    Refuse(
        "spec.passthrough: needs splitBy: [], for each resource that is passed on has one owner");
  }

  void Origin() {
    const std::string_view alias = spec_.Get("originRevisionFrom").string_or_empty();
    if (alias.empty()) return;
    const auto found =
        std::find_if(out_.sources.begin(), out_.sources.end(),
                     [&](const SourceSpec& source) { return source.alias == alias; });
    if (found == out_.sources.end()) {
      return Refuse("spec.originRevisionFrom: no source has the alias \"" + std::string(alias) +
                    "\"");
    }
    out_.origin = static_cast<std::size_t>(found - out_.sources.begin());
  }

  void Metadata() {
    const auto read = [&](std::string_view field, std::map<std::string, std::string>& into) {
      const Value map = spec_.Get("commonMetadata", field);
      if (!map.is_map()) return;
      for (const value::MapEntry& entry : map.as_map()) {
        into.emplace(entry.key.as_string(), entry.value.string_or_empty());
      }
    };
    read("labels", out_.labels);
    read("annotations", out_.annotations);
  }

  const Value spec_;
  const std::string ns_;
  const bool cross_namespace_;
  Spec out_;
  Refusal refusal_;
};

}  // namespace

tl::expected<Spec, Refusal> ReadSpec(const Value& object, bool cross_namespace) {
  return Reading(object, cross_namespace).Run();
}

bool IsSuspended(const Value& object) {
  const Value suspend = object.Get("spec", "suspend");
  return (suspend.is_bool() && suspend.as_bool()) ||
         object.Get("metadata", "annotations", "source.extensions.fluxcd.io/reconcile")
                 .string_or_empty() == "disabled";
}

}  // namespace openchoreo::flux
