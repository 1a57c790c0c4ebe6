#include "common/render/binding_output.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "common/base/sha256.h"
#include "common/emit/yaml_writer.h"
#include "common/names/api_version.h"
#include "common/names/labels.h"
#include "common/pipeline/effective_workload.h"
#include "common/record/record.h"
#include "common/render/plan.h"
#include "common/render/stamp.h"
#include "common/value/json_writer.h"
#include "common/value/map_builder.h"

namespace openchoreo::render {
namespace {

using value::Value;

// Go's text for the first number JSON has no form for.
std::string_view UnsupportedNumber(const Value& value, base::Budget& budget) {
  if (value.is_double() && !std::isfinite(value.as_double())) {
    if (std::isnan(value.as_double())) return "NaN";
    return value.as_double() > 0 ? "+Inf" : "-Inf";
  }
  if (!value.is_list() && !value.is_map()) return {};
  const base::Level level(budget);
  if (!level || !budget.Spend(1 + value.size())) return {};
  if (value.is_list()) {
    for (const Value& item : value.as_list()) {
      if (const auto found = UnsupportedNumber(item, budget); !found.empty()) return found;
    }
  } else {
    for (const value::MapEntry& entry : value.as_map()) {
      if (const auto found = UnsupportedNumber(entry.value, budget); !found.empty()) return found;
    }
  }
  return {};
}

base::Error Unwritable(const Binding& binding, const Manifests& manifests, base::Budget& budget) {
  if (budget.spent()) return base::ErrorOf(budget);
  base::Error error;
  error.code = base::ErrorCode::kRender;
  error.hint = "a template gives a number that JSON cannot hold";
  for (const auto* plane : {&manifests.data, &manifests.observability}) {
    for (const Manifest& manifest : *plane) {
      const std::string_view number = UnsupportedNumber(manifest.object, budget);
      if (number.empty()) continue;
      const std::string id(manifest.id);
      error.message =
          binding.kind == names::Kind::kReleaseBinding
              ? std::string("Failed to convert ") +
                    (plane == &manifests.data ? "dataplane" : "observability plane") +
                    " resources: failed to marshal resource to JSON (resourceID: " + id + "): "
              : "Failed to encode rendered manifests: marshal rendered manifest \"" + id + "\": ";
      error.message.append("json: unsupported value: ").append(number);
      return error;
    }
  }
  if (budget.spent()) return base::ErrorOf(budget);
  error.message = "the rendered manifests cannot be written";
  return error;
}

// Whether Flux's post-build substitution would find something to replace. The text is JSON: what
// stands in a string stands there as it is.
bool HoldsSubstitution(std::string_view json) { return json.find("${") != std::string_view::npos; }

std::uint64_t HashOf(const std::string& text) { return std::hash<std::string>()(text); }

// Whether `texts` hold `name` as a word of its own.
bool Names(std::string_view texts, std::string_view name) {
  const auto in_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  for (std::size_t at = 0; (at = texts.find(name, at)) != std::string_view::npos; ++at) {
    const std::size_t end = at + name.size();
    // A field of the name (`applied.x.metadata`) is no variable.
    const bool starts = at == 0 || (!in_word(texts[at - 1]) && texts[at - 1] != '.');
    if (starts && (end == texts.size() || !in_word(texts[end]))) return true;
  }
  return false;
}

// The text written; buffers of ordinary size are kept for the next binding.
std::shared_ptr<const std::string> TakeText(OutputBuffers& buffers) {
  constexpr std::size_t kKept = std::size_t{1} << 20;
  for (std::string* other : {&buffers.json, &buffers.record}) {
    if (other->capacity() > kKept) *other = std::string();
  }
  if (buffers.text.capacity() <= kKept) return std::make_shared<const std::string>(buffers.text);
  buffers.text.shrink_to_fit();
  return std::make_shared<const std::string>(std::exchange(buffers.text, {}));
}

class Writing {
 public:
  Writing(const Binding& binding, const BindingInputs& inputs, const Manifests& manifests,
          const Options& options, const resource::SourceTable& sources, base::Arena& arena,
          OutputBuffers& buffers)
      : binding_(binding),
        inputs_(inputs),
        manifests_(manifests),
        options_(options),
        sources_(sources),
        arena_(arena),
        budget_(arena.budget()),
        buffers_(buffers),
        held_(budget_) {}

  base::Result<BindingOutput> Run() {
    buffers_.text.clear();
    output_.dialect = inputs_.release->dialect;
    output_.dropped_objects = manifests_.dropped;
    const bool data = options_.plane != Plane::kObservability,
               observability = options_.plane != Plane::kData;
    output_.other_plane_objects =
        (data ? 0 : manifests_.data.size()) + (observability ? 0 : manifests_.observability.size());
    if (data) OC_TRY_DONE(AddObjects(manifests_.data, false));
    if (observability) OC_TRY_DONE(AddObjects(manifests_.observability, true));
    if (options_.record) OC_TRY_DONE(AddRecord());
    std::sort(output_.namespaces.begin(), output_.namespaces.end());
    output_.text = TakeText(buffers_);
    return std::move(output_);
  }

 private:
  base::Result<void> AddObjects(const std::vector<Manifest>& manifests, bool observability) {
    Stamp stamp;
    stamp.dialect = inputs_.release->dialect;
    const std::string name = ReleaseLabel(binding_.rendered_release, observability);
    const std::string ns = NameLabel(binding_.ns);
    stamp.release_name = name;
    stamp.release_ns = ns;
    std::string_view restarted_at;
    if (options_.tracking && binding_.kind == names::Kind::kReleaseBinding && binding_.object &&
        !observability) {
      restarted_at =
          binding_.object->root.Get("metadata", "annotations", names::labels::kRestartedAt)
              .string_or_empty();
    }
    for (const Manifest& manifest : manifests) {
      OC_TRY(Value object, WithRestartedAt(manifest.object, manifest.id, restarted_at, arena_));
      buffers_.json.clear();
      if (!value::AppendJson(buffers_.json, object, budget_))
        return base::Fail(Unwritable(binding_, manifests_, budget_));
      std::string_view digest;
      if (options_.record || options_.tracking)
        digest = arena_.CopyString(base::Sha256Hex(buffers_.json));
      if (options_.record) Record(manifest.id, object, digest);
      if (options_.tracking) {
        object =
            Stamped(object, manifest.id, digest.substr(0, record::kDigestPrefix), stamp, arena_);
      }
      if (!manifest.origin.empty()) object = WithOrigin(object, manifest.origin, sources_, arena_);
      if (HoldsSubstitution(buffers_.json)) object = WithoutSubstitution(object, arena_);
      OC_TRY_DONE(Add(object));
      if (object.Get("kind").string_or_empty() == "Namespace" &&
          object.Get("apiVersion").string_or_empty() == "v1") {
        output_.provided_namespaces.emplace_back(object.Get("metadata", "name").string_or_empty());
      }
    }
    return {};
  }

  void Record(std::string_view id, const Value& object, std::string_view digest) {
    const Value metadata = object.Get("metadata");
    record_.resources.push_back({id, object.Get("apiVersion").string_or_empty(),
                                 object.Get("kind").string_or_empty(),
                                 metadata.Get("namespace").string_or_empty(),
                                 metadata.Get("name").string_or_empty(), digest});
  }

  base::Result<void> AddRecord() {
    record_.binding = {names::NameOf(binding_.kind), binding_.ns, binding_.name};
    record_.owner = binding_.spec.Get("owner");
    record_.environment = binding_.environment;
    record_.release = binding_.release;
    record_.endpoints = ToValue(manifests_.provided.endpoints, arena_);
    if (binding_.kind == names::Kind::kReleaseBinding) {
      const Value type = inputs_.release->spec.Get("componentType");
      record_.component_type = type.Get("name").string_or_empty();
      // Releases of v0.12 do not name their type; its workload type is the first word of a name.
      if (record_.component_type.empty()) {
        record_.component_type = type.Get("spec", "workloadType").string_or_empty();
      }
      AddDependencies();
    } else if (binding_.kind == names::Kind::kResourceReleaseBinding) {
      AddResourceTexts();
    }
    buffers_.record.clear();
    if (!record::AppendRecord(buffers_.record, record_, budget_))
      return base::Fail(Unwritable(binding_, manifests_, budget_));
    if (buffers_.record.size() > record::kMaxBytes) {
      base::Error error;
      error.code = base::ErrorCode::kLimit;
      error.message = "the release record takes " + std::to_string(buffers_.record.size()) +
                      " bytes; the API server takes at most " + std::to_string(record::kMaxBytes) +
                      " in a ConfigMap";
      error.hint = "split the binding's type, or render without the record (record: false)";
      return base::Fail(std::move(error));
    }
    Value object = MakeRecord(binding_, buffers_.record, arena_);
    if (HoldsSubstitution(buffers_.record)) object = WithoutSubstitution(object, arena_);
    return Add(object);
  }

  // In the order of upstream's status (openchoreo internal/controller/releasebinding
  // collectSecretReferenceNames): env, then files, of the container as it runs.
  void AddSecretReferences(const Value& workload) {
    if (inputs_.secrets.empty()) return;
    const auto add = [&names = record_.secret_references](std::string_view name) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    };
    const Value container = pipeline::EffectiveContainer(
        workload.Get("container"), inputs_.spec.Get("workloadOverrides", "container"), arena_);
    for (const char* field : {"env", "files"}) {
      const Value entries = container.Get(field);
      for (std::size_t i = 0; entries.is_list() && i < entries.size(); ++i) {
        const std::string_view name =
            entries.as_list()[i].Get("valueFrom", "secretKeyRef").Get("name").string_or_empty();
        if (!name.empty()) add(name);
      }
    }
    // v0.12, whose status has no such field, names containers.
    for (const auto& [name, spec] : inputs_.secrets) add(name);
  }

  void AddDependencies() {
    record_.resolved_connections = manifests_.resolved_connections;
    record_.resolved_resources = manifests_.resolved_resources;
    record_.connections = manifests_.connections;
    const Value workload = inputs_.release->spec.Get("workload");
    if (const Value resources = workload.Get("dependencies", "resources"); resources.is_list()) {
      for (const Value& dependency : resources.as_list())
        record_.resource_dependencies.push_back(dependency.Get("ref").string_or_empty());
    }
    AddSecretReferences(workload);
    for (const PendingDependency& pending : manifests_.pending) {
      const record::PendingDependency recorded{binding_.ns, pending.project, pending.name,
                                               pending.endpoint, pending.reason};
      if (pending.kind == PendingDependency::Kind::kConnection)
        record_.pending_connections.push_back(recorded);
      else if (pending.kind == PendingDependency::Kind::kResource)
        record_.pending_resources.push_back(recorded);
    }
  }

  // What readiness and outputs of a resource are judged by: the type's texts of what was rendered,
  // and the variables they name.
  void AddResourceTexts() {
    const Value type = inputs_.release->spec.Get("resourceType", "spec");
    std::string texts;
    if (const Value entries = type.Get("resources"); entries.is_list()) {
      std::size_t next = 0;  // rendered objects stand in the order of the type's entries
      for (const Value& entry : entries.as_list()) {
        const std::string_view id = entry.Get("id").string_or_empty();
        if (next >= manifests_.data.size() || manifests_.data[next].id != id) continue;
        ++next;
        record_.entries.push_back({id, entry.Get("readyWhen").string_or_empty()});
        texts.append(record_.entries.back().ready_when).append("\n");
      }
    }
    record_.outputs = type.Get("outputs");
    value::AppendJson(texts, record_.outputs, budget_);
    if (!manifests_.output_context.is_map()) return;
    value::MapBuilder named(arena_);
    bool any = false;
    for (const value::MapEntry& variable : manifests_.output_context.as_map()) {
      if (!budget_.Spend(1 + texts.size() / 16) || !Names(texts, variable.key.as_string()))
        continue;
      named.Add(variable.key.as_string(), variable.value);
      any = true;
    }
    if (any) record_.context = named.Build();
  }

  base::Result<void> Add(const Value& object) {
    if (!AppendObject(buffers_.text, object, options_.format, budget_) ||
        !held_.GrowTo(buffers_.text.capacity() + buffers_.json.capacity() +
                      buffers_.record.capacity())) {
      return base::Fail(Unwritable(binding_, manifests_, budget_));
    }
    output_.ends.push_back(buffers_.text.size());
    output_.objects.push_back(HashOf(ObjectIdentity(object)));
    const std::string_view ns = object.Get("metadata", "namespace").string_or_empty();
    if (!ns.empty() && std::find(output_.namespaces.begin(), output_.namespaces.end(), ns) ==
                           output_.namespaces.end()) {
      output_.namespaces.emplace_back(ns);
    }
    return {};
  }

  const Binding& binding_;
  const BindingInputs& inputs_;
  const Manifests& manifests_;
  const Options& options_;
  const resource::SourceTable& sources_;
  base::Arena& arena_;
  base::Budget& budget_;
  OutputBuffers& buffers_;
  base::Charge held_;  // what the buffers take
  BindingOutput output_;
  record::Record record_;
};

}  // namespace

base::Sha256Digest BindingOutput::IdentityOf() const {
  const std::size_t count = ends.size();
  base::Sha256Stream hash;
  hash.Update({reinterpret_cast<const char*>(&count), sizeof count});
  hash.Update({reinterpret_cast<const char*>(ends.data()), count * sizeof(std::size_t)});
  hash.Update(*text);
  return hash.Finish();
}

base::Result<BindingOutput> WriteBinding(const Binding& binding, const BindingInputs& inputs,
                                         const Manifests* manifests, const Options& options,
                                         const resource::SourceTable& sources, base::Arena& arena,
                                         OutputBuffers& buffers) {
  static const Manifests kNothing;
  if (options.format == Format::kPlan) {
    buffers.text.clear();
    const Manifests& all = manifests ? *manifests : kNothing;
    if (!AppendPlan(buffers.text, binding, all, arena))
      return base::Fail(Unwritable(binding, all, arena.budget()));
    BindingOutput output;
    output.text = TakeText(buffers);
    output.ends.push_back(output.text->size());
    return output;
  }
  if (!manifests)
    return BindingOutput{
        std::make_shared<const std::string>(), {}, {}, {}, {}, 0, 0, inputs.release->dialect, {}};
  return Writing(binding, inputs, *manifests, options, sources, arena, buffers).Run();
}

std::string ObjectIdentity(const Value& object) {
  const Value metadata = object.Get("metadata");
  const std::string_view kind = object.Get("kind").string_or_empty();
  const std::string_view api_version = object.Get("apiVersion").string_or_empty();
  const std::string_view ns = metadata.Get("namespace").string_or_empty();
  const std::string_view name = metadata.Get("name").string_or_empty();
  const std::string_view group = names::GroupOf(api_version);
  std::string text;
  text.reserve(kind.size() + api_version.size() + ns.size() + name.size() + 3);
  text += kind;
  if (!group.empty()) text.append(".").append(group);
  text += ' ';
  if (!ns.empty()) text.append(ns).append("/");
  return text += name;
}

bool AppendObject(std::string& out, const Value& object, Format format, base::Budget& budget) {
  return format == Format::kYaml ? emit::AppendYaml(out, object, budget)
                                 : value::AppendJson(out, object, budget);
}

}  // namespace openchoreo::render
