#include "common/render/openchoreo_objects.h"

#include <algorithm>
#include <tuple>

#include "common/names/references.h"
#include "common/render/binding_output.h"
#include "common/render/stamp.h"
#include "common/value/json_writer.h"
#include "common/value/map_builder.h"

namespace openchoreo::render {
namespace {

using names::Kind;
using resource::Object;
using value::Value;

constexpr std::string_view kApiVersion = "openchoreo.dev/v1alpha1";

Group MakeGroup(Kind kind, std::string_view ns, std::string_view name, const Value& root,
                Format format) {
  Group group;
  group.kind = names::NameOf(kind);
  group.ns = ns;
  group.name = name;
  const Value spec = root.Get("spec"), owner = spec.Get("owner");
  group.environment = spec.Get("environment").string_or_empty();
  group.project = owner.Get("projectName").string_or_empty();
  group.component = owner.Get("componentName").string_or_empty();
  auto text = std::make_shared<std::string>();
  base::Budget budget(base::kLimits);
  if (AppendObject(*text, root, format, budget)) group.ends.push_back(text->size());
  group.text = std::move(text);
  return group;
}

// As written, with the namespace it was given; what holds `${` is kept from Flux's substitution.
Value AsItLeaves(const Object& object, base::Arena& arena) {
  Value root = object.written;
  const Value metadata = root.Get("metadata");
  if (!object.ns.empty() && metadata.Get("namespace").string_or_empty().empty()) {
    root = value::WithKey(arena, root, "metadata",
                          value::WithKey(arena, metadata, "namespace", Value::String(object.ns)));
  }
  std::string json;
  const bool substitution =
      value::AppendJson(json, root, arena.budget()) && json.find("${") != std::string::npos;
  return substitution ? WithoutSubstitution(root, arena) : root;
}

// Whether the object's tree is one that others are not the owners of.
bool Leaves(const Object& object, const Tree& tree, const Options& options) {
  if (options.emitted_trees >= tree.trees().size()) return true;
  const auto emitted = tree.trees().first(options.emitted_trees);
  const source::FileTree* const own = tree.repository().sources().at(object.place.source).tree;
  return std::find(emitted.begin(), emitted.end(), own) != emitted.end();
}

Value DerivedRoot(const Binding& binding, base::Arena& arena) {
  value::MapBuilder metadata(arena), root(arena);
  metadata.Add("name", Value::String(binding.name));
  metadata.Add("namespace", Value::String(binding.ns));
  root.Add("apiVersion", Value::String(kApiVersion));
  root.Add("kind", Value::String(names::NameOf(binding.kind)));
  root.Add("metadata", metadata.Build());
  root.Add("spec", binding.spec);
  return root.Build();
}

}  // namespace

std::vector<Group> OpenChoreoObjects(const Tree& tree, const Selection& selection,
                                     const Options& options) {
  const BindingList& list = tree.bindings();
  std::vector<Group> groups;
  if (!options.include.bindings && !options.include.openchoreo) return groups;
  base::Arena arena;
  for (int i = 0; options.include.openchoreo && i < names::kKindCount; ++i) {
    const Kind kind = static_cast<Kind>(i);
    if (names::BindingFieldsOf(kind)) continue;
    for (const Object* object : list.repository().All(kind)) {
      if (!Leaves(*object, tree, options)) continue;
      groups.push_back(
          MakeGroup(kind, object->ns, object->name, AsItLeaves(*object, arena), options.format));
      arena.Reset();
    }
  }
  for (std::size_t i = 0; i < list.bindings().size(); ++i) {
    const Binding& binding = list.bindings()[i];
    if (!selection.emits(i) || binding.refused) continue;
    const Value root =
        binding.object ? AsItLeaves(*binding.object, arena) : DerivedRoot(binding, arena);
    groups.push_back(MakeGroup(binding.kind, binding.ns, binding.name, root, options.format));
    arena.Reset();
  }
  std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    return std::tie(a.kind, a.ns, a.name) < std::tie(b.kind, b.ns, b.name);
  });
  return groups;
}

}  // namespace openchoreo::render
