#include "common/resource/parsed_file.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/admission/admission.h"
#include "common/admission/shape.h"
#include "common/base/ascii.h"
#include "common/base/edit_distance.h"
#include "common/base/go_quote.h"
#include "common/resource/dialect.h"
#include "common/resource/dialect_recognition.h"
#include "common/resource/dialect_v0_12.h"
#include "common/resource/known_kinds.h"
#include "common/resource/repository.h"
#include "common/resource/resemblance.h"
#include "common/value/map_builder.h"
#include "common/yaml/reader.h"

namespace openchoreo::resource {
namespace {

using base::ErrorCode;
using base::Severity;
using value::Value;

constexpr int kMaxListNesting = static_cast<int>(base::kLimits.max_list_nesting);
constexpr std::size_t kMaxObjectsPerFile = base::kLimits.max_documents;

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

// The word of a list like "Active", "Undeploy" (in quotes) that `written` was meant to be; "" if
// none is near.
std::string_view NearestWord(std::string_view written, std::string_view quoted_list) {
  std::string_view nearest;
  std::size_t best = 3;
  for (std::size_t open = quoted_list.find('"'); open != std::string_view::npos;) {
    const std::size_t close = quoted_list.find('"', open + 1);
    if (close == std::string_view::npos) break;
    const std::string_view word = quoted_list.substr(open + 1, close - open - 1);
    const std::size_t distance =
        base::EditDistance(base::AsciiLower(written), base::AsciiLower(word), 2);
    if (distance < best) {
      best = distance;
      nearest = word;
    }
    open = quoted_list.find('"', close + 1);
  }
  return nearest;
}

// What to do about an object the API server refuses, where its slip can be guessed.
std::string HintOf(const admission::Admission& admission) {
  const std::string_view invalid = admission.invalid;
  for (const admission::PrunedField& pruned : admission.pruned) {
    if (pruned.meant.empty()) continue;
    return "did you mean " + base::GoQuote(pruned.meant) + " by " + base::GoQuote(pruned.path) +
           "?";
  }
  constexpr std::string_view kUnsupported = ": Unsupported value: \"",
                             kList = ": supported values: ";
  const std::size_t at = invalid.find(kUnsupported), list = invalid.find(kList);
  if (at != std::string_view::npos && list != std::string_view::npos && at < list) {
    const std::string_view written =
        invalid.substr(at + kUnsupported.size(), list - at - kUnsupported.size() - 1);
    const std::string_view words = invalid.substr(list + kList.size());
    const std::string_view nearest = NearestWord(written, words.substr(0, words.find(';')));
    if (!nearest.empty()) return "did you mean " + base::GoQuote(nearest) + "?";
  }
  if (invalid.find(": Required value") != std::string_view::npos) return "add the field";
  return {};
}

class Parser {
 public:
  explicit Parser(ParsedFile& file) : file_(file) {}

  // A document, or an item of a List.
  void Take(const Value& root, std::uint32_t document, const std::string& field, int nesting) {
    if (root.is_list() && IsOrResembles(root)) {
      return Report(Severity::kError, ErrorCode::kInvalidResource,
                    "a document that is a list of OpenChoreo's objects, which nothing reads",
                    document, field, ParsedFile::Finding::kNoObject,
                    "write each object as a document of its own, with --- between them, or below "
                    "items: of a kind: List");
    }
    if (!root.is_map()) return;
    const std::string_view kind = root.Get("kind").string_or_empty();
    const Value items = root.Get("items");
    if (items.is_list() && kind.ends_with("List") && nesting < kMaxListNesting) {
      return TakeItems(root, items, document, field, nesting);
    }
    if (kind.ends_with("List") && root.Get("apiVersion").string_or_empty() == kApiVersion &&
        names::KindNamed(kind.substr(0, kind.size() - 4))) {
      return Report(Severity::kError, ErrorCode::kInvalidResource,
                    "a " + std::string(kind) + " without items", document, field + "/kind",
                    ParsedFile::Finding::kNoObject,
                    "did you mean \"" + std::string(kind.substr(0, kind.size() - 4)) + "\"?");
    }
    if (file_.objects.size() >= kMaxObjectsPerFile) return ReportFull(document, field);
    const std::string_view api_version = root.Get("apiVersion").string_or_empty();
    const bool ours = api_version == kApiVersion;
    if (IsUnfilled(root) && (ours || FindResemblance(root))) {
      return Report(Severity::kWarning, ErrorCode::kInvalidResource,
                    "a template that still has to be filled in ({{ … }}), left alone", document,
                    field, ParsedFile::Finding::kNoObject,
                    "leave the folder of templates out (--exclude)");
    }
    if (const auto resemblance = FindResemblance(root)) {
      return Report(Severity::kError, ErrorCode::kInvalidResource, resemblance->message, document,
                    field + resemblance->field, ParsedFile::Finding::kNoObject, resemblance->hint);
    }
    if (!ours) return TakeOther(root, items, document, field);
    if (kind.empty() && IsWorkloadDescriptor(root)) {
      file_.unused.push_back({"workload descriptors (no kind)", false, document, field});
      return;
    }
    if (kind.empty()) {
      return Report(Severity::kError, ErrorCode::kInvalidResource, "Object 'Kind' is missing",
                    document, field, ParsedFile::Finding::kNoObject,
                    "say what it is: kind: ReleaseBinding, kind: Component, …");
    }
    if (const std::optional<names::Kind> known = names::KindNamed(kind)) {
      TakeObject(root, *known, document, field);
    } else {
      file_.unused.push_back({std::string(kind), !IsUnreadKind(kind), document, field});
    }
  }

 private:
  void TakeItems(const Value& root, const Value& items, std::uint32_t document,
                 const std::string& field, int nesting) {
    const std::span<const Value> list = items.as_list();
    const std::string items_field = base::JoinPointer(field, "items");
    for (std::size_t i = 0; i < list.size(); ++i) {
      Take(ListItem(root, list[i]), document, base::JoinPointer(items_field, i), nesting + 1);
    }
  }

  void ReportFull(std::uint32_t document, const std::string& field) {
    if (!full_) {
      Report(Severity::kError, ErrorCode::kYamlLimit,
             "more than " + std::to_string(kMaxObjectsPerFile) + " objects in one file", document,
             field);
    }
    full_ = true;
  }

  // Somebody else's document: only what hides in it is looked at.
  void TakeOther(const Value& root, const Value& items, std::uint32_t document,
                 const std::string& field) {
    const std::string_view kind = root.Get("kind").string_or_empty();
    if (!items.is_list() || !IsOrResembles(items)) {
      if (kind.empty() && !root.Find("apiVersion")) WarnOfHidden(root, document, field);
      return;
    }
    Report(Severity::kError, ErrorCode::kInvalidResource,
           kind.empty() ? "OpenChoreo's objects below items: of a document without a kind"
                        : "OpenChoreo's objects below items: of a " + std::string(kind) +
                              ", which is no list",
           document, base::JoinPointer(field, "items"), ParsedFile::Finding::kNoObject,
           "add apiVersion: v1 and kind: List");
  }

  // A file of no kind at all that holds objects below some key: a tool's values perhaps, or a slip.
  void WarnOfHidden(const Value& root, std::uint32_t document, const std::string& field) {
    for (const value::MapEntry& entry : root.as_map()) {
      if (!IsOrResembles(entry.value)) continue;
      const std::string_view key = entry.key.string_or_empty();
      Report(Severity::kWarning, ErrorCode::kInvalidResource,
             "OpenChoreo's objects below " + std::string(key) +
                 ": of a document without a kind are not read",
             document, base::JoinPointer(field, key), ParsedFile::Finding::kNoObject,
             "write each object as a document of its own, with --- between them");
      return;
    }
  }

  // Whether what an object is called is still to be filled in.
  static bool IsUnfilled(const Value& root) {
    const Value metadata = root.Get("metadata");
    return IsSkeleton(metadata.Get("name").string_or_empty()) ||
           IsSkeleton(metadata.Get("namespace").string_or_empty()) ||
           IsSkeleton(root.Get("kind").string_or_empty());
  }

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

    Recognition recognition = Recognise(kind, written);
    const bool shapeless = kind == names::Kind::kWorkload && IsShapeless(written, recognition);
    if (shapeless) recognition.dialect = names::Dialect::kV012;
    object.dialect = recognition.dialect;
    object.dialect_evidence = file_.arena.CopyString(recognition.evidence);
    object.written = WithOwnerNames(written, index);
    if (recognition.conflict()) {
      object.root = written;
      object.invalid = Dotted(recognition.old_field) + " and " + Dotted(recognition.new_field) +
                       " are of different OpenChoreo versions";
      Refuse(object, index, ErrorCode::kDialectConflict, recognition.old_field,
             "keep the fields of one version: older trees have " + Dotted(recognition.old_field) +
                 ", v1.x has " + Dotted(recognition.new_field));
      return;
    }
    const Value renamed = WithoutConnectionList(file_.objects[index].written, index);
    if (shapeless) {
      object.invalid_in_v1 =
          admission::Admit(renamed, kind, admission::RulesOf(kind, names::Dialect::kV1),
                           file_.arena)
              .invalid;
    }
    admission::Admission admission =
        admission::Admit(renamed, kind, admission::RulesOf(kind, recognition.dialect), file_.arena);
    if (recognition.dialect == names::Dialect::kV012 && admission.invalid.empty()) {
      CheckInstanceNames(kind, admission);
    }
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
      Refuse(object, index, ErrorCode::kInvalidResource, admission.invalid_pointer,
             HintOf(admission));
      return;
    }
    for (const admission::FieldError& missing : admission.unread) {
      Report(Severity::kWarning, ErrorCode::kInvalidResource, missing.text, document,
             field + missing.pointer, index,
             "a cluster would refuse the object; rendering does not need the field");
    }
    if (kind == names::Kind::kReleaseBinding)
      WarnOfOverridesNobodyReads(object, recognition.dialect, index);
    if (kind == names::Kind::kSecretReference && written.Get("spec").Find("refreshInterval")) {
      file_.unused.push_back({"spec.refreshInterval of SecretReference (templates have their own)",
                              false, document, field + "/spec/refreshInterval"});
    }
    if (recognition.dialect == names::Dialect::kV012) {
      NoteUnused(object);
      object.root = ToV1Model(kind, object.root, file_.arena);
    }
  }

  // The CRD keeps whatever stands in workloadOverrides; rendering reads one field of it.
  void WarnOfOverridesNobodyReads(const ParsedObject& object, names::Dialect dialect,
                                  std::uint32_t index) {
    const Value overrides = object.root.Get("spec", "workloadOverrides");
    if (!overrides.is_map()) return;
    const std::string_view read = dialect == names::Dialect::kV012 ? "containers" : "container";
    for (const value::MapEntry& entry : overrides.as_map()) {
      const std::string_view key = entry.key.string_or_empty();
      if (key == read) continue;
      const bool near = base::EditDistance(base::AsciiLower(key), read, 2) <= 2;
      Report(Severity::kWarning, ErrorCode::kUnknownField,
             "unknown field \"spec.workloadOverrides." + std::string(key) + "\"", object.document,
             base::JoinPointer(object.field + "/spec/workloadOverrides", key), index,
             near ? "did you mean \"" + std::string(read) + "\"?" : "");
    }
  }

  // A Workload without any container may be one of v0.12, which allows that, or one of v1.x that
  // the API server refuses: what its component's type is written for decides, which no file knows.
  static bool IsShapeless(const Value& workload, const Recognition& recognition) {
    const Value spec = workload.Get("spec");
    return recognition.evidence.empty() && !spec.Find("container") && !spec.Find("containers");
  }

  // What v0.12's admission webhooks refuse. Follows openchoreo internal/webhook/component and
  // componentrelease at v0.12.0.
  static void CheckInstanceNames(names::Kind kind, admission::Admission& admission) {
    std::string pointer;
    if (kind == names::Kind::kComponent) pointer = "/spec/traits";
    if (kind == names::Kind::kComponentRelease) pointer = "/spec/componentProfile/traits";
    if (pointer.empty()) return;
    const Value spec = admission.root.Get("spec");
    const Value traits =
        (kind == names::Kind::kComponent ? spec : spec.Get("componentProfile")).Get("traits");
    if (!traits.is_list()) return;
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < traits.size(); ++i) {
      const std::string_view name = traits.as_list()[i].Get("instanceName").string_or_empty();
      if (names.insert(name).second) continue;
      admission.invalid_pointer = base::JoinPointer(pointer, i) + "/instanceName";
      admission.invalid =
          Dotted(admission.invalid_pointer) + ": Duplicate value: " + base::GoQuote(name);
      return;
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
    message.append(" \"").append(object.name).append("\" is invalid: ");
    message.append(ReasonOf(object.invalid));
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
  return sizeof(ParsedFile) + arena.bytes() + parts.capacity() * sizeof(SharedParts::PartPointer) +
         objects.capacity() * sizeof(ParsedObject) + findings.capacity() * sizeof(Finding) +
         unused.capacity() * sizeof(Unused);
}

namespace {

// A document that cannot be read counts where the file speaks of OpenChoreo at all, unless it is a
// template that nobody has filled in yet.
void Weigh(base::Diagnostic& error, std::string_view text, bool speaks) {
  if (!speaks) {
    error.severity = Severity::kNote;
    return;
  }
  const std::vector<yaml::DocumentRange> ranges = yaml::SplitDocuments(text);
  if (error.code != ErrorCode::kYamlSyntax || error.place.document >= ranges.size()) return;
  const yaml::DocumentRange range = ranges[error.place.document];
  if (!IsSkeleton(text.substr(range.begin, range.end - range.begin))) return;
  error.severity = Severity::kWarning;
  error.hint =
      "it is left alone as a template that still has to be filled in; leave the folder of "
      "templates out (--exclude)";
}

}  // namespace

std::shared_ptr<ParsedFile> ParseFile(std::string_view text, const base::RenderLimits& limits) {
  // A tree of values takes two to three times its text, of small files more; a second block would
  // be twice the first, and mostly empty.
  auto file = std::make_shared<ParsedFile>(
      std::min<std::size_t>(text.size() * 5 / 2 + 768, std::size_t{1} << 20));
  yaml::ReadResult read = yaml::Read(text, file->arena, limits);
  Parser parser(*file);
  for (const yaml::Document& document : read.documents) {
    parser.Take(document.root, document.index, "", 0);
  }
  const bool speaks = !read.errors.empty() && SpeaksOfOpenChoreo(text);
  for (base::Diagnostic& error : read.errors) {
    Weigh(error, text, speaks);
    file->findings.push_back({std::move(error), ParsedFile::Finding::kNoObject});
  }
  return file;
}

std::shared_ptr<ParsedFile> Compacted(std::shared_ptr<ParsedFile> file, SharedParts& parts) {
  CompactValues copies(&parts);
  std::size_t evidence = 0;
  for (const ParsedObject& object : file->objects) {
    if (!copies.Add(object.written) || !copies.Add(object.root)) return file;
    evidence += object.dialect_evidence.size();
  }
  auto made = std::make_shared<ParsedFile>(copies.bytes() + evidence);
  copies.Begin(made->arena);
  made->objects.reserve(file->objects.size());
  for (ParsedObject& object : file->objects) {
    object.written = copies.Copy(object.written);
    object.root = copies.Copy(object.root);
    const Value metadata = object.written.Get("metadata");
    object.name = metadata.Get("name").string_or_empty();
    if (!object.ns.empty()) object.ns = metadata.Get("namespace").string_or_empty();
    object.dialect_evidence = made->arena.CopyString(object.dialect_evidence);
    made->objects.push_back(std::move(object));
  }
  made->findings = std::move(file->findings);
  made->unused = std::move(file->unused);
  made->parts = copies.TakeParts();
  return made;
}

}  // namespace openchoreo::resource
