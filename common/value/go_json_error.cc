#include "common/value/go_json_error.h"

#include <vector>

#include "common/base/go_quote.h"
#include "common/base/utf8.h"

namespace openchoreo::value {

namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsHexDigit(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// 'c' as Go's scanner quotes a byte.
std::string QuotedByte(char c) {
  if (c == '\'') return R"('\'')";
  if (c == '"') return R"('"')";
  std::string text;
  base::AppendRune(text, static_cast<unsigned char>(c));
  text = base::GoQuote(text);
  text.front() = text.back() = '\'';
  return text;
}

// Reads one JSON text without recursion; stops at the first offence.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::string Run() {
    if (!Values()) return error_;
    SkipSpace();
    if (position_ < text_.size()) Offend("after top-level value");
    return error_;
  }

 private:
  bool AtEnd() {
    if (position_ < text_.size()) return false;
    error_ = "unexpected end of JSON input";
    return true;
  }

  bool Offend(const std::string& context) {
    if (!AtEnd()) error_ = "invalid character " + QuotedByte(text_[position_]) + " " + context;
    return false;
  }

  // Where no space may stand: Go takes the end of the text for one.
  bool OffendInside(const std::string& context) {
    const char c = position_ < text_.size() ? text_[position_] : ' ';
    error_ = "invalid character " + QuotedByte(c) + " " + context;
    return false;
  }

  void SkipSpace() {
    while (position_ < text_.size() &&
           std::string_view(" \t\r\n").find(text_[position_]) != std::string_view::npos) {
      ++position_;
    }
  }

  char Peek() { return position_ < text_.size() ? text_[position_] : '\0'; }

  bool Values() {
    while (true) {
      SkipSpace();
      if (AtEnd()) return false;
      const char c = Peek();
      if (c == '{' || c == '[') {
        ++position_;
        SkipSpace();
        if (Peek() == (c == '{' ? '}' : ']')) {
          ++position_;
        } else {
          open_.push_back(c);
          if (c == '{' && !Key()) return false;
          continue;
        }
      } else if (!Scalar(c)) {
        return false;
      }
      if (!CloseOrContinue()) return false;
      if (open_.empty()) return true;
    }
  }

  // Behind a value: closes what ends there, up to the next value's place.
  bool CloseOrContinue() {
    while (!open_.empty()) {
      SkipSpace();
      if (AtEnd()) return false;
      const bool object = open_.back() == '{';
      if (Peek() == ',') {
        ++position_;
        return !object || Key();
      }
      if (Peek() != (object ? '}' : ']')) {
        return Offend(object ? "after object key:value pair" : "after array element");
      }
      ++position_;
      open_.pop_back();
    }
    return true;
  }

  bool Key() {
    SkipSpace();
    if (Peek() != '"') return Offend("looking for beginning of object key string");
    if (!String()) return false;
    SkipSpace();
    if (Peek() != ':') return Offend("after object key");
    ++position_;
    return true;
  }

  bool Scalar(char c) {
    if (c == '"') return String();
    if (c == '-' || IsDigit(c)) return Number();
    for (const std::string_view word : {"true", "false", "null"}) {
      if (c == word[0]) return Word(word);
    }
    return Offend("looking for beginning of value");
  }

  bool Word(std::string_view word) {
    for (const char expected : word) {
      if (Peek() != expected || position_ >= text_.size()) {
        return OffendInside("in literal " + std::string(word) + " (expecting " +
                            QuotedByte(expected) + ")");
      }
      ++position_;
    }
    return true;
  }

  bool String() {
    for (++position_; !AtEnd(); ++position_) {
      const char c = Peek();
      if (c == '"') {
        ++position_;
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20) return Offend("in string literal");
      if (c != '\\') continue;
      ++position_;
      if (Peek() != 'u') {
        if (std::string_view("bfnrt\\/\"").find(Peek()) == std::string_view::npos) {
          return OffendInside("in string escape code");
        }
        continue;
      }
      for (int i = 0; i < 4; ++i) {
        ++position_;
        if (!IsHexDigit(Peek())) return OffendInside("in \\u hexadecimal character escape");
      }
    }
    return false;
  }

  bool Digits(const char* context) {
    if (!IsDigit(Peek())) return OffendInside(context);
    while (IsDigit(Peek())) ++position_;
    return true;
  }

  bool Number() {
    if (Peek() == '-') ++position_;
    if (Peek() == '0') {
      ++position_;
    } else if (!Digits("in numeric literal")) {
      return false;
    }
    if (Peek() == '.') {
      ++position_;
      if (!Digits("after decimal point in numeric literal")) return false;
    }
    if (Peek() == 'e' || Peek() == 'E') {
      ++position_;
      if (Peek() == '+' || Peek() == '-') ++position_;
      if (!Digits("in exponent of numeric literal")) return false;
    }
    return true;
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::vector<char> open_;
  std::string error_;
};

}  // namespace

std::string GoJsonSyntaxError(std::string_view text) { return Scanner(text).Run(); }

std::string_view GoJsonKind(const Value& value) {
  if (value.is_map()) return "object";
  if (value.is_list()) return "array";
  if (value.is_number()) return "number";
  if (value.is_bool()) return "bool";
  return value.is_null() ? "<nil>" : "string";
}

std::string GoMapError(const Value& value) {
  if (value.is_map() || value.is_null()) return {};
  std::string message = "json: cannot unmarshal ";
  message += GoJsonKind(value);
  message += " into Go value of type map[string]interface {}";
  return message;
}

}  // namespace openchoreo::value
