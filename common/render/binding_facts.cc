#include "common/render/binding_facts.h"

#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <utility>

#include "common/base/arena.h"
#include "common/render/binding_output.h"
#include "common/render/output.h"
#include "common/render/stamp.h"

namespace openchoreo::render {

std::vector<Group> AddedNamespaces(std::span<const BindingFacts* const> bindings, Format format) {
  std::set<std::string_view> provided;
  for (const BindingFacts* binding : bindings) {
    provided.insert(binding->provided_namespaces.begin(), binding->provided_namespaces.end());
  }
  std::map<std::string_view, const BindingFacts*> added;
  for (const BindingFacts* binding : bindings) {
    if (!binding->adds_namespaces) continue;
    for (const std::string& ns : binding->namespaces) {
      if (!provided.count(ns)) added.try_emplace(ns, binding);
    }
  }
  std::vector<Group> groups;
  base::Arena arena;
  for (const auto& [ns, binding] : added) {
    Group group;
    group.kind = "Namespace";
    group.name = ns;
    group.environment = binding->environment;
    group.project = binding->project;
    auto text = std::make_shared<std::string>();
    AppendObject(*text,
                 MakeNamespace(ns, binding->dialect, binding->ns, binding->project,
                               binding->environment, arena),
                 format, arena.budget());
    group.ends.push_back(text->size());
    group.text = std::move(text);
    groups.push_back(std::move(group));
    arena.Reset();
  }
  return groups;
}

}  // namespace openchoreo::render
