#include "common/schema/number_rules.h"

#include <cmath>

#include "common/base/go_format.h"

namespace openchoreo::schema {

using value::Value;

namespace {

constexpr double kMaxSafeInteger = 9007199254740991.0;

double AsDouble(const Value& number) {
  if (number.is_double()) return number.as_double();
  return number.kind() == value::Kind::kUint ? static_cast<double>(number.as_uint())
                                             : static_cast<double>(number.as_int());
}

bool IsInt64(const Value& number) {
  return !number.is_double() &&
         (number.kind() != value::Kind::kUint || number.as_uint() <= INT64_MAX);
}

bool FitsInteger(const Value& number, bool four_bytes) {
  if (number.is_double()) {
    const double d = number.as_double();
    // Upstream reads the shortest text of the number back as an integer: that of -2^63 is too
    // small.
    if (!four_bytes) return std::trunc(d) == d && d > -0x1p63 && d < 0x1p63;
    return std::trunc(d) == d && d >= -0x1p31 && d < 0x1p31;
  }
  if (number.kind() == value::Kind::kUint)
    return number.as_uint() <= (four_bytes ? INT32_MAX : INT64_MAX);
  return !four_bytes || (number.as_int() >= INT32_MIN && number.as_int() <= INT32_MAX);
}

// int64(x) as Go has it on amd64: what does not fit is the smallest of them.
std::int64_t ToInt64(double x) {
  return x >= -0x1p63 && x < 0x1p63 ? static_cast<std::int64_t>(x) : INT64_MIN;
}

class NumberRules {
 public:
  NumberRules(const SchemaNode& schema, const std::string& path,
              std::vector<std::string>& violations)
      : schema_(schema), path_(path), violations_(violations) {
    // int-or-string and untyped numbers have no range of their own.
    integer_ = schema.range_checked && schema.type_text == "integer";
    number_ = schema.range_checked && schema.type_text == "number";
  }

  bool CheckRange(const Value& number, const char* what) {
    const bool fits = integer_
                          ? FitsInteger(number, schema_.format == "int32")
                          : !number_ || schema_.format != "float" || FitsFloat(AsDouble(number));
    if (fits) return true;
    const std::string type(schema_.type_text);
    violations_.push_back(std::string(what) + " value must be of type " + type +
                          (schema_.format.empty() ? std::string(" (default format)")
                                                  : " with format " + std::string(schema_.format)) +
                          " in " + path_);
    return false;
  }

  void CheckMultiple(const Value& number, double factor) {
    const bool native = CheckRange(Value::Double(factor), "MultipleOf") && IsInt64(number);
    const std::int64_t whole_factor = native ? ToInt64(factor) : 0;
    if (native ? whole_factor <= 0 : factor <= 0) {
      violations_.push_back("factor MultipleOf declared for " + path_ +
                            " must be positive: " + Text(factor, native));
      return;
    }
    bool multiple;
    if (native) {
      multiple = number.as_int() % whole_factor == 0;
    } else {
      const double d = AsDouble(number);
      multiple = IsJsonInteger(factor < 1 ? 1 / factor * d : d / factor);
    }
    if (!multiple)
      violations_.push_back(path_ + " in body should be a multiple of " + Text(factor, native));
  }

  void CheckMinimum(const Value& number, double minimum, bool exclusive) {
    const bool native = CheckRange(Value::Double(minimum), "Minimum boundary") && IsInt64(number);
    const bool ok = native ? Compare(number.as_int(), ToInt64(minimum)) >= (exclusive ? 1 : 0)
                           : Compare(AsDouble(number), minimum) >= (exclusive ? 1 : 0);
    if (ok) return;
    violations_.push_back(path_ +
                          (exclusive ? " in body should be greater than "
                                     : " in body should be greater than or equal to ") +
                          Text(minimum, native));
  }

  void CheckMaximum(const Value& number, double maximum, bool exclusive) {
    const bool native = CheckRange(Value::Double(maximum), "Maximum boundary") && IsInt64(number);
    const bool ok = native ? Compare(number.as_int(), ToInt64(maximum)) <= (exclusive ? -1 : 0)
                           : Compare(AsDouble(number), maximum) <= (exclusive ? -1 : 0);
    if (ok) return;
    violations_.push_back(path_ +
                          (exclusive ? " in body should be less than "
                                     : " in body should be less than or equal to ") +
                          Text(maximum, native));
  }

 private:
  template <typename T>
  static int Compare(T a, T b) {
    return a < b ? -1 : (a > b ? 1 : 0);
  }

  static bool FitsFloat(double number) {
    // Halfway between the largest float and the next power of two rounds up, out of range.
    return std::fabs(number) < 0x1.ffffffp127;
  }

  // Bounds compared as ints are printed as ints.
  static std::string Text(double bound, bool native) {
    return native ? std::to_string(ToInt64(bound)) : base::FormatG(bound);
  }

  const SchemaNode& schema_;
  const std::string& path_;
  std::vector<std::string>& violations_;
  bool integer_ = false;
  bool number_ = false;
};

}  // namespace

bool IsJsonInteger(double number) {
  if (!std::isfinite(number) || std::fabs(number) > kMaxSafeInteger) return false;
  const double rounded = std::round(number);
  if (number == rounded) return true;
  return rounded != 0 && std::fabs(number - rounded) < 1e-9 * std::fabs(rounded);
}

void CheckNumber(const Value& number, const SchemaNode& schema, const std::string& path,
                 std::vector<std::string>& violations) {
  NumberRules rules(schema, path, violations);
  rules.CheckRange(number, "Checked");
  if (schema.multiple_of) rules.CheckMultiple(number, *schema.multiple_of);
  if (schema.minimum) rules.CheckMinimum(number, *schema.minimum, schema.exclusive_minimum);
  if (schema.maximum) rules.CheckMaximum(number, *schema.maximum, schema.exclusive_maximum);
}

}  // namespace openchoreo::schema
