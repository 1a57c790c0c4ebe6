#include "common/schema/validation.h"

#include <algorithm>
#include <cmath>

#include "common/base/go_quote.h"
#include "common/base/utf8.h"
#include "common/schema/number_rules.h"
#include "common/value/go_text.h"
#include "common/value/value_hash.h"

namespace openchoreo::schema {

using value::Kind;
using value::MapEntry;
using value::Value;

namespace {

// Beyond this violations are not listed; nobody reads that many.
constexpr std::size_t kMaxViolations = base::kLimits.max_violations;

// What a schema says of a value. `matches` counts checks that passed as kube-openapi counts them:
// anyOf and oneOf report the alternative with the most.
struct Findings {
  std::vector<std::string> violations;
  int matches = 0;

  bool valid() const { return violations.empty(); }

  void Add(std::string violation) {
    if (violations.size() >= kMaxViolations) return;
    if (std::find(violations.begin(), violations.end(), violation) == violations.end()) {
      violations.push_back(std::move(violation));
    }
  }

  void Merge(Findings other) {
    for (std::string& violation : other.violations) Add(std::move(violation));
    matches += other.matches;
  }
};

// reflect.DeepEqual of decoded values: an int is never a double. False once `budget` is spent.
bool IsDeepEqual(const Value& a, const Value& b, base::Budget& budget) {
  if (a.kind() != b.kind() || a.size() != b.size()) return false;
  if (!a.is_list() && !a.is_map()) return JsonEquals(a, b, budget);
  const base::Level level(budget);
  if (!level || !budget.Spend(1 + a.size())) return false;
  if (a.is_list()) {
    return std::equal(a.as_list().begin(), a.as_list().end(), b.as_list().begin(),
                      [&](const Value& x, const Value& y) { return IsDeepEqual(x, y, budget); });
  }
  return std::equal(a.as_map().begin(), a.as_map().end(), b.as_map().begin(),
                    [&](const MapEntry& x, const MapEntry& y) {
                      return IsDeepEqual(x.key, y.key, budget) &&
                             IsDeepEqual(x.value, y.value, budget);
                    });
}

// Equality after Go's conversion of `value` to the type of `allowed`.
bool EqualsConverted(const Value& value, const Value& allowed, base::Budget& budget) {
  if (value.is_double() && allowed.is_int()) {
    const double truncated = std::trunc(value.as_double());
    return std::fabs(truncated) < 0x1p63 &&
           static_cast<std::int64_t>(truncated) == allowed.as_int();
  }
  if (value.is_int() && allowed.is_double())
    return static_cast<double>(value.as_int()) == allowed.as_double();
  if (value.is_int() && allowed.is_string()) {
    std::string rune;  // Go: string(65) is "A"
    const bool in_range = value.as_int() >= 0 && value.as_int() <= 0x10ffff;
    base::AppendRune(rune, in_range ? static_cast<char32_t>(value.as_int()) : base::kReplacement);
    return allowed.as_string() == rune;
  }
  return IsDeepEqual(value, allowed, budget);
}

bool HasDuplicates(std::span<const Value> items, base::Budget& budget) {
  constexpr std::size_t kItemBytes = sizeof(value::ContentHash) + sizeof(std::size_t);
  if (!budget.Spend(1 + 16 * items.size()) || !budget.HasRoom(items.size() * kItemBytes))
    return false;
  // Equal items hash alike, so only runs of one hash are compared.
  std::vector<std::pair<value::ContentHash, std::size_t>> order;
  order.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) order.emplace_back(HashValue(items[i], budget), i);
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (std::size_t j = i; j-- > 0 && order[j].first == order[i].first;) {
      if (IsDeepEqual(items[order[i].second], items[order[j].second], budget)) return true;
      if (budget.spent()) return false;
    }
  }
  return false;
}

// Alternatives of alternatives over many items multiply; beyond this validation stops with a
// violation.
constexpr std::uint64_t kMaxSteps = base::kLimits.max_validation_steps;

class Validator {
 public:
  explicit Validator(base::Budget& budget) : budget_(budget), held_(budget) {}

  // Whether upstream would report in an order of chance.
  bool unordered() const { return unordered_; }

  // Whether validation stopped before its end.
  bool exhausted() const { return steps_ > kMaxSteps || budget_.spent(); }

  Findings Validate(const Value& value, const SchemaNode& schema) {
    Findings findings;
    const base::Level level(budget_);
    if (!level || !budget_.Spend(4) || ++steps_ > kMaxSteps) return findings;
    if (value.is_null()) {
      CheckType(value, schema, findings);
      CheckEnumeration(value, schema, findings);
      return findings;
    }
    // Upstream counts each validator that applies, and the whole, as one more match.
    if (!schema.type_text.empty() || !schema.format.empty()) {
      CheckType(value, schema, findings);
      ++findings.matches;
    }
    CheckCombinations(value, schema, findings);
    ++findings.matches;
    if (value.is_string()) {
      CheckString(value.as_string(), schema, findings);
      ++findings.matches;
      if (schema.format_check) {
        CheckFormat(value.as_string(), schema, findings);
        ++findings.matches;
      }
    } else if (value.is_number()) {
      CheckNumberBounds(value, schema, findings);
      ++findings.matches;
    } else if (value.is_list()) {
      CheckList(value.as_list(), schema, findings);
      ++findings.matches;
    }
    CheckEnumeration(value, schema, findings);
    ++findings.matches;
    if (value.is_map()) {
      CheckObject(value, schema, findings);
      ++findings.matches;
    }
    ++findings.matches;
    return findings;
  }

 private:
  // Puts a part behind the path for as long as it lives.
  class Below {
   public:
    Below(std::string& path, std::string_view name, bool always_dot)
        : path_(path), size_(path.size()) {
      if (always_dot || !path.empty()) path_ += '.';
      path_ += name;
    }

    Below(std::string& path, std::size_t index) : path_(path), size_(path.size()) {
      path_ += '[' + std::to_string(index) + ']';
    }

    ~Below() { path_.resize(size_); }

    Below(const Below&) = delete;
    Below& operator=(const Below&) = delete;

   private:
    std::string& path_;
    std::size_t size_;
  };

  // kube-openapi names what it checks as a part of a request.
  std::string Subject() { return Path() + " in body"; }

  // The path for one more violation. Its text is held until the end, and compared with the others.
  std::string Path() {
    if (!held_.Add(path_.size()) || !budget_.SpendText(16 * path_.size())) return {};
    return path_;
  }

  void AddTypeError(std::string_view type, std::string_view found, Findings& findings) {
    if (!held_.Add(2 * found.size())) return;
    findings.Add(Subject() + " must be of type " + std::string(type) + ": " + base::GoQuote(found));
  }

  void CheckType(const Value& value, const SchemaNode& schema, Findings& findings) {
    if (value.is_null()) {
      if (schema.type_text.empty() || schema.Is(Type::kNull) || schema.nullable) {
        ++findings.matches;
      } else {
        AddTypeError(schema.type_text, "null", findings);
      }
      return;
    }
    Type type = Type::kObject;
    std::string_view name = "object";
    std::string_view format;
    switch (value.kind()) {
      case Kind::kBool:
        type = Type::kBoolean, name = "boolean";
        break;
      case Kind::kInt:
      case Kind::kUint:
        type = Type::kInteger, name = "integer", format = "int64";
        break;
      case Kind::kDouble:
        type = Type::kNumber, name = "number", format = "float64";
        break;
      case Kind::kList:
        type = Type::kArray, name = "array";
        break;
      case Kind::kMap:
        break;
      default:
        type = Type::kString, name = "string";
    }
    const bool textual = type == Type::kString || type == Type::kArray;
    const bool fits =
        schema.Is(type) ||
        (value.is_double() && schema.Is(Type::kInteger) && IsJsonInteger(value.as_double())) ||
        (type == Type::kInteger && schema.Is(Type::kNumber));
    if (!schema.format.empty()) {
      if (!textual && !fits && format != schema.format) {
        AddTypeError(schema.format, format, findings);
        return;
      }
      if (textual && !schema.Is(Type::kNumber) && !schema.Is(Type::kInteger)) {
        ++findings.matches;  // upstream looks at the format alone
        return;
      }
    }
    if (fits) {
      ++findings.matches;
    } else {
      AddTypeError(schema.type_text, name, findings);
    }
  }

  void CheckCombinations(const Value& value, const SchemaNode& schema, Findings& findings) {
    if (!schema.any_of.empty()) CheckAnyOf(value, schema, findings);
    if (!schema.one_of.empty()) CheckOneOf(value, schema, findings);
    if (!schema.all_of.empty()) CheckAllOf(value, schema, findings);
    if (schema.negated && Validate(value, *schema.negated).valid()) {
      findings.Add(base::GoQuote(Path()) + " must not validate the schema (not)");
    }
    ++findings.matches;
  }

  void CheckAnyOf(const Value& value, const SchemaNode& schema, Findings& findings) {
    std::optional<Findings> best;
    for (const SchemaNode* alternative : schema.any_of) {
      Findings result = Validate(value, *alternative);
      if (result.valid()) {
        findings.Merge(std::move(result));
        return;
      }
      if (!best || result.matches > best->matches) best = std::move(result);
    }
    findings.Add(base::GoQuote(Path()) + " must validate at least one schema (anyOf)");
    findings.Merge(std::move(*best));
  }

  void CheckOneOf(const Value& value, const SchemaNode& schema, Findings& findings) {
    std::optional<Findings> best;
    std::optional<Findings> first_valid;
    int valid = 0;
    for (const SchemaNode* alternative : schema.one_of) {
      Findings result = Validate(value, *alternative);
      if (result.valid()) {
        ++valid;
        best.reset();
        if (!first_valid) first_valid = std::move(result);
      } else if (valid == 0 && (!best || result.matches > best->matches)) {
        best = std::move(result);
      }
    }
    if (valid == 1) {
      findings.Merge(std::move(*first_valid));
      return;
    }
    findings.Add(base::GoQuote(Path()) + " must validate one and only one schema (oneOf). " +
                 (valid == 0 ? std::string("Found none valid")
                             : "Found " + std::to_string(valid) + " valid alternatives"));
    if (best) findings.Merge(std::move(*best));
  }

  void CheckAllOf(const Value& value, const SchemaNode& schema, Findings& findings) {
    std::size_t valid = 0;
    for (const SchemaNode* part : schema.all_of) {
      Findings result = Validate(value, *part);
      if (result.valid()) ++valid;
      findings.Merge(std::move(result));
    }
    if (valid == schema.all_of.size()) return;
    findings.Add(base::GoQuote(Path()) + " must validate all the schemas (allOf)" +
                 (valid == 0 ? ". None validated" : ""));
  }

  // Upstream stops at the first of these.
  void CheckString(std::string_view text, const SchemaNode& schema, Findings& findings) {
    if (!budget_.SpendText(text.size())) return;
    if (schema.max_length || schema.min_length) {
      const auto length = static_cast<std::int64_t>(base::CountRunes(text));
      if (schema.max_length && length > *schema.max_length) {
        findings.Add(Subject() + " should be at most " + std::to_string(*schema.max_length) +
                     " chars long");
        return;
      }
      if (schema.min_length && length < *schema.min_length) {
        findings.Add(Subject() + " should be at least " + std::to_string(*schema.min_length) +
                     " chars long");
        return;
      }
    }
    if (schema.pattern && !budget_.Spend(schema.pattern->MatchSteps(text.size()))) return;
    if (schema.pattern && !schema.pattern->Matches(text)) {
      findings.Add(Subject() + " should match '" + schema.pattern->description() + "'");
    }
  }

  void CheckFormat(std::string_view text, const SchemaNode& schema, Findings& findings) {
    if (!budget_.Spend(1 + text.size() / 4)) return;
    if (!schema.format_check(text)) AddTypeError(schema.format, text, findings);
  }

  void CheckNumberBounds(const Value& number, const SchemaNode& schema, Findings& findings) {
    std::vector<std::string> violations;
    CheckNumber(number, schema, path_, violations);
    for (std::string& violation : violations) findings.Add(std::move(violation));
    ++findings.matches;
  }

  void CheckList(std::span<const Value> items, const SchemaNode& schema, Findings& findings) {
    if (schema.items) {
      for (std::size_t i = 0; i < items.size() && !exhausted(); ++i) {
        const Below below(path_, i);
        findings.Merge(Validate(items[i], *schema.items));
      }
    }
    const auto size = static_cast<std::int64_t>(items.size());
    if (schema.min_items && size < *schema.min_items) {
      findings.Add(Subject() + " should have at least " + std::to_string(*schema.min_items) +
                   " items");
    }
    if (schema.max_items && size > *schema.max_items) {
      findings.Add(Subject() + " should have at most " + std::to_string(*schema.max_items) +
                   " items");
    }
    if (schema.unique_items && HasDuplicates(items, budget_))
      findings.Add(Subject() + " shouldn't contain duplicates");
    ++findings.matches;
  }

  void CheckEnumeration(const Value& value, const SchemaNode& schema, Findings& findings) {
    if (schema.enumeration.empty()) return;
    for (const Value& allowed : schema.enumeration) {
      // A null never equals: upstream's comparison needs a type.
      if (!value.is_null() && !allowed.is_null() && EqualsConverted(value, allowed, budget_))
        return;
      if (!budget_.Spend(1)) return;
    }
    std::string allowed = value::GoText(Value::List(schema.enumeration), budget_);
    if (!held_.Add(allowed.size())) return;
    findings.Add(Subject() + " should be one of " + allowed);
  }

  void CheckObject(const Value& object, const SchemaNode& schema, Findings& findings) {
    const auto entries = object.as_map();
    if (!budget_.Spend(1 + entries.size() + 4 * schema.properties.size() + schema.required.size()))
      return;
    const auto size = static_cast<std::int64_t>(entries.size());
    if (schema.min_properties && size < *schema.min_properties) {
      findings.Add(Subject() + " should have at least " + std::to_string(*schema.min_properties) +
                   " properties");
    }
    if (schema.max_properties && size > *schema.max_properties) {
      findings.Add(Subject() + " should have at most " + std::to_string(*schema.max_properties) +
                   " properties");
    }
    // Go visits properties in random order: once two of an object fail, upstream's order is by
    // chance.
    int failed = 0;
    const auto add_below = [&](Findings below) {
      if (!below.valid() && ++failed > 1) unordered_ = true;
      findings.Merge(std::move(below));
    };
    if (schema.additional == SchemaNode::Additional::kForbidden || schema.additional_schema) {
      for (const MapEntry& entry : entries) {
        const std::string_view key = entry.key.as_string();
        if (exhausted()) return;
        if (schema.FindProperty(key)) continue;
        if (!schema.additional_schema) {
          Findings forbidden;
          if (!held_.Add(key.size())) return;
          forbidden.Add(path_ + "." + std::string(key) + " in body is a forbidden property");
          add_below(std::move(forbidden));
          continue;
        }
        const Below below(path_, key, true);
        add_below(Validate(entry.value, *schema.additional_schema));
      }
    }
    for (const Property& property : schema.properties) {
      const Value* value = object.Find(property.name);
      if (!value) continue;
      const Below below(path_, property.name, false);
      add_below(Validate(*value, *property.schema));
    }
    for (const std::string_view name : schema.required) {
      if (!object.Find(name))
        findings.Add(Path() + "." + std::string(name) + " in body is required");
    }
  }

  base::Budget& budget_;
  base::Charge held_;  // the texts of violations
  std::string path_;
  std::uint64_t steps_ = 0;
  bool unordered_ = false;
};

// Upstream takes the words out wherever they stand.
std::string WithoutInBody(std::string text) {
  static constexpr std::string_view kWords = " in body";
  for (std::size_t at = text.find(kWords); at != std::string::npos; at = text.find(kWords, at)) {
    text.erase(at, kWords.size());
  }
  return text;
}

}  // namespace

std::vector<std::string> Violations(const Value& value, const SchemaNode& schema,
                                    base::Budget& budget, InBody in_body) {
  Validator validator(budget);
  Findings findings = validator.Validate(value, schema);
  if (validator.exhausted()) {
    findings.violations.push_back("validation takes more than " + std::to_string(kMaxSteps) +
                                  " steps (max_validation_steps)");
  }
  if (in_body == InBody::kRemove) {
    for (std::string& violation : findings.violations)
      violation = WithoutInBody(std::move(violation));
  }
  if (validator.unordered()) std::sort(findings.violations.begin(), findings.violations.end());
  return std::move(findings.violations);
}

}  // namespace openchoreo::schema
