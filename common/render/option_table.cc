#include "common/render/option_table.h"

#include <algorithm>
#include <utility>

namespace openchoreo::render {
namespace {

using Texts = std::vector<std::string>;

// Whether an option changes the bytes of one binding, or only which bindings and other objects
// there are.
enum class Reach : bool { kSet, kBinding };

struct Entry {
  OptionSpec spec;
  Reach reach;
  void (*set)(Options&, const OptionSpec&, const Texts&);  // values that fit the type
  Texts (*get)(const Options&);
};

std::size_t IndexOf(const OptionSpec& spec, std::string_view value) {
  return static_cast<std::size_t>(std::find(spec.choices.begin(), spec.choices.end(), value) -
                                  spec.choices.begin());
}

Texts Number(std::size_t number) { return {std::to_string(number)}; }

template <auto kMember>
Entry List(OptionSpec spec) {
  return {
      std::move(spec), Reach::kSet,
      [](Options& options, const OptionSpec&, const Texts& values) { options.*kMember = values; },
      [](const Options& options) { return options.*kMember; }};
}

template <auto kMember>
Entry Switch(OptionSpec spec, Reach reach) {
  spec.type = OptionType::kBool;
  return {std::move(spec), reach,
          [](Options& options, const OptionSpec&, const Texts& values) {
            options.*kMember = values.front() == "true";
          },
          [](const Options& options) { return Number(options.*kMember); }};
}

// A choice whose values stand in the order of the enum, or of false and true.
template <auto kMember>
Entry Choice(OptionSpec spec, Reach reach) {
  spec.type = OptionType::kChoice;
  return {
      std::move(spec), reach,
      [](Options& options, const OptionSpec& own, const Texts& values) {
        using Value = std::remove_reference_t<decltype(options.*kMember)>;
        options.*kMember = static_cast<Value>(IndexOf(own, values.front()));
      },
      [](const Options& options) { return Number(static_cast<std::size_t>(options.*kMember)); }};
}

std::vector<Entry> Selections() {
  constexpr OptionType kNames = OptionType::kList;
  return {
      List<&Options::organizations>(
          {"organizations",
           "--organization",
           "Organizations",
           "Render only bindings of these organizations (OpenChoreo namespaces). None named: all.",
           kNames,
           {},
           ""}),
      List<&Options::environments>({"environments",
                                    "--environment",
                                    "Environments",
                                    "Render only bindings of these environments. None named: all.",
                                    kNames,
                                    {},
                                    ""}),
      List<&Options::projects>({"projects",
                                "--project",
                                "Projects",
                                "Render only bindings of these projects. None named: all.",
                                kNames,
                                {},
                                ""}),
      List<&Options::components>({"components",
                                  "--component",
                                  "Components",
                                  "Render only bindings of these components. None named: all.",
                                  kNames,
                                  {},
                                  ""}),
      List<&Options::dataplanes>(
          {"dataplanes",
           "--dataplane",
           "Data planes",
           "Render only bindings whose environment runs on these data planes. None named: all.",
           kNames,
           {},
           ""}),
      List<&Options::bindings>(
          {"bindings",
           "--bindings",
           "Kinds of bindings",
           "Render only bindings of these kinds. With component or resource alone, Namespaces are "
           "left to whoever renders the project's. None named: all.",
           OptionType::kChoices,
           {"component", "project", "resource"},
           ""}),
      {{"namespace",
        "--namespace",
        "Namespace of resources without one",
        "Namespace of OpenChoreo resources that name none.",
        OptionType::kText,
        {},
        "default"},
       Reach::kSet,
       [](Options& options, const OptionSpec&, const Texts& values) {
         options.default_namespace = values.front();
       },
       [](const Options& options) { return Texts{options.default_namespace}; }},
  };
}

Entry IncludeOption() {
  return {{"include",
           "--include",
           "What to emit",
           "rendered: the data-plane objects. bindings: the selected bindings themselves. "
           "openchoreo: all OpenChoreo resources. all: rendered and openchoreo.",
           OptionType::kChoices,
           {"rendered", "bindings", "openchoreo", "all"},
           "rendered"},
          Reach::kSet,
          [](Options& options, const OptionSpec&, const Texts& values) {
            Include include{false, false, false};
            for (const std::string& value : values) {
              include.rendered = include.rendered || value == "rendered" || value == "all";
              include.bindings = include.bindings || value == "bindings";
              include.openchoreo = include.openchoreo || value == "openchoreo" || value == "all";
            }
            options.include = include;
          },
          [](const Options& options) {
            const Include& include = options.include;
            return Number(include.rendered + 2u * include.bindings + 4u * include.openchoreo);
          }};
}

std::vector<Entry> Outputs() {
  const OptionType any = OptionType::kBool;  // each maker sets its own
  return {
      IncludeOption(),
      Choice<&Options::plane>({"plane",
                               "--plane",
                               "Plane",
                               "Objects of which plane to emit: one Application or Kustomization "
                               "targets one cluster.",
                               any,
                               {"data", "observability", "all"},
                               "data"},
                              Reach::kBinding),
      {{"tracking",
        "--tracking",
        "Tracking",
        "labels: put OpenChoreo's own managed-by and release labels and a digest on every object.",
        OptionType::kChoice,
        {"labels", "none"},
        "labels"},
       Reach::kBinding,
       [](Options& options, const OptionSpec&, const Texts& values) {
         options.tracking = values.front() == "labels";
       },
       [](const Options& options) { return Number(options.tracking); }},
      {{"namespaces",
        "--namespaces",
        "Add namespaces",
        "Add the Namespaces that rendered objects live in and nothing provides; with a selection "
        "that leaves out the project's part only where this is set.",
        OptionType::kBool,
        {},
        "true"},
       Reach::kSet,
       [](Options& options, const OptionSpec&, const Texts& values) {
         options.namespaces = values.front() == "true";
         options.namespaces_given = true;
       },
       [](const Options& options) {
         return Number(options.namespaces + 2u * options.namespaces_given);
       }},
      Switch<&Options::record>({"record",
                                "--record",
                                "Release record",
                                "Add one ConfigMap per binding that records what was rendered.",
                                any,
                                {},
                                "true"},
                               Reach::kBinding),
      Switch<&Options::origins>({"origins",
                                 "--origins",
                                 "Origins",
                                 "Annotate every object with the file and field of the template it "
                                 "comes from, and of the patches that touched it.",
                                 any,
                                 {},
                                 "false"},
                                Reach::kBinding),
  };
}

// Long: an entry per option.
std::vector<Entry> Judgements() {
  const OptionType any = OptionType::kBool;  // each maker sets its own
  return {
      Choice<&Options::skip_broken>(
          {"onError",
           "--on-error",
           "Broken bindings",
           "fail: one broken binding fails the whole result, so that nothing is pruned. skip: its "
           "objects are left out, and PRUNED where that is on.",
           any,
           {"fail", "skip"},
           "fail"},
          Reach::kSet),
      Choice<&Options::on_pending>(
          {"onPending",
           "--on-pending",
           "Pending dependencies",
           "fail-absent: a dependency on a component or resource that is in no source fails. fail: "
           "any that is not resolved does. warn: none does; it is rendered without it.",
           any,
           {"fail-absent", "fail", "warn"},
           "fail-absent"},
          Reach::kSet),
      Switch<&Options::allow_empty>({"allowEmpty",
                                     "--allow-empty",
                                     "Allow an empty result",
                                     "An empty result is an error unless this is true.",
                                     any,
                                     {},
                                     "false"},
                                    Reach::kSet),
      Switch<&Options::allow_empty_selection>(
          {"allowEmptySelection",
           "--allow-empty-selection",
           "Allow an empty selection",
           "A selection of names the tree has, that matches none of its bindings, gives an empty "
           "result: the last binding there was deleted.",
           any,
           {},
           "false"},
          Reach::kSet),
      Switch<&Options::passthrough>({"passthrough",
                                     "--passthrough",
                                     "Pass other objects through",
                                     "Emit the tree's objects that are not OpenChoreo's as they "
                                     "are; else they are left alone.",
                                     any,
                                     {},
                                     "false"},
                                    Reach::kSet),
      Choice<&Options::last_duplicate_wins>(
          {"duplicates",
           "--duplicates",
           "Two resources of one name",
           "error: two different resources of one kind and name are an error. last: the last in "
           "path order counts.",
           any,
           {"error", "last"},
           "error"},
          Reach::kSet),
      Switch<&Options::strict>({"strict",
                                "--strict",
                                "Strict",
                                "Unknown fields, pending dependencies and other warnings that "
                                "change the result are errors.",
                                any,
                                {},
                                "false"},
                               Reach::kSet),
      {{"format",
        "--format",
        "Format",
        "yaml, json, or plan: what became of each binding, as JSON.",
        OptionType::kChoice,
        {"yaml", "json", "plan"},
        "yaml",
        true,
        true},
       Reach::kBinding,
       [](Options& options, const OptionSpec& own, const Texts& values) {
         options.format = static_cast<Format>(IndexOf(own, values.front()));
       },
       [](const Options& options) { return Number(static_cast<std::size_t>(options.format)); }},
  };
}

const std::vector<Entry>& Entries() {
  static const std::vector<Entry> entries = [] {
    std::vector<Entry> all;
    for (auto part : {Selections(), Outputs(), Judgements()})
      std::move(part.begin(), part.end(), std::back_inserter(all));
    return all;
  }();
  return entries;
}

void Append(std::string& out, std::string_view text) {
  out.append(std::to_string(text.size())).append(":").append(text);
}

void Append(std::string& out, const Entry& entry, const Options& options) {
  const Texts values = entry.get(options);
  Append(out, entry.spec.name);
  out.append(std::to_string(values.size())).append("[");
  for (const std::string& value : values) Append(out, value);
}

bool Fits(const OptionSpec& spec, std::string_view value) {
  switch (spec.type) {
    case OptionType::kList:
    case OptionType::kText:
      return true;
    case OptionType::kBool:
      return value == "true" || value == "false";
    case OptionType::kChoice:
    case OptionType::kChoices:
      break;
  }
  return IndexOf(spec, value) < spec.choices.size();
}

}  // namespace

std::span<const OptionSpec> OptionTable() {
  static const std::vector<OptionSpec> specs = [] {
    std::vector<OptionSpec> all;
    for (const Entry& entry : Entries()) all.push_back(entry.spec);
    return all;
  }();
  return specs;
}

const OptionSpec* FindOption(std::string_view name) {
  for (const OptionSpec& spec : OptionTable()) {
    if (spec.name == name) return &spec;
  }
  return nullptr;
}

base::Result<void> CheckValues(const OptionSpec& spec, std::span<const std::string> values) {
  const bool fits = std::all_of(values.begin(), values.end(),
                                [&](const std::string& value) { return Fits(spec, value); });
  if (fits && (TakesMany(spec) || values.size() == 1)) return {};
  return base::Fail(base::ErrorCode::kUsage, std::string(spec.name) + " must be " + Takes(spec));
}

base::Result<void> SetOption(Options& options, std::string_view name,
                             std::span<const std::string> values) {
  const std::vector<Entry>& entries = Entries();
  const auto entry = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& e) { return e.spec.name == name; });
  if (entry == entries.end())
    return base::Fail(base::ErrorCode::kUsage, "there is no option " + std::string(name));
  const OptionSpec& spec = entry->spec;
  if (!TakesMany(spec) && values.size() == 1 && values.front().empty()) return {};
  OC_TRY_DONE(CheckValues(spec, values));
  if (spec.type == OptionType::kChoices && values.empty()) return {};
  entry->set(options, spec, Texts(values.begin(), values.end()));
  return {};
}

std::string Takes(const OptionSpec& spec) {
  switch (spec.type) {
    case OptionType::kList:
      return "a list of names";
    case OptionType::kText:
      return "a name";
    case OptionType::kBool:
      return "true or false";
    case OptionType::kChoice:
    case OptionType::kChoices:
      break;
  }
  std::string text = spec.type == OptionType::kChoice ? "one of " : "one or more of ";
  for (const std::string_view choice : spec.choices) {
    if (choice != spec.choices.front()) text += ", ";
    text += choice;
  }
  return text;
}

void AppendFingerprint(std::string& out, const Options& options) {
  for (const Entry& entry : Entries()) {
    if (entry.spec.changes_result) Append(out, entry, options);
  }
}

void AppendBindingFingerprint(std::string& out, const Options& options) {
  for (const Entry& entry : Entries()) {
    if (entry.spec.changes_result && entry.reach == Reach::kBinding) Append(out, entry, options);
  }
}

}  // namespace openchoreo::render
