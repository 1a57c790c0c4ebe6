#include "kustomize-fn/item_names.h"

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <set>
#include <tuple>

#include "common/render/option_value.h"
#include "common/resource/references.h"
#include "common/value/json_reader.h"
#include "common/value/map_builder.h"
#include "common/value/unbudgeted.h"
#include "kustomize-fn/report.h"

namespace openchoreo::kustomize_fn {

namespace {

using names::Kind;
using render::SplitAtCommas;
using value::Value;

// kustomize's SameEndingSubSlice: one list ends as the other does.
bool EndAlike(std::string_view a, std::string_view b) {
  const std::vector<std::string> left = SplitAtCommas(a), right = SplitAtCommas(b);
  if (left.empty() || right.empty()) return left.empty() && right.empty();
  const std::size_t common = std::min(left.size(), right.size());
  return std::equal(left.end() - static_cast<std::ptrdiff_t>(common), left.end(),
                    right.end() - static_cast<std::ptrdiff_t>(common));
}

// kustomize's PrefixesSuffixesEquals.
bool RenamedAlike(const Item& a, const Item& b, bool allow_empty) {
  const auto alike = [&](const std::string& left, const std::string& right) {
    return (allow_empty && (left.empty() || right.empty())) || EndAlike(left, right);
  };
  return alike(a.annotations.prefixes, b.annotations.prefixes) &&
         alike(a.annotations.suffixes, b.annotations.suffixes);
}

class NameResolver {
 public:
  NameResolver(const ResourceList& list, const std::vector<std::size_t>& items,
               std::string_view default_namespace)
      : list_(list), items_(items), default_namespace_(default_namespace) {
    for (const std::size_t i : items_) {
      const auto kind = KindOf(i);
      if (!kind) continue;
      for (const std::string& name : NamesOf(list_.items[i])) {
        by_name_[KeyOf(*kind, i, name)].push_back(i);
        renamed_ = renamed_ || name != list_.items[i].name;
      }
    }
  }

  base::Result<ResolvedItems> Resolve(base::Arena& arena) {
    ResolvedItems resolved;
    resolved.renamed = renamed_;
    for (const std::size_t i : items_) {
      const Item& item = list_.items[i];
      const auto kind = KindOf(i);
      if (!renamed_ || !kind) continue;
      OC_TRY(const Value root, ReadItem(item, arena));
      const auto renderers = [this](std::size_t target) { return CanonicalName(target); };
      const auto present = [this](std::size_t target) { return list_.items[target].name; };
      const Value kept = resource::RewriteReferences(references_, *kind, root,
                                                     Visitor(i, present, nullptr), arena);
      if (!value::JsonEquals(root, kept)) resolved.mended.emplace(i, kept);
      OC_TRY(const Value written, item.cleaned.empty() ? base::Result<Value>(root)
                                                       : value::ReadJson(item.cleaned, arena));
      const Value rendered =
          Rename(i,
                 resource::RewriteReferences(references_, *kind, written,
                                             Visitor(i, renderers, &resolved.errors), arena),
                 arena);
      if (!value::JsonEquals(written, rendered))
        resolved.read_as.emplace(i, value::ToJson(rendered));
      for (const std::string& name : NamesOf(item))
        resolved.known_as[{*kind, name}].push_back(CanonicalName(i));
    }
    return resolved;
  }

 private:
  using Key = std::tuple<Kind, std::string_view, std::string>;  // the namespace is an item's

  std::optional<Kind> KindOf(std::size_t item) const {
    return names::KindNamed(list_.items[item].kind);
  }

  // What `name` means where `item` stands.
  Key KeyOf(Kind kind, std::size_t item, std::string_view name) const {
    const std::string_view ns = list_.items[item].ns;
    if (names::IsClusterScoped(kind)) return {kind, "", std::string(name)};
    return {kind, ns.empty() ? default_namespace_ : ns, std::string(name)};
  }

  std::vector<std::size_t> Find(const Key& key) const {
    const auto found = by_name_.find(key);
    return found == by_name_.end() ? std::vector<std::size_t>() : found->second;
  }

  // The name rendering knows an item by: the one it was written with, unless another answers to
  // that too.
  std::string CanonicalName(std::size_t item) const {
    const Kind kind = *KindOf(item);
    const std::vector<std::string> names = NamesOf(list_.items[item]);
    if (names::BindingFieldsOf(kind) || names.size() == 1) return names.front();
    return SameName(Find(KeyOf(kind, item, names[1]))) ? names[1] : names.front();
  }

  Value Rename(std::size_t item, const Value& root, base::Arena& arena) const {
    const std::string name = CanonicalName(item);
    if (name == list_.items[item].name) return root;
    const Value metadata =
        value::WithKey(arena, root.Get("metadata"), "name", Value::String(arena.CopyString(name)));
    return value::WithKey(arena, root, "metadata", metadata);
  }

  // Gives each reference of `item` the name `name_of` has for its target. `errors` may be null.
  resource::NameVisitor Visitor(std::size_t item, std::function<std::string(std::size_t)> name_of,
                                ItemFaults* errors) const {
    return [this, item, name_of = std::move(name_of), errors](
               const std::string& pointer, Kind target,
               std::string_view name) -> std::optional<std::string> {
      const std::vector<std::size_t> all = Find(KeyOf(target, item, name));
      if (all.empty()) return std::nullopt;
      const std::vector<std::size_t> hits = Meant(item, all);
      if (!SameName(hits)) {
        if (errors != nullptr) errors->emplace_back(item, Ambiguity(pointer, target, name, all));
        return std::nullopt;
      }
      std::string now = name_of(hits.front());
      if (now == name) return std::nullopt;
      return now;
    };
  }

  // Of the items that answer to a name, those that went the same way as the referrer; all of them
  // if none did.
  std::vector<std::size_t> Meant(std::size_t referrer, const std::vector<std::size_t>& all) const {
    std::vector<std::size_t> hits = all;
    for (const bool allow_empty : {true, false}) {
      if (SameName(hits)) break;
      std::vector<std::size_t> alike;
      std::copy_if(hits.begin(), hits.end(), std::back_inserter(alike), [&](std::size_t hit) {
        return RenamedAlike(list_.items[hit], list_.items[referrer], allow_empty);
      });
      if (alike.empty()) break;
      hits = std::move(alike);
    }
    return hits;
  }

  base::Diagnostic Ambiguity(const std::string& pointer, Kind target, std::string_view name,
                             const std::vector<std::size_t>& hits) const {
    std::string message =
        std::string(names::NameOf(target)) + " \"" + std::string(name) + "\" is ambiguous:";
    for (const std::size_t hit : hits) message += " " + list_.items[hit].name;
    base::Diagnostic error =
        Fault(base::ErrorCode::kMismatchedReference,
              message + " were all named so before a prefix or suffix was applied",
              "refer to one of them by the name it has now");
    error.place.field = pointer;
    return error;
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
  const std::vector<names::Reference> references_ = names::References();
  bool renamed_ = false;
  std::map<Key, std::vector<std::size_t>> by_name_;
};

}  // namespace

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

void SelectByKnownNames(const ResolvedItems& resolved, render::Options& options) {
  const auto translate = [&](std::vector<std::string>& names, std::initializer_list<Kind> kinds) {
    std::set<std::string> known;
    for (const std::string& name : names) {
      bool found = false;
      for (const Kind kind : kinds) {
        const auto as = resolved.known_as.find({kind, name});
        if (as == resolved.known_as.end()) continue;
        known.insert(as->second.begin(), as->second.end());
        found = true;
      }
      if (!found) known.insert(name);
    }
    names.assign(known.begin(), known.end());
  };
  translate(options.environments, {Kind::kEnvironment});
  translate(options.projects, {Kind::kProject});
  translate(options.components, {Kind::kComponent});
  translate(options.dataplanes, {Kind::kDataPlane, Kind::kClusterDataPlane});
}

base::Result<ResolvedItems> ResolveNames(const ResourceList& list,
                                         const std::vector<std::size_t>& items,
                                         std::string_view default_namespace, base::Arena& arena) {
  return NameResolver(list, items, default_namespace).Resolve(arena);
}

}  // namespace openchoreo::kustomize_fn
