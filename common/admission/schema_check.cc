#include "common/admission/schema_check.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "common/admission/text_pattern.h"
#include "common/admission/validation_rule.h"
#include "common/base/go_format.h"
#include "common/base/go_quote.h"
#include "common/base/utf8.h"
#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::admission {
namespace {

using value::Value;
using Weight = FieldError::Weight;

std::string_view TypeNameOf(ShapeType type) {
  switch (type) {
    case ShapeType::kObject:
    case ShapeType::kMap:
      return "object";
    case ShapeType::kArray:
      return "array";
    case ShapeType::kString:
    case ShapeType::kTextOrReference:
      return "string";
    case ShapeType::kInteger:
      return "integer";
    case ShapeType::kBoolean:
      return "boolean";
    case ShapeType::kAny:
      break;
  }
  return "";
}

std::string_view TypeNameOf(const Value& value) {
  switch (value.kind()) {
    case value::Kind::kNull:
      return "null";
    case value::Kind::kBool:
      return "boolean";
    case value::Kind::kInt:
    case value::Kind::kUint:
      return "integer";
    case value::Kind::kDouble:
      return "number";
    case value::Kind::kString:
      return "string";
    case value::Kind::kList:
      return "array";
    default:
      return "object";
  }
}

std::string_view FormatOf(const Shape& shape) {
  if (shape.pattern == kUriFormat) return "uri";
  return shape.int32 ? "int32" : "";
}

// "<label>: <value>: <path> in body <what>"
void Add(FieldErrors& errors, const FieldPath& path, std::string_view invalid,
         std::string_view what, Weight weight = Weight::kPlain) {
  const std::string dotted = path.Dotted();
  FieldError error;
  error.text.append(dotted).append(": ").append(invalid).append(": ").append(dotted);
  error.text.append(" in body ").append(what);
  error.pointer = path.Pointer();
  error.weight = weight;
  errors.push_back(std::move(error));
}

void AddWrongType(FieldErrors& errors, const FieldPath& path, std::string_view wanted,
                  std::string_view got) {
  std::string what("must be of type ");
  what.append(wanted).append(": ").append(base::GoQuote(got));
  Add(errors, path, DescribeInvalid("Invalid value", Value::String(got)), what,
      Weight::kBlocksRules);
}

void CheckType(const Value& value, const Shape& shape, const FieldPath& path, FieldErrors& errors) {
  if (shape.type == ShapeType::kAny) return;
  const std::string_view wanted = TypeNameOf(shape.type);
  std::string_view got = TypeNameOf(value);
  if (got == wanted || (value.is_map() && shape.type == ShapeType::kTextOrReference)) return;
  constexpr double kMaxExact = 9007199254740991;  // a whole double up to here is an integer
  if (shape.type == ShapeType::kInteger && value.is_double() &&
      std::fabs(value.as_double()) <= kMaxExact &&
      value.as_double() == std::trunc(value.as_double())) {
    return;
  }
  const std::string_view format = FormatOf(shape);
  const bool text_or_list = value.is_string() || value.is_list();
  if (value.is_null() || format.empty() || text_or_list) {
    // A list passes for a text with a format.
    if (value.is_list() && shape.type == ShapeType::kString && !format.empty()) return;
    AddWrongType(errors, path, wanted, got);
    return;
  }
  const std::string_view got_format = value.is_int() ? "int64" : value.is_double() ? "float64" : "";
  AddWrongType(errors, path, format, got_format);
}

void CheckText(std::string_view text, const Shape& shape, const FieldPath& path,
               FieldErrors& errors) {
  const std::size_t length = base::CountRunes(text);
  if (shape.max_length != 0 && length > shape.max_length) {
    const std::string limit = std::to_string(shape.max_length);
    FieldError error;
    error.text = path.Dotted() + ": Too long: may not be more than " + limit +
                 (shape.max_length == 1 ? " byte" : " bytes");
    error.pointer = path.Pointer();
    error.weight = Weight::kBlocksRules;
    errors.push_back(std::move(error));
  } else if (length < shape.min_length) {
    Add(errors, path, DescribeInvalid("Invalid value", Value::String(text)),
        "should be at least " + std::to_string(shape.min_length) + " chars long");
  } else if (shape.pattern == kUriFormat) {
    if (!Matches(shape.pattern, text)) {
      Add(errors, path, DescribeInvalid("Invalid value", Value::String(text)),
          "must be of type uri: " + base::GoQuote(text), Weight::kBlocksRules);
    }
  } else if (!Matches(shape.pattern, text)) {
    std::string what("should match '");
    what.append(PatternText(shape.pattern)).append("'");
    Add(errors, path, DescribeInvalid("Invalid value", Value::String(text)), what);
  }
}

void CheckNumber(const Value& value, const Shape& shape, const FieldPath& path,
                 FieldErrors& errors) {
  if (shape.type != ShapeType::kInteger) return;
  const double number = value.is_double() ? value.as_double() : static_cast<double>(value.as_int());
  const std::string invalid = DescribeInvalid("Invalid value", value);
  if (shape.int32 &&
      (number != std::trunc(number) || number < -2147483648.0 || number > 2147483647.0)) {
    // This one comes without a path, as upstream.
    errors.push_back(
        {"<nil>: Invalid value: \"\": Checked value must be of type integer with format "
         "int32 in " +
             path.Dotted(),
         path.Pointer()});
  }
  if (shape.maximum == 0) return;
  if (number < static_cast<double>(shape.minimum)) {
    Add(errors, path, invalid,
        "should be greater than or equal to " + std::to_string(shape.minimum));
  }
  if (number > static_cast<double>(shape.maximum)) {
    Add(errors, path, invalid, "should be less than or equal to " + std::to_string(shape.maximum));
  }
}

void AddTooMany(FieldErrors& errors, const FieldPath& path, std::size_t count,
                std::uint32_t limit) {
  FieldError error;
  error.text = path.Dotted() + ": Too many: " + std::to_string(count) + ": must have at most " +
               std::to_string(limit) + (limit == 1 ? " item" : " items");
  error.pointer = path.Pointer();
  error.weight = Weight::kBlocksRules;
  errors.push_back(std::move(error));
}

void CheckItems(const Value& value, const Shape& shape, const FieldPath& path,
                FieldErrors& errors) {
  const std::span<const Value> items = value.as_list();
  if (shape.type == ShapeType::kArray) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      CheckSchema(items[i], *shape.items, FieldPath::Index(path, i), errors);
    }
  }
  if (items.size() < shape.min_items) {
    Add(errors, path, "Invalid value: " + std::to_string(items.size()),
        "should have at least " + std::to_string(shape.min_items) + " items");
  }
  if (shape.max_items != 0 && items.size() > shape.max_items) {
    AddTooMany(errors, path, items.size(), shape.max_items);
  }
}

void CheckEnum(const Value& value, const Shape& shape, const FieldPath& path, FieldErrors& errors) {
  if (shape.supported.empty()) return;
  if (value.is_string() && std::find(shape.supported.begin(), shape.supported.end(),
                                     value.as_string()) != shape.supported.end()) {
    return;
  }
  FieldError error;
  error.text =
      path.Dotted() + ": " + DescribeInvalid("Unsupported value", value) + ": supported values: ";
  for (const std::string_view& supported : shape.supported) {
    if (&supported != shape.supported.data()) error.text += ", ";
    error.text += base::GoQuote(supported);
  }
  error.pointer = path.Pointer();
  error.weight = Weight::kBlocksRules;
  errors.push_back(std::move(error));
}

void CheckFields(const Value& value, const Shape& shape, const FieldPath& path,
                 FieldErrors& errors) {
  const std::span<const value::MapEntry> entries = value.as_map();
  if (shape.max_properties != 0 && entries.size() > shape.max_properties) {
    AddTooMany(errors, path, entries.size(), shape.max_properties);
  }
  if (shape.type == ShapeType::kMap) {
    for (const value::MapEntry& entry : entries) {
      CheckSchema(entry.value, *shape.items, FieldPath::Key(path, entry.key.as_string()), errors);
    }
  }
  for (const Field& field : shape.fields) {
    if (const Value* found = value.Find(field.name)) {
      const std::size_t before = errors.size();
      CheckSchema(*found, *field.shape, FieldPath::Field(path, field.name), errors);
      if ((field.flags & Field::kNoEffect) == 0) continue;
      for (std::size_t i = before; i < errors.size(); ++i) errors[i].weight = Weight::kUnread;
    }
  }
  for (const Field& field : shape.fields) {
    if (!field.required() || value.Find(field.name)) continue;
    FieldError error;
    error.text = FieldPath::Field(path, field.name).Dotted() + ": Required value";
    error.pointer = path.Pointer();
    error.weight = (field.flags & Field::kUnread) != 0     ? Weight::kUnread
                   : (field.flags & Field::kInferred) != 0 ? Weight::kInferred
                                                           : Weight::kBlocksRules;
    errors.push_back(std::move(error));
  }
}

// What two items of a set or map are compared by.
std::string KeyOf(const Value& item, const Shape& shape) {
  if (shape.list_type == ListType::kSet) return value::ToJson(item);
  const Value* key = item.Find(shape.list_key);
  return key ? value::ToJson(*key) : std::string();
}

// Indexes of the second appearance of each item that appears more than once, in order.
std::vector<std::size_t> SecondAppearances(const Value& list, const Shape& shape) {
  std::set<std::string> seen;
  std::set<std::string> reported;
  std::vector<std::size_t> out;
  const std::span<const Value> items = list.as_list();
  for (std::size_t i = 0; i < items.size(); ++i) {
    std::string key = KeyOf(items[i], shape);
    if (!seen.insert(key).second && reported.insert(std::move(key)).second) out.push_back(i);
  }
  return out;
}

void CheckListType(const Value& list, const Shape& shape, const FieldPath& path,
                   FieldErrors& errors) {
  const std::span<const Value> items = list.as_list();
  if (shape.list_type == ListType::kMap) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (items[i].is_map() || items[i].is_null()) continue;
      const FieldPath item_path = FieldPath::Index(path, i);
      errors.push_back({item_path.Bracketed() + ": " + DescribeInvalid("Invalid value", items[i]) +
                            ": must be an object for an array of list-type map",
                        item_path.Pointer()});
      return;
    }
  }
  for (const std::size_t i : SecondAppearances(list, shape)) {
    const FieldPath item_path = FieldPath::Index(path, i);
    std::string text = item_path.Bracketed() + ": ";
    if (shape.list_type == ListType::kSet) {
      text += DescribeInvalid("Duplicate value", items[i]);
    } else {
      text += "Duplicate value: {";
      if (const Value* key = items[i].Find(shape.list_key)) {
        value::AppendJsonString(text, shape.list_key);
        text += ':';
        value::AppendJson(text, *key, value::HtmlEscape::kOn);
      }
      text += '}';
    }
    errors.push_back({std::move(text), item_path.Pointer()});
  }
}

}  // namespace

void CheckSchema(const Value& value, const Shape& shape, const FieldPath& path,
                 FieldErrors& errors) {
  CheckType(value, shape, path, errors);
  if (value.is_string()) CheckText(value.as_string(), shape, path, errors);
  if (value.is_number()) CheckNumber(value, shape, path, errors);
  if (value.is_list()) CheckItems(value, shape, path, errors);
  CheckEnum(value, shape, path, errors);
  if (value.is_map()) CheckFields(value, shape, path, errors);
}

void CheckLists(const Value& value, const Shape& shape, const FieldPath& path,
                FieldErrors& errors) {
  if (value.is_list() && shape.type == ShapeType::kArray) {
    if (shape.list_type != ListType::kAtomic) CheckListType(value, shape, path, errors);
    const std::span<const Value> items = value.as_list();
    for (std::size_t i = 0; i < items.size(); ++i) {
      CheckLists(items[i], *shape.items, FieldPath::Index(path, i), errors);
    }
  } else if (value.is_map() && shape.type == ShapeType::kMap) {
    for (const value::MapEntry& entry : value.as_map()) {
      CheckLists(entry.value, *shape.items, FieldPath::Key(path, entry.key.as_string()), errors);
    }
  } else if (value.is_map()) {
    for (const Field& field : shape.fields) {
      if (const Value* found = value.Find(field.name)) {
        CheckLists(*found, *field.shape, FieldPath::Field(path, field.name), errors);
      }
    }
  }
}

void CheckRules(const Value& value, const Shape& shape, const FieldPath& path, base::Arena& scratch,
                FieldErrors& errors) {
  for (const ValidationRule rule : shape.rules) {
    const std::string broken = BrokenRule(rule, value, scratch);
    if (broken.empty()) continue;
    errors.push_back({path.Bracketed().append(": Invalid value: ").append(broken), path.Pointer()});
  }
  if (value.is_list() && shape.type == ShapeType::kArray) {
    const std::span<const Value> items = value.as_list();
    for (std::size_t i = 0; i < items.size(); ++i) {
      CheckRules(items[i], *shape.items, FieldPath::Index(path, i), scratch, errors);
    }
  } else if (value.is_map() && shape.type == ShapeType::kMap) {
    for (const value::MapEntry& entry : value.as_map()) {
      CheckRules(entry.value, *shape.items, FieldPath::Key(path, entry.key.as_string()), scratch,
                 errors);
    }
  } else if (value.is_map()) {
    for (const Field& field : shape.fields) {
      if (const Value* found = value.Find(field.name)) {
        CheckRules(*found, *field.shape, FieldPath::Field(path, field.name), scratch, errors);
      }
    }
  }
}

bool HasDuplicates(const Value& list, const Shape& shape) {
  const std::span<const Value> items = list.as_list();
  if (shape.list_type == ListType::kMap &&
      std::any_of(items.begin(), items.end(), [](const Value& item) { return !item.is_map(); })) {
    return true;
  }
  // The usual list has a handful of items: compare pairs. Long ones are sorted out by CheckLists.
  if (items.size() > 32) return !SecondAppearances(list, shape).empty();
  for (std::size_t i = 1; i < items.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const bool equal =
          shape.list_type == ListType::kSet
              ? JsonEquals(items[i], items[j])
              : JsonEquals(items[i].Get(shape.list_key), items[j].Get(shape.list_key));
      if (equal) return true;
    }
  }
  return false;
}

}  // namespace openchoreo::admission
