#include "kustomize-fn/item_names.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "common/resource/kind.h"
#include "common/value/json_writer.h"
#include "common/value/map_builder.h"
#include "kustomize-fn/reference_fields.h"

namespace openchoreo::kustomize_fn {

namespace {

using resource::Kind;
using value::Value;

constexpr std::string_view kGroup = "openchoreo.dev/";

std::vector<std::string> SplitAtCommas(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    parts.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

bool IsBinding(Kind kind) {
  return kind == Kind::kReleaseBinding || kind == Kind::kProjectReleaseBinding ||
         kind == Kind::kResourceReleaseBinding;
}

class NameResolver {
 public:
  NameResolver(const ResourceList& list, const std::vector<std::size_t>& items,
               std::string_view default_namespace)
      : list_(list), items_(items), default_namespace_(default_namespace) {
    for (const std::size_t i : items_) {
      const Kind kind = KindOf(i);
      for (const std::string& name : NamesOf(list_.items[i])) {
        by_name_[{kind, NamespaceOf(i, kind), name}].push_back(i);
        renamed_ = renamed_ || name != list_.items[i].name;
      }
    }
  }

  // No item has another name than before.
  bool nothing_renamed() const { return !renamed_; }

  base::Result<ResolvedItems> Resolve(const base::RenderLimits& limits) {
    ResolvedItems resolved;
    base::Arena arena;
    for (const std::size_t i : items_) {
      OC_TRY(const Value root, ReadItem(list_.items[i], list_, arena, limits));
      const Value rewritten = Rename(
          i, RewriteReferences(KindOf(i), root, VisitorFor(i, resolved.errors), arena), arena);
      const bool same = value::JsonEquals(root, rewritten);
      resolved.documents.push_back(
          {i, same ? DocumentOf(list_.items[i], list_.style) : value::ToJson(rewritten)});
      arena.Reset();
    }
    return resolved;
  }

 private:
  Kind KindOf(std::size_t item) const { return *resource::KindNamed(list_.items[item].kind); }

  std::string NamespaceOf(std::size_t item, Kind kind) const {
    if (resource::IsClusterScoped(kind)) return {};
    const std::string& ns = list_.items[item].ns;
    return ns.empty() ? std::string(default_namespace_) : ns;
  }

  const std::vector<std::size_t>* Find(Kind kind, const std::string& ns,
                                       std::string_view name) const {
    const auto found = by_name_.find({kind, ns, std::string(name)});
    return found == by_name_.end() ? nullptr : &found->second;
  }

  // The name rendering knows an item by: the one it was written with, unless another answers to
  // that too.
  std::string CanonicalName(std::size_t item) const {
    const Kind kind = KindOf(item);
    const std::vector<std::string> names = NamesOf(list_.items[item]);
    if (IsBinding(kind) || names.size() == 1) return names.front();
    return Find(kind, NamespaceOf(item, kind), names[1])->size() == 1 ? names[1] : names.front();
  }

  Value Rename(std::size_t item, const Value& root, base::Arena& arena) const {
    const std::string name = CanonicalName(item);
    if (name == list_.items[item].name) return root;
    const Value metadata =
        value::WithKey(arena, root.Get("metadata"), "name", Value::String(arena.CopyString(name)));
    return value::WithKey(arena, root, "metadata", metadata);
  }

  NameVisitor VisitorFor(std::size_t item, std::vector<AmbiguousReference>& errors) const {
    const std::string ns = NamespaceOf(item, KindOf(item));
    return [this, item, ns, &errors](const std::string& pointer, Kind target,
                                     std::string_view name) -> std::optional<std::string> {
      const bool cluster = resource::IsClusterScoped(target);
      const std::vector<std::size_t>* hits = Find(target, cluster ? std::string() : ns, name);
      if (hits == nullptr) return std::nullopt;
      if (hits->size() > 1 && !SameName(*hits)) {
        std::string message =
            std::string(resource::NameOf(target)) + " \"" + std::string(name) + "\" is ambiguous:";
        for (const std::size_t hit : *hits) message += " " + list_.items[hit].name;
        errors.push_back(
            {item, pointer, message + " were all named so before a prefix or suffix was applied"});
        return std::nullopt;
      }
      std::string canonical = CanonicalName(hits->front());
      if (canonical == name) return std::nullopt;
      return canonical;
    };
  }

  // Duplicates of one object are for the renderer to judge, not ambiguous names.
  bool SameName(const std::vector<std::size_t>& hits) const {
    return std::all_of(hits.begin(), hits.end(), [&](std::size_t hit) {
      return list_.items[hit].name == list_.items[hits.front()].name;
    });
  }

  const ResourceList& list_;
  const std::vector<std::size_t>& items_;
  std::string_view default_namespace_;
  bool renamed_ = false;
  std::map<std::tuple<Kind, std::string, std::string>, std::vector<std::size_t>> by_name_;
};

}  // namespace

bool IsRead(const Item& item) {
  return std::string_view(item.api_version).substr(0, kGroup.size()) == kGroup &&
         resource::KindNamed(item.kind).has_value();
}

std::vector<std::string> NamesOf(const Item& item) {
  std::vector<std::string> names = {item.name};
  const std::vector<std::string> previous = SplitAtCommas(item.annotations.previous_names);
  const std::vector<std::string> kinds = SplitAtCommas(item.annotations.previous_kinds);
  for (std::size_t i = 0; i < previous.size(); ++i) {
    if (i < kinds.size() && kinds[i] != item.kind) continue;
    if (std::find(names.begin(), names.end(), previous[i]) == names.end())
      names.push_back(previous[i]);
  }
  return names;
}

base::Result<ResolvedItems> ResolveNames(const ResourceList& list,
                                         const std::vector<std::size_t>& items,
                                         std::string_view default_namespace,
                                         const base::RenderLimits& limits) {
  NameResolver resolver(list, items, default_namespace);
  if (!resolver.nothing_renamed()) return resolver.Resolve(limits);
  ResolvedItems resolved;
  for (const std::size_t i : items)
    resolved.documents.push_back({i, DocumentOf(list.items[i], list.style)});
  return resolved;
}

}  // namespace openchoreo::kustomize_fn
