#include "common/admission/admission.h"

#include <algorithm>

#include "common/admission/field_path.h"
#include "common/admission/object_metadata.h"
#include "common/admission/schema_check.h"
#include "common/admission/text_pattern.h"
#include "common/admission/validation_rule.h"
#include "common/base/diagnostic.h"
#include "common/base/edit_distance.h"
#include "common/base/utf8.h"

namespace openchoreo::admission {
namespace {

using value::MapEntry;
using value::Value;

// Whether a visit gave `value` back as it was. Visits replace lists and maps, by others of their
// kind.
bool Same(const Value& visited, const Value& value) {
  if (value.is_map()) {
    return visited.as_map().data() == value.as_map().data() && visited.size() == value.size();
  }
  return !value.is_list() || visited.as_list().data() == value.as_list().data();
}

// Entries of a map on their way out: the original ones until the first change.
class Entries {
 public:
  Entries(const Value& map, std::size_t more, base::Arena& arena)
      : map_(map), more_(more), arena_(arena) {}

  // Entry `index` of the original stays as it is; calls come in order.
  void Keep(std::size_t index) {
    if (copy_) copy_[size_++] = map_.as_map()[index];
  }

  void Replace(std::size_t index, const Value& value) {
    Copy(index);
    copy_[size_++] = {map_.as_map()[index].key, value};
  }

  void Drop(std::size_t index) { Copy(index); }

  // A new entry before the original's entry `index`.
  void Insert(std::size_t index, std::string_view key, const Value& value) {
    Copy(index);
    copy_[size_++] = {Value::String(key), value};
  }

  Value Result() const {
    return copy_ ? Value::Map(std::span<const MapEntry>(copy_, size_)) : map_;
  }

 private:
  void Copy(std::size_t index) {
    if (copy_) return;
    copy_ = arena_.AllocateArray<MapEntry>(map_.size() + more_);
    std::copy_n(map_.as_map().begin(), index, copy_);
    size_ = index;
  }

  const Value& map_;
  std::size_t more_;
  base::Arena& arena_;
  MapEntry* copy_ = nullptr;
  std::size_t size_ = 0;
};

// The field of `shape` that an unknown `key` of `map` may stand for.
std::string_view MostSimilar(std::string_view key, const Value& map, const Shape& shape) {
  std::size_t best = 3;
  std::string_view meant;
  for (const Field& field : shape.fields) {
    const std::size_t distance = base::EditDistance(key, field.name, 2);
    if (distance < best && 2 * distance < key.size() && !map.Find(field.name)) {
      best = distance;
      meant = field.name;
    }
  }
  return meant;
}

// Defaults, prunes and drops nulls; notices (without saying what) whether anything is invalid.
class Normaliser {
 public:
  Normaliser(base::Arena& arena, std::vector<PrunedField>& pruned)
      : arena_(arena), pruned_(pruned) {}

  bool suspicious() const { return suspicious_; }

  Value Visit(const Value& value, const Shape& shape, const FieldPath& path) {
    switch (shape.type) {
      case ShapeType::kAny:
        return value;
      case ShapeType::kObject:
        if (value.is_map()) return VisitObject(value, shape, path);
        break;
      case ShapeType::kMap:
        if (value.is_map()) return VisitMap(value, shape, path);
        break;
      case ShapeType::kArray:
        if (value.is_list()) return VisitList(value, shape, path);
        break;
      case ShapeType::kString:
        if (value.is_string()) {
          CheckText(value.as_string(), shape);
          return value;
        }
        break;
      case ShapeType::kInteger:
        if (value.is_int()) {
          if (shape.maximum != 0 &&
              (value.as_int() < shape.minimum || value.as_int() > shape.maximum)) {
            suspicious_ = true;
          }
          if (shape.int32 && value.as_int() != static_cast<std::int32_t>(value.as_int())) {
            suspicious_ = true;
          }
          return value;
        }
        break;
      case ShapeType::kBoolean:
        if (value.is_bool()) return value;
        break;
      case ShapeType::kTextOrReference:
        if (value.is_string() || value.is_map()) return value;
        break;
    }
    suspicious_ = true;
    // A value of the wrong type is still pruned as the schema says.
    if (value.is_map()) return VisitObject(value, shape, path);
    if (value.is_list() && !shape.preserve_unknown) return PruneItems(value, path);
    return value;
  }

 private:
  void CheckText(std::string_view text, const Shape& shape) {
    if (!shape.supported.empty() &&
        std::find(shape.supported.begin(), shape.supported.end(), text) == shape.supported.end()) {
      suspicious_ = true;
    }
    // Few bytes are few code points; the exact count is for those in between.
    if (shape.max_length != 0 && text.size() > shape.max_length) suspicious_ = true;
    if (text.size() < 4 * std::size_t{shape.min_length} &&
        base::CountRunes(text) < shape.min_length) {
      suspicious_ = true;
    }
    if (!Matches(shape.pattern, text)) suspicious_ = true;
  }

  void CheckRules(const Value& value, const Shape& shape) {
    for (const ValidationRule rule : shape.rules) {
      if (!BrokenRule(rule, value, scratch_).empty()) suspicious_ = true;
    }
  }

  void Prune(const FieldPath& parent, std::string_view key, std::string_view meant) {
    const FieldPath path = FieldPath::Field(parent, key);
    pruned_.push_back({path.Dotted(), path.Pointer(), meant});
  }

  // A field that is not there.
  void Missing(const Field& field, std::size_t index, Entries& out, const FieldPath& path) {
    if (!field.fallback.is_null()) {
      out.Insert(index, field.name,
                 Visit(field.fallback, *field.shape, FieldPath::Field(path, field.name)));
    } else if (field.required()) {
      suspicious_ = true;
    }
  }

  Value VisitObject(const Value& value, const Shape& shape, const FieldPath& path) {
    const std::span<const MapEntry> entries = value.as_map();
    Entries out(value, shape.fields.size(), arena_);
    auto field = shape.fields.begin();
    const auto fields_end = shape.fields.end();
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const std::string_view key = entries[i].key.as_string();
      int order = 1;  // of the next field and `key`
      while (field != fields_end && (order = field->name.compare(key)) < 0) {
        Missing(*field++, i, out, path);
      }
      if (field == fields_end || order != 0) {
        if (shape.preserve_unknown) {
          out.Keep(i);
        } else {
          Prune(path, key, MostSimilar(key, value, shape));
          out.Drop(i);
        }
        continue;
      }
      const Field& known = *field++;
      if (entries[i].value.is_null()) {
        if (known.fallback.is_null()) {
          if (known.required()) suspicious_ = true;
          out.Drop(i);
        } else {
          out.Replace(i, known.fallback);
        }
        continue;
      }
      const Value visited =
          Visit(entries[i].value, *known.shape, FieldPath::Field(path, known.name));
      if (Same(visited, entries[i].value)) {
        out.Keep(i);
      } else {
        out.Replace(i, visited);
      }
    }
    while (field != fields_end) Missing(*field++, entries.size(), out, path);
    const Value result = out.Result();
    CheckRules(result, shape);
    return result;
  }

  Value VisitMap(const Value& value, const Shape& shape, const FieldPath& path) {
    const std::span<const MapEntry> entries = value.as_map();
    Entries out(value, 0, arena_);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (entries[i].value.is_null()) {
        out.Drop(i);
        continue;
      }
      const Value visited =
          Visit(entries[i].value, *shape.items, FieldPath::Key(path, entries[i].key.as_string()));
      if (Same(visited, entries[i].value)) {
        out.Keep(i);
      } else {
        out.Replace(i, visited);
      }
    }
    const Value result = out.Result();
    if (shape.max_properties != 0 && result.size() > shape.max_properties) suspicious_ = true;
    CheckRules(result, shape);
    return result;
  }

  Value VisitList(const Value& value, const Shape& shape, const FieldPath& path) {
    const std::span<const Value> items = value.as_list();
    if (items.size() < shape.min_items) suspicious_ = true;
    if (shape.max_items != 0 && items.size() > shape.max_items) suspicious_ = true;
    Value* copy = nullptr;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const Value visited = Visit(items[i], *shape.items, FieldPath::Index(path, i));
      if (!copy && !Same(visited, items[i])) {
        copy = arena_.AllocateArray<Value>(items.size());
        std::copy_n(items.begin(), i, copy);
      }
      if (copy) copy[i] = visited;
    }
    const Value result = copy ? Value::List(std::span<const Value>(copy, items.size())) : value;
    if (shape.list_type != ListType::kAtomic && HasDuplicates(result, shape)) suspicious_ = true;
    CheckRules(result, shape);
    return result;
  }

  // Items of a list that stands where none belongs: every key of every map in it is unknown.
  Value PruneItems(const Value& value, const FieldPath& path) {
    const std::span<const Value> items = value.as_list();
    Value* copy = arena_.AllocateArray<Value>(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      const FieldPath item_path = FieldPath::Index(path, i);
      if (items[i].is_list()) {
        copy[i] = PruneItems(items[i], item_path);
      } else if (items[i].is_map()) {
        for (const MapEntry& entry : items[i].as_map()) Prune(item_path, entry.key.as_string(), "");
        copy[i] = Value::Map({});
      } else {
        copy[i] = items[i];
      }
    }
    return Value::List(std::span<const Value>(copy, items.size()));
  }

  base::Arena& arena_;
  base::Arena scratch_;  // of rules
  std::vector<PrunedField>& pruned_;
  bool suspicious_ = false;
};

// Says what is wrong with an object that is not as its rules ask. `errors` holds those of its
// metadata.
void Judge(Admission& admission, const KindRules& rules, FieldErrors errors) {
  const Value* spec = admission.root.Find("spec");
  const FieldPath root;
  const FieldPath spec_path = FieldPath::Field(root, "spec");
  if (const Value* metadata = admission.root.Find("metadata")) {
    CheckSchema(*metadata, MetadataShape(), FieldPath::Field(root, "metadata"), errors);
  }
  if (spec) {
    CheckSchema(*spec, *rules.spec, spec_path, errors);
  } else if (rules.spec_required) {
    errors.push_back({"spec: Required value", "", FieldError::Weight::kBlocksRules});
  }
  if (spec) CheckLists(*spec, *rules.spec, spec_path, errors);
  FieldErrors lenient;
  if (std::all_of(errors.begin(), errors.end(), [](const FieldError& error) {
        return error.weight == FieldError::Weight::kUnread ||
               error.weight == FieldError::Weight::kInferred;
      })) {
    lenient.swap(errors);
  }
  if (std::any_of(errors.begin(), errors.end(), [](const FieldError& error) {
        return error.weight != FieldError::Weight::kPlain;
      })) {
    errors.push_back(
        {"<nil>: Invalid value: null: some validation rules were not checked because the "
         "object was invalid; correct the existing errors to complete validation",
         ""});
  } else if (spec) {
    base::Arena scratch;
    CheckRules(*spec, *rules.spec, spec_path, scratch, errors);
  }
  if (!errors.empty()) {
    admission.invalid = JoinErrors(errors);
    admission.invalid_pointer = errors.front().pointer;
    return;
  }
  for (FieldError& error : lenient) {
    if (error.weight == FieldError::Weight::kInferred) {
      admission.lacks_owner = true;
    } else {
      admission.unread.push_back(std::move(error));
    }
  }
}

}  // namespace

Admission Admit(const Value& root, names::Kind kind, const KindRules& rules, base::Arena& arena) {
  Admission admission;
  Normaliser normaliser(arena, admission.pruned);
  Entries out(root, 0, arena);
  const FieldPath path;
  const std::span<const MapEntry> entries = root.as_map();
  bool has_spec = false;
  bool odd_metadata = true;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string_view key = entries[i].key.as_string();
    if (key == "apiVersion" || key == "kind") {
      out.Keep(i);
    } else if (key == "metadata" || key == "spec") {
      if (entries[i].value.is_null()) {
        out.Drop(i);
        continue;
      }
      const bool is_spec = key == "spec";
      const Value visited = normaliser.Visit(
          entries[i].value, is_spec ? *rules.spec : MetadataShape(), FieldPath::Field(path, key));
      if (is_spec) {
        has_spec = true;
      } else {
        odd_metadata = !visited.is_map();
      }
      if (Same(visited, entries[i].value)) {
        out.Keep(i);
      } else {
        out.Replace(i, visited);
      }
    } else {
      if (key != "status")
        admission.pruned.push_back({std::string(key), base::JoinPointer("", key), ""});
      out.Drop(i);
    }
  }
  admission.root = out.Result();
  FieldErrors errors;
  CheckMetadata(odd_metadata ? Value() : admission.root.Get("metadata"),
                names::IsClusterScoped(kind), errors);
  if (normaliser.suspicious() || !errors.empty() || (rules.spec_required && !has_spec)) {
    Judge(admission, rules, std::move(errors));
  }
  return admission;
}

}  // namespace openchoreo::admission
