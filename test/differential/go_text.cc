// What we print and read of Go's formats: the twin of gotext/main.go, which says how to ask.
#include "common/value/go_text.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <string_view>

#include "common/base/base64.h"
#include "common/base/decimal.h"
#include "common/base/go_duration.h"
#include "common/base/go_format.h"
#include "common/base/go_parse.h"
#include "common/base/go_quote.h"
#include "common/base/hex.h"
#include "common/base/rfc3339.h"
#include "common/release/go_struct.h"
#include "common/source/ignore_rules.h"
#include "common/value/go_dump.h"
#include "common/value/go_json_error.h"
#include "common/value/json_reader.h"
#include "common/value/map_builder.h"

namespace openchoreo {
namespace {

std::uint64_t Bits(std::string_view in) {
  std::uint64_t bits = 0;
  for (const char c : in.substr(0, 8)) bits = bits << 8 | static_cast<unsigned char>(c);
  return bits;
}

double Double(std::string_view in) { return std::bit_cast<double>(Bits(in)); }

std::string HexOf(std::string_view bytes) {
  std::string hex;
  base::AppendHex(hex, {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  return hex;
}

std::string Printed(const char* format, unsigned long long value) {
  char text[40];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string ReadFloat(std::string_view text) {
  const auto value = base::ParseGoFloat(text);
  if (!value) return "error: " + value.error().message;
  return std::isnan(*value) ? "NaN" : Printed("%llx", std::bit_cast<std::uint64_t>(*value));
}

std::string Ignored(std::string_view in) {
  const std::size_t rules_at = in.find('\0') + 1, path_at = in.find('\0', rules_at) + 1;
  source::IgnoreRules rules;
  rules.AddFile(in.substr(0, rules_at - 1), in.substr(rules_at, path_at - 1 - rules_at));
  return rules.Ignores(in.substr(path_at)) ? "true" : "false";
}

std::string ReadTime(std::string_view text) {
  const auto instant = base::ParseRfc3339(text);
  if (!instant) return "error";
  std::string nanos = std::to_string(instant->nanos);
  return std::to_string(instant->seconds) + "." + nanos.insert(0, 9 - nanos.size(), '0');
}

// gotext/sample as the tables of common/release have upstream's structs.
using release::GoField;
using release::GoForm;
using release::GoType;

constexpr GoType kString{GoForm::kString, "string"}, kWord{GoForm::kString, "sample.Word"},
    kBool{GoForm::kBool, "bool"}, kInt32{GoForm::kInt32, "int32"},
    kRaw{GoForm::kRaw, "runtime.RawExtension"};
constexpr GoField kInnerFields[] = {{"Key", "key", &kWord}, {"Count", "count", &kInt32}};
constexpr GoType kInner{GoForm::kStruct, "sample.Inner", nullptr, kInnerFields};
constexpr GoField kInlinedFields[] = {{"Shared", "shared", &kString}};
constexpr GoType kInlined{GoForm::kStruct, "sample.Inlined", nullptr, kInlinedFields},
    kInnerPointer{GoForm::kPointer, "", &kInner}, kRawPointer{GoForm::kPointer, "", &kRaw},
    kBoolPointer{GoForm::kPointer, "", &kBool}, kWords{GoForm::kSlice, "", &kWord},
    kList{GoForm::kSlice, "", &kInner}, kTexts{GoForm::kMap, "", &kString},
    kMap{GoForm::kMap, "", &kInner}, kRaws{GoForm::kMap, "", &kRaw};
constexpr GoField kOuterFields[] = {{"Inlined", "", &kInlined},
                                    {"Text", "text", &kString},
                                    {"Flag", "flag", &kBool},
                                    {"Number", "number", &kInt32},
                                    {"Struct", "struct", &kInner},
                                    {"Raw", "raw", &kRaw},
                                    {"Pointer", "pointer", &kInnerPointer},
                                    {"RawThere", "rawThere", &kRawPointer},
                                    {"Words", "words", &kWords},
                                    {"List", "list", &kList},
                                    {"Texts", "texts", &kTexts},
                                    {"Map", "map", &kMap},
                                    {"Raws", "raws", &kRaws},
                                    {"Flagged", "flagged", &kBoolPointer}};
constexpr GoType kOuter{GoForm::kStruct, "sample.Outer", nullptr, kOuterFields};

// What `print` makes of the JSON text `in`, decoded as Go decodes it to an any.
template <typename Print>
std::string OfJson(std::string_view in, Print&& print) {
  base::Arena arena;
  const auto value = value::ReadJson(in, arena);
  if (!value) return "error: " + value.error().message;
  return print(*value, arena);
}

using Answer = std::function<std::string(std::string_view)>;

const std::map<std::string, Answer, std::less<>> kAnswers = {
    {"quote", base::GoQuote},
    {"g", [](std::string_view in) { return base::FormatG(Double(in)); }},
    {"json",
     [](std::string_view in) {
       std::string out;
       base::AppendJsonNumber(out, Double(in));
       return out;
     }},
    {"fixed", [](std::string_view in) { return base::ShortestFixed(Double(in)); }},
    {"fixed3", [](std::string_view in) { return base::Fixed(Double(in), 3); }},
    {"scientific6", [](std::string_view in) { return base::Scientific(Double(in), 6); }},
    {"float", ReadFloat},
    {"int",
     [](std::string_view in) {
       const auto value = base::ParseGoInt(in);
       return value ? std::to_string(*value) : "error: " + value.error().message;
     }},
    {"bool",
     [](std::string_view in) {
       const auto value = base::ParseGoBool(in);
       return value ? std::string(*value ? "true" : "false") : "error: " + value.error().message;
     }},
    {"duration",
     [](std::string_view in) {
       base::Budget budget;
       return value::GoText(value::Value::Duration(static_cast<std::int64_t>(Bits(in))), budget);
     }},
    {"read-duration",
     [](std::string_view in) {
       const auto value = base::ParseGoDuration(in);
       return value ? std::to_string(*value) : std::string("error");
     }},
    {"time",
     [](std::string_view in) {
       return base::Rfc3339Text({static_cast<std::int64_t>(Bits(in)), 0});
     }},
    {"read-time", ReadTime},
    {"base64",
     [](std::string_view in) {
       std::string out;
       base::AppendBase64(out, in);
       return out;
     }},
    {"read-base64",
     [](std::string_view in) {
       std::string out;
       return base::DecodeBase64(in, out) ? out : std::string("error");
     }},
    {"hex", HexOf},
    {"ignored", Ignored},
    {"json-error", value::GoJsonSyntaxError},
    {"map-error",
     [](std::string_view in) {
       return OfJson(
           in, [](const value::Value& value, base::Arena&) { return value::GoMapError(value); });
     }},
    {"print",
     [](std::string_view in) {
       return OfJson(in, [](const value::Value& value, base::Arena& arena) {
         base::Budget budget;
         return value::GoText(value::NumbersAsDoubles(arena, value), budget);
       });
     }},
    {"dump",
     [](std::string_view in) {
       return OfJson(in, [](const value::Value& value, base::Arena& arena) {
         base::Budget budget;
         std::string text;
         value::AppendGoDump(text, value::NumbersAsDoubles(arena, value), budget);
         return text;
       });
     }},
    {"dump-struct",
     [](std::string_view in) {
       return OfJson(in, [](const value::Value& value, base::Arena&) {
         std::string text;
         release::DumpText out(&text);
         release::Dump(kOuter, value, out);
         return text;
       });
     }},
};

int Digit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

}  // namespace
}  // namespace openchoreo

int main() {
  using namespace openchoreo;  // NOLINT: a tool of one page
  std::string line, input;
  while (std::getline(std::cin, line)) {
    const std::size_t tab = std::min(line.find('\t'), line.size());
    input.clear();
    for (std::size_t i = tab + 1; i + 1 < line.size(); i += 2)
      input += static_cast<char>(Digit(line[i]) * 16 + Digit(line[i + 1]));
    const auto answer = kAnswers.find(std::string_view(line).substr(0, tab));
    std::cout << HexOf(answer == kAnswers.end() ? "no such function" : answer->second(input))
              << '\n';
  }
}
