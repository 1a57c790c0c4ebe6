// Random well-formed expressions over the variables a, b, d, l, m, nan and s.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>

namespace openchoreo {

// Writes one expression, a byte a choice; input that has ended chooses leaves.
class ExpressionWriter {
 public:
  ExpressionWriter(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

  std::string Write() { return Expression(0); }

 private:
  std::uint8_t Next() { return at_ < size_ ? data_[at_++] : std::uint8_t{0}; }

  // Long: the forms of expressions.
  // '#' is an expression, '$' the name of a variable in scope, '&' a new one.
  std::string Expression(int depth) {
    static constexpr const char* kLeaves[] = {"1",
                                              "a",
                                              "b",
                                              "s",
                                              "l",
                                              "m",
                                              "-3",
                                              "2u",
                                              "2.5",
                                              "true",
                                              "'x,y'",
                                              "b'\\xff'",
                                              "null",
                                              "[]",
                                              "{}",
                                              "d",
                                              "9223372036854775807",
                                              "duration('1h')",
                                              "timestamp(0)",
                                              "int",
                                              "optional.none()",
                                              "'%s %d'",
                                              "nan",
                                              "'é'"};
    static constexpr const char* kRules[] = {"# + #",
                                             "# - #",
                                             "# * #",
                                             "# / #",
                                             "# % #",
                                             "-(#)",
                                             "!(#)",
                                             "# && #",
                                             "# || #",
                                             "# ? # : #",
                                             "# == #",
                                             "# < #",
                                             "# in #",
                                             "[#, #]",
                                             "[?#, #]",
                                             "{#: #, 'k': #}",
                                             "{?'k': #}",
                                             "(#).k",
                                             "(#).?k",
                                             "(#)[#]",
                                             "(#)[?#]",
                                             "has((#).k)",
                                             "(#).all(&, #)",
                                             "(#).exists(&, #)",
                                             "(#).exists_one(&, #)",
                                             "(#).map(&, #)",
                                             "(#).filter(&, #)",
                                             "(#).transformMap(&, w, #)",
                                             "(#).transformMapEntry(&, w, {#: #})",
                                             "(#).transformList(&, w, #, #)",
                                             "(#).sortBy(&, #)",
                                             "(#).optMap(&, #)",
                                             "(#).optFlatMap(&, #)",
                                             "(#).orValue(#)",
                                             "(#).or(#)",
                                             "optional.of(#)",
                                             "(#).split(#)",
                                             "(#).replace(#, #)",
                                             "(#).substring(#)",
                                             "(#).join(#)",
                                             "(#).format(#)",
                                             "(#).matches(#)",
                                             "(#).indexOf(#, #)",
                                             "(#).flatten()",
                                             "(#).flatten(#)",
                                             "(#).distinct()",
                                             "(#).sort()",
                                             "(#).slice(#, #)",
                                             "lists.range(#)",
                                             "sets.contains(#, #)",
                                             "math.greatest(dyn(#), dyn(#))",
                                             "string(dyn(#))",
                                             "int(dyn(#))",
                                             "double(dyn(#))",
                                             "size(dyn(#))",
                                             "json.encode(#)",
                                             "base64.decode(dyn(#))",
                                             "(#).getHours(#)",
                                             "type(#)",
                                             "dyn(#)",
                                             "oc_merge(dyn(#), dyn(#))",
                                             "oc_generate_name(dyn(#), #)",
                                             "oc_hash(dyn(#))",
                                             "oc_omit()",
                                             "(#).first()",
                                             "(#).reverse()",
                                             "(#).trim()",
                                             "timestamp(dyn(#))",
                                             "duration(dyn(#))",
                                             "$"};
    const std::uint8_t choice = Next();
    constexpr int kDeepest = 7;
    if (depth >= kDeepest || at_ >= size_ || choice < 32) {
      return kLeaves[choice % std::size(kLeaves)];
    }
    std::string out;
    const std::size_t scope = scope_;
    for (const char* c = kRules[choice % std::size(kRules)]; *c != '\0'; ++c) {
      if (*c == '#') {
        out += "(" + Expression(depth + 1) + ")";
      } else if (*c == '&') {
        out += "v" + std::to_string(scope_++);
      } else if (*c == '$') {
        out += scope_ == 0 ? "a" : "v" + std::to_string(scope_ - 1);
      } else {
        out += *c;
      }
    }
    scope_ = scope;
    return out;
  }

  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t at_ = 0;
  std::size_t scope_ = 0;
};

// The variables, as JSON.
inline constexpr const char* kExpressionVariables =
    R"({"a": 3, "b": false, "d": 1.5, "l": [3, 1, "x", [2], null], "m": {"k": 1, "n": {"k": "v"}}, "nan": 0, "s": "h\u00e9llo"})";

}  // namespace openchoreo
