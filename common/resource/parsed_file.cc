#include "common/resource/parsed_file.h"

#include <string.h>

#include <algorithm>
#include <utility>

#include "common/admission/admission.h"
#include "common/admission/shape.h"
#include "common/resource/dialect_recognition.h"
#include "common/resource/dialect_v0_12.h"
#include "common/value/map_builder.h"
#include "common/yaml/reader.h"

namespace openchoreo::resource {
namespace {

using base::ErrorCode;
using base::Severity;
using value::Value;

constexpr std::string_view kGroup = "openchoreo.dev";
constexpr int kMaxListNesting = static_cast<int>(base::kLimits.max_list_nesting);
constexpr std::size_t kMaxObjectsPerFile = base::kLimits.max_documents;

constexpr std::string_view kOtherKinds[] = {
    "API",
    "APIBinding",
    "APIClass",
    "Addon",
    "AuthzClusterRole",
    "AuthzClusterRoleBinding",
    "AuthzRole",
    "AuthzRoleBinding",
    "Build",
    "BuildPlane",
    "ClusterAuthzRole",
    "ClusterAuthzRoleBinding",
    "ClusterBuildPlane",
    "ClusterWorkflowPlane",
    "ComponentDeployment",
    "ComponentEnvSnapshot",
    "ComponentTypeDefinition",
    "ComponentWorkflow",
    "ComponentWorkflowRun",
    "ConfigurationGroup",
    "DeployableArtifact",
    "Deployment",
    "DeploymentRevision",
    "DeploymentTrack",
    "Endpoint",
    "EndpointV2",
    "GitCommitRequest",
    "ObservabilityAlertRule",
    "Release",
    "ReleaseConfig",
    "RenderedRelease",
    "ScheduledTask",
    "ScheduledTaskBinding",
    "ScheduledTaskClass",
    "Service",
    "ServiceBinding",
    "ServiceClass",
    "WebApplication",
    "WebApplicationBinding",
    "WebApplicationClass",
    "WorkflowPlane",
    "WorkflowRun",
};

// Whether some version of OpenChoreo (or its control plane) has this kind.
bool IsKnownOtherKind(std::string_view kind) {
  return std::find(std::begin(kOtherKinds), std::end(kOtherKinds), kind) != std::end(kOtherKinds);
}

// The input of `occ workload create --descriptor`, which lies beside an application's source: a
// name, and perhaps endpoints, dependencies and configurations, all at the top.
bool IsWorkloadDescriptor(const Value& root) { return !root.Find("spec"); }

// Fields of the older shapes that never had an effect on what is rendered.
struct UnusedField {
  names::Kind kind;
  std::string_view parent, key;  // below spec; parent may be ""
};

constexpr UnusedField kUnusedFields[] = {
    {names::Kind::kComponent, "", "workflow"},
    {names::Kind::kComponent, "", "autoBuild"},
    {names::Kind::kDataPlane, "", "imagePullSecretRefs"},
    {names::Kind::kEnvironment, "gateway", "dnsPrefix"},
    {names::Kind::kEnvironment, "gateway", "security"},
    {names::Kind::kWorkload, "", "connections"},
};

// The dotted form of a pointer to a field: "/spec/owner" → "spec.owner".
std::string Dotted(std::string_view pointer) {
  std::string dotted(pointer.substr(std::min<std::size_t>(1, pointer.size())));
  std::replace(dotted.begin(), dotted.end(), '/', '.');
  return dotted;
}

class Parser {
 public:
  explicit Parser(ParsedFile& file) : file_(file) {}

  // A document, or an item of a List.
  void Take(const Value& root, std::uint32_t document, const std::string& field, int nesting) {
    if (!root.is_map()) return;
    const std::string_view kind = root.Get("kind").string_or_empty();
    const Value items = root.Get("items");
    if (items.is_list() && kind.ends_with("List") && nesting < kMaxListNesting) {
      const std::span<const Value> list = items.as_list();
      const std::string items_field = base::JoinPointer(field, "items");
      for (std::size_t i = 0; i < list.size(); ++i) {
        Take(ListItem(root, list[i]), document, base::JoinPointer(items_field, i), nesting + 1);
      }
      return;
    }
    if (file_.objects.size() >= kMaxObjectsPerFile) {
      if (!full_) {
        Report(Severity::kError, ErrorCode::kYamlLimit,
               "more than " + std::to_string(kMaxObjectsPerFile) + " objects in one file", document,
               field);
      }
      full_ = true;
      return;
    }
    const std::string_view api_version = root.Get("apiVersion").string_or_empty();
    const std::size_t slash = api_version.find('/');
    if (slash == std::string_view::npos || api_version.substr(0, slash) != kGroup) return;
    if (kind.empty() && IsWorkloadDescriptor(root)) {
      file_.unused.push_back({"workload descriptors (no kind)", false, document, field});
      return;
    }
    if (kind.empty()) {
      Report(Severity::kError, ErrorCode::kInvalidResource, "Object 'Kind' is missing", document,
             field);
      return;
    }
    if (const std::optional<names::Kind> known = names::KindNamed(kind)) {
      TakeObject(root, *known, document, field);
    } else {
      file_.unused.push_back({std::string(kind), !IsKnownOtherKind(kind), document, field});
    }
  }

 private:
  // Items of a typed list (ComponentList) may leave out what the list says.
  Value ListItem(const Value& list, const Value& item) {
    if (!item.is_map() || item.Find("kind")) return item;
    const std::string_view list_kind = list.Get("kind").string_or_empty();
    const std::string_view kind = list_kind.substr(0, list_kind.size() - 4);
    if (kind.empty()) return item;
    const Value with_kind = WithKey(file_.arena, item, "kind", Value::String(kind));
    return WithKey(file_.arena, with_kind, "apiVersion", list.Get("apiVersion"));
  }

  void TakeObject(const Value& written, names::Kind kind, std::uint32_t document,
                  const std::string& field) {
    const auto index = static_cast<std::uint32_t>(file_.objects.size());
    ParsedObject& object = file_.objects.emplace_back();
    object.kind = kind;
    object.document = document;
    object.field = field;
    const Value metadata = written.Get("metadata");
    object.name = metadata.Get("name").string_or_empty();
    if (!names::IsClusterScoped(kind)) object.ns = metadata.Get("namespace").string_or_empty();

    const Recognition recognition = Recognise(kind, written);
    object.dialect = recognition.dialect;
    object.dialect_evidence = recognition.evidence;
    object.written = WithOwnerNames(written, index);
    if (recognition.conflict()) {
      object.root = written;
      object.invalid = Dotted(recognition.old_field) + " and " + Dotted(recognition.new_field) +
                       " are of different OpenChoreo versions";
      Refuse(object, index, ErrorCode::kDialectConflict, std::string(recognition.old_field),
             "keep the fields of one version: older trees have " + Dotted(recognition.old_field) +
                 ", v1.x has " + Dotted(recognition.new_field));
      return;
    }
    const Value renamed = WithoutConnectionList(file_.objects[index].written, index);
    admission::Admission admission =
        admission::Admit(renamed, kind, admission::RulesOf(kind, recognition.dialect), file_.arena);
    object.root = admission.root;
    object.lacks_owner = admission.lacks_owner;
    object.invalid = std::move(admission.invalid);
    for (const admission::PrunedField& pruned : admission.pruned) {
      Report(Severity::kWarning, ErrorCode::kUnknownField, "unknown field \"" + pruned.path + "\"",
             document, field + pruned.pointer, index,
             pruned.meant.empty() ? std::string()
                                  : "did you mean \"" + std::string(pruned.meant) + "\"?");
    }
    if (!object.invalid.empty()) {
      Refuse(object, index, ErrorCode::kInvalidResource, admission.invalid_pointer, "");
      return;
    }
    for (const admission::FieldError& missing : admission.unread) {
      Report(Severity::kWarning, ErrorCode::kInvalidResource, missing.text, document,
             field + missing.pointer, index,
             "a cluster would refuse the object; rendering does not need the field");
    }
    if (recognition.dialect == names::Dialect::kV012) {
      NoteUnused(object);
      object.root = ToV1Model(kind, object.root, file_.arena);
    }
  }

  // The GitOps guide writes spec.owner.project and spec.owner.component, which no version has.
  Value WithOwnerNames(const Value& root, std::uint32_t index) {
    const Value spec = root.Get("spec");
    Value owner = spec.Get("owner");
    bool renamed = false;
    for (const auto& [alias, name] :
         {std::pair<std::string_view, std::string_view>{"project", "projectName"},
          {"component", "componentName"}}) {
      const Value* found = owner.Find(alias);
      if (!found || owner.Find(name)) continue;
      owner = WithKey(file_.arena, WithoutKey(file_.arena, owner, alias), name, *found);
      renamed = true;
      std::string message = "spec.owner.";
      message.append(alias).append(" is no field of any OpenChoreo version; read as spec.owner.");
      message.append(name);
      const ParsedObject& object = file_.objects[index];
      Report(Severity::kWarning, ErrorCode::kUnknownField, std::move(message), object.document,
             base::JoinPointer(object.field + "/spec/owner", alias), index);
    }
    if (!renamed) return root;
    return WithKey(file_.arena, root, "spec", WithKey(file_.arena, spec, "owner", owner));
  }

  // v0.17 wrote connections as a list of endpoints, through a context no other version has.
  Value WithoutConnectionList(const Value& root, std::uint32_t index) {
    const ParsedObject& object = file_.objects[index];
    if (object.kind != names::Kind::kWorkload) return root;
    const Value spec = root.Get("spec");
    if (!spec.Get("connections").is_list()) return root;
    Report(Severity::kWarning, ErrorCode::kUnknownField,
           "spec.connections as a list (v0.17) is not rendered", object.document,
           object.field + "/spec/connections", index,
           "write them as spec.dependencies.endpoints of v1.x");
    return WithKey(file_.arena, root, "spec", WithoutKey(file_.arena, spec, "connections"));
  }

  void NoteUnused(const ParsedObject& object) {
    const auto note = [&](std::string what, std::string_view pointer) {
      file_.unused.push_back({std::move(what), false, object.document, object.field});
      file_.unused.back().field += pointer;
    };
    if (object.kind == names::Kind::kOrganization) note("Organization", "");
    const Value spec = object.root.Get("spec");
    for (const UnusedField& unused : kUnusedFields) {
      if (unused.kind != object.kind) continue;
      const Value owner = unused.parent.empty() ? spec : spec.Get(unused.parent);
      if (!owner.Find(unused.key)) continue;
      std::string pointer = "/spec/";
      if (!unused.parent.empty()) pointer.append(unused.parent).append("/");
      pointer += unused.key;
      note(Dotted(pointer) + " of " + std::string(names::NameOf(object.kind)), pointer);
    }
  }

  void Refuse(const ParsedObject& object, std::uint32_t index, ErrorCode code,
              const std::string& pointer, std::string hint) {
    std::string message(names::NameOf(object.kind));
    message.append(" \"").append(object.name).append("\" is invalid: ").append(object.invalid);
    Report(Severity::kError, code, std::move(message), object.document, object.field + pointer,
           index, std::move(hint));
  }

  void Report(Severity severity, ErrorCode code, std::string message, std::uint32_t document,
              std::string field, std::uint32_t object = ParsedFile::Finding::kNoObject,
              std::string hint = "") {
    ParsedFile::Finding finding;
    finding.diagnostic.severity = severity;
    finding.diagnostic.code = code;
    finding.diagnostic.message = std::move(message);
    finding.diagnostic.place.document = document;
    finding.diagnostic.place.field = std::move(field);
    finding.diagnostic.hint = std::move(hint);
    finding.object = object;
    file_.findings.push_back(std::move(finding));
  }

  ParsedFile& file_;
  bool full_ = false;
};

}  // namespace

std::size_t ParsedFile::bytes() const {
  return sizeof(ParsedFile) + arena.bytes() + objects.capacity() * sizeof(ParsedObject) +
         findings.capacity() * sizeof(Finding) + unused.capacity() * sizeof(Unused);
}

bool SpeaksOfOpenChoreo(std::string_view text) {
  return memmem(text.data(), text.size(), kGroup.data(), kGroup.size()) != nullptr;
}

std::shared_ptr<ParsedFile> ParseFile(std::string_view text, const base::RenderLimits& limits) {
  // A tree of values takes about twice its text.
  auto file = std::make_shared<ParsedFile>(std::clamp<std::size_t>(text.size() * 2, 512, 1 << 20));
  yaml::ReadResult read = yaml::Read(text, file->arena, limits);
  Parser parser(*file);
  for (const yaml::Document& document : read.documents) {
    parser.Take(document.root, document.index, "", 0);
  }
  for (base::Diagnostic& error : read.errors) {
    file->findings.push_back({std::move(error), ParsedFile::Finding::kNoObject});
  }
  return file;
}

}  // namespace openchoreo::resource
