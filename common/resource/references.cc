#include "common/resource/references.h"

#include <algorithm>

#include "common/base/diagnostic.h"
#include "common/value/map_builder.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::resource {

namespace {

using names::Kind;
using names::Reference;
using names::ReferenceForm;
using value::Value;

class Rewriter {
 public:
  Rewriter(const NameVisitor& visit, base::Arena& arena) : visit_(visit), arena_(arena) {}

  Value Rewrite(const Value& node, std::string_view path, const Reference& field,
                const std::string& pointer) {
    if (path.empty()) return RewriteReference(node, field, pointer);
    std::string_view rest = path;
    const std::string_view segment = names::TakeSegment(rest);
    if (segment != "*") return RewriteMember(node, segment, rest, field, pointer);
    if (node.is_map()) {
      Value result = node;
      for (const value::MapEntry& entry : node.as_map()) {
        result = RewriteMember(result, entry.key.as_string(), rest, field, pointer);
      }
      return result;
    }
    return node.is_list() ? RewriteItems(node, rest, field, pointer) : node;
  }

 private:
  Value RewriteMember(const Value& map, std::string_view key, std::string_view rest,
                      const Reference& field, const std::string& pointer) {
    const Value* member = map.is_map() ? map.Find(key) : nullptr;
    if (member == nullptr) return map;
    const Value rewritten = Rewrite(*member, rest, field, base::JoinPointer(pointer, key));
    return value::JsonEquals(rewritten, *member) ? map
                                                 : value::WithKey(arena_, map, key, rewritten);
  }

  Value RewriteItems(const Value& list, std::string_view rest, const Reference& field,
                     const std::string& pointer) {
    value::ListBuilder items(arena_);
    for (std::size_t i = 0; i < list.size(); ++i) {
      items.Add(Rewrite(list.as_list()[i], rest, field, base::JoinPointer(pointer, i)));
    }
    return items.Build();
  }

  Value RewriteReference(const Value& node, const Reference& field, const std::string& pointer) {
    if (node.is_string()) {
      const std::string_view text = node.as_string();
      std::size_t name_begin = 0;
      if (field.form == ReferenceForm::kRef) name_begin = text.rfind('/') + 1;  // npos + 1 is 0
      const auto renamed = visit_(pointer, field.target, text.substr(name_begin));
      if (!renamed) return node;
      return Value::String(arena_.CopyString(std::string(text.substr(0, name_begin)) + *renamed));
    }
    if (field.form != ReferenceForm::kRef || !node.is_map()) return node;
    Reference named = field;
    const std::string_view kind = node.Get("kind").string_or_empty();
    if (!kind.empty()) {
      const auto target = names::KindNamed(kind);
      if (!target) return node;
      named.target = *target;
    }
    return RewriteMember(node, "name", "", named, pointer);
  }

  const NameVisitor& visit_;
  base::Arena& arena_;
};

}  // namespace

Target TargetOf(const Object& from, std::string_view path) {
  Value reference = from.root;
  for (std::string_view rest = path; !rest.empty();)
    reference = reference.Get(names::TakeSegment(rest));
  return TargetOf(from, path, reference);
}

Target TargetOf(const Object& from, std::string_view path, const Value& reference) {
  const Kind kind = names::TargetOf(from.kind, path, reference.Get("kind").string_or_empty());
  return {kind, names::IsClusterScoped(kind) ? std::string_view() : from.ns,
          reference.is_string() ? reference.as_string() : reference.Get("name").string_or_empty()};
}

Value RewriteReferences(std::span<const Reference> references, Kind kind, const Value& root,
                        const NameVisitor& visit, base::Arena& arena) {
  Rewriter rewriter(visit, arena);
  Value result = root;
  for (const Reference& reference : references) {
    if (reference.from == kind) result = rewriter.Rewrite(result, reference.path, reference, "");
  }
  return result;
}

}  // namespace openchoreo::resource
