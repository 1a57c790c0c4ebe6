// Typed scalars as JSON holds them.
#include <charconv>
#include <cmath>
#include <cstdint>

#include "common/base/decimal.h"
#include "common/yaml/scalar.h"

namespace openchoreo::yaml {

using value::Kind;
using value::Value;

std::optional<Value> ToJsonScalar(const Value& typed) {
  if (typed.kind() == Kind::kUint) return Value::Double(static_cast<double>(typed.as_uint()));
  if (!typed.is_double()) return typed;
  const double number = typed.as_double();
  if (!std::isfinite(number)) return std::nullopt;
  if (std::fabs(number) >= 1e21 || number != std::trunc(number)) return typed;
  if (std::fabs(number) <= 9007199254740992.0) return Value::Int(static_cast<std::int64_t>(number));
  // JSON holds the shortest digits that mean this double, filled up with zeros; those are read
  // again.
  const std::string digits = base::ShortestFixed(number);
  std::int64_t integer = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), integer);
  return parsed.ec == std::errc() ? Value::Int(integer) : typed;
}

std::optional<std::string_view> KeyText(const Value& typed, base::Arena& arena) {
  char buffer[48];
  switch (typed.kind()) {
    case Kind::kString:
      return typed.as_string();
    case Kind::kBool:
      return typed.as_bool() ? "true" : "false";
    case Kind::kInt: {
      const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, typed.as_int());
      return arena.CopyString({buffer, static_cast<std::size_t>(end - buffer)});
    }
    case Kind::kDouble: {
      // strconv.FormatFloat(key, 'g', -1, 32): the digits of a float32, which is what upstream asks
      // for.
      const float number = static_cast<float>(typed.as_double());
      if (std::isnan(number)) return ".nan";
      if (std::isinf(number)) return number < 0 ? "-.inf" : ".inf";
      char* const last = buffer + sizeof buffer;
      const auto scientific = std::to_chars(buffer, last, number, std::chars_format::scientific);
      int exponent = 0;
      for (const char* p = buffer; p != scientific.ptr; ++p) {
        if (*p == 'e') std::from_chars(p[1] == '+' ? p + 2 : p + 1, scientific.ptr, exponent);
      }
      const bool fixed =
          exponent >= -4 && exponent < 6;  // Go's rule for 'g' with the shortest digits
      const auto written =
          fixed ? std::to_chars(buffer, last, number, std::chars_format::fixed) : scientific;
      return arena.CopyString({buffer, static_cast<std::size_t>(written.ptr - buffer)});
    }
    default:
      return std::nullopt;
  }
}

}  // namespace openchoreo::yaml
