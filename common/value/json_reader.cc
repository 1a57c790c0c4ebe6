#include "common/value/json_reader.h"

#include <charconv>
#include <cmath>
#include <string>

#include "common/base/utf8.h"
#include "common/value/map_builder.h"

namespace openchoreo::value {

namespace {

class Reader {
 public:
  Reader(std::string_view text, base::Arena& arena, const base::RenderLimits& limits)
      : text_(text), arena_(arena), limits_(limits) {}

  base::Result<Value> Read(const FieldMask::Cursor& mask = {}) {
    OC_TRY(Value value, ReadValue(0, mask));
    SkipSpace();
    if (at_ != text_.size()) return Error("unexpected text after the value");
    return value;
  }

 private:
  tl::unexpected<base::Error> Error(const char* message,
                                    base::ErrorCode code = base::ErrorCode::kYamlSyntax) const {
    base::Error error;
    error.code = code;
    error.message = std::string("invalid JSON: ") + message;
    error.place.byte_offset = static_cast<std::int64_t>(at_);
    return base::Fail(std::move(error));
  }

  void SkipSpace() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
  }

  bool Take(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  base::Result<Value> ReadValue(std::size_t depth, const FieldMask::Cursor& mask) {
    if (depth > limits_.max_depth) return Error("nested too deeply", base::ErrorCode::kYamlLimit);
    SkipSpace();
    if (at_ == text_.size()) return Error("unexpected end");
    switch (text_[at_]) {
      case '{':
        return ReadMap(depth, mask);
      case '[':
        return ReadList(depth, mask);
      case '"': {
        OC_TRY(std::string_view text, ReadString());
        return Value::String(text);
      }
      case 't':
        if (Take("true")) return Value::Bool(true);
        break;
      case 'f':
        if (Take("false")) return Value::Bool(false);
        break;
      case 'n':
        if (Take("null")) return Value::Null();
        break;
      default:
        return ReadNumber();
    }
    return Error("unexpected character");
  }

  base::Result<Value> ReadMap(std::size_t depth, const FieldMask::Cursor& mask) {
    ++at_;
    MapBuilder map(arena_);
    SkipSpace();
    if (Take("}")) return map.Build();
    for (;;) {
      SkipSpace();
      if (at_ == text_.size() || text_[at_] != '"') return Error("expected a key");
      OC_TRY(std::string_view key, ReadString());
      SkipSpace();
      if (!Take(":")) return Error("expected ':'");
      FieldMask::Cursor below;
      if (mask.Enter(key, below)) {
        OC_TRY(Value item, ReadValue(depth + 1, below));
        map.Add(key, item);
      } else {
        OC_TRY_DONE(SkipValue(depth + 1));
      }
      SkipSpace();
      if (Take("}")) return map.Build();
      if (!Take(",")) return Error("expected ',' or '}'");
    }
  }

  base::Result<Value> ReadList(std::size_t depth, const FieldMask::Cursor& mask) {
    ++at_;
    ListBuilder list(arena_);
    SkipSpace();
    if (Take("]")) return list.Build();
    for (;;) {
      OC_TRY(Value item, ReadValue(depth + 1, mask));
      list.Add(item);
      SkipSpace();
      if (Take("]")) return list.Build();
      if (!Take(",")) return Error("expected ',' or ']'");
    }
  }

  // As ReadValue, without the value.
  base::Result<void> SkipValue(std::size_t depth) {
    if (depth > limits_.max_depth) return Error("nested too deeply", base::ErrorCode::kYamlLimit);
    SkipSpace();
    if (at_ == text_.size()) return Error("unexpected end");
    const char first = text_[at_];
    if (first == '"') return SkipString();
    if (first != '{' && first != '[') {
      OC_TRY(Value scalar, ReadValue(depth, {}));
      (void)scalar;
      return {};
    }
    ++at_;
    const std::string_view end = first == '{' ? "}" : "]";
    SkipSpace();
    if (Take(end)) return {};
    for (;;) {
      SkipSpace();
      if (first == '{') {
        if (at_ == text_.size() || text_[at_] != '"') return Error("expected a key");
        OC_TRY_DONE(SkipString());
        SkipSpace();
        if (!Take(":")) return Error("expected ':'");
      }
      OC_TRY_DONE(SkipValue(depth + 1));
      SkipSpace();
      if (Take(end)) return {};
      if (!Take(",")) return Error(first == '{' ? "expected ',' or '}'" : "expected ',' or ']'");
    }
  }

  base::Result<void> SkipString() {
    ++at_;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (static_cast<unsigned char>(text_[at_]) < 0x20)
        return Error("control character in a string");
      at_ += text_[at_] == '\\' ? 2 : 1;
    }
    if (at_ >= text_.size()) return Error("unterminated string");
    ++at_;
    return {};
  }

  base::Result<Value> ReadNumber() {
    const std::size_t begin = at_;
    const auto digits = [&] {
      const std::size_t from = at_;
      while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
      return at_ - from;
    };
    bool integer = true;
    if (text_[at_] == '-') ++at_;
    const std::size_t whole = at_;
    if (digits() == 0 || (text_[whole] == '0' && at_ - whole > 1)) return Error("bad number");
    if (at_ < text_.size() && text_[at_] == '.') {
      integer = false;
      ++at_;
      if (digits() == 0) return Error("bad number");
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      integer = false;
      ++at_;
      if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      if (digits() == 0) return Error("bad number");
    }
    const char* first = text_.data() + begin;
    const char* last = text_.data() + at_;
    if (integer) {
      std::int64_t number;
      if (std::from_chars(first, last, number).ec == std::errc()) return Value::Int(number);
    }
    double number;
    if (std::from_chars(first, last, number).ec == std::errc::result_out_of_range &&
        !(std::fabs(number) < 1)) {
      return Error("number out of range");
    }
    return Value::Double(number);
  }

  base::Result<unsigned> ReadHex4() {
    if (text_.size() - at_ < 4) return Error("bad \\u escape");
    unsigned code = 0;
    for (int i = 0; i < 4; ++i) {
      const char c = text_[at_++];
      code <<= 4;
      if (c >= '0' && c <= '9') {
        code |= static_cast<unsigned>(c - '0');
      } else if (c >= 'a' && c <= 'f') {
        code |= static_cast<unsigned>(c - 'a' + 10);
      } else if (c >= 'A' && c <= 'F') {
        code |= static_cast<unsigned>(c - 'A' + 10);
      } else {
        return Error("bad \\u escape");
      }
    }
    return code;
  }

  base::Result<std::string_view> ReadString() {
    const std::size_t begin = ++at_;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
           static_cast<unsigned char>(text_[at_]) >= 0x20)
      ++at_;
    if (at_ < text_.size() && text_[at_] == '"') return Finish(text_.substr(begin, at_++ - begin));
    std::string decoded(text_.substr(begin, at_ - begin));
    while (at_ < text_.size() && text_[at_] != '"') {
      if (static_cast<unsigned char>(text_[at_]) < 0x20)
        return Error("control character in a string");
      if (text_[at_] != '\\') {
        decoded += text_[at_++];
        continue;
      }
      if (++at_ == text_.size()) break;
      switch (text_[at_++]) {
        case '"':
          decoded += '"';
          break;
        case '\\':
          decoded += '\\';
          break;
        case '/':
          decoded += '/';
          break;
        case 'b':
          decoded += '\b';
          break;
        case 'f':
          decoded += '\f';
          break;
        case 'n':
          decoded += '\n';
          break;
        case 'r':
          decoded += '\r';
          break;
        case 't':
          decoded += '\t';
          break;
        case 'u': {
          OC_TRY(unsigned code, ReadHex4());
          char32_t rune = code;
          if (code >= 0xd800 && code < 0xdc00 && text_.substr(at_, 2) == "\\u") {
            const std::size_t before = at_;
            at_ += 2;
            OC_TRY(unsigned low, ReadHex4());
            if (low >= 0xdc00 && low < 0xe000) {
              rune = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            } else {
              at_ = before;
            }
          }
          base::AppendRune(decoded, rune);
          break;
        }
        default:
          return Error("bad escape");
      }
    }
    if (at_ >= text_.size()) return Error("unterminated string");
    ++at_;
    return Finish(decoded);
  }

  // Invalid UTF-8 becomes U+FFFD, as Go's decoder does.
  base::Result<std::string_view> Finish(std::string_view raw) {
    if (base::IsValidUtf8(raw)) return arena_.CopyString(raw);
    std::string mended;
    while (!raw.empty()) {
      const base::DecodedRune decoded = base::DecodeRune(raw);
      base::AppendRune(mended, decoded.rune);
      raw.remove_prefix(decoded.size);
    }
    return arena_.CopyString(mended);
  }

  std::string_view text_;
  base::Arena& arena_;
  const base::RenderLimits& limits_;
  std::size_t at_ = 0;
};

}  // namespace

base::Result<Value> ReadJson(std::string_view text, base::Arena& arena,
                             const base::RenderLimits& limits) {
  return Reader(text, arena, limits).Read();
}

base::Result<Value> ReadJson(std::string_view text, base::Arena& arena, const FieldMask& mask,
                             const base::RenderLimits& limits) {
  return Reader(text, arena, limits).Read(FieldMask::Cursor(mask));
}

}  // namespace openchoreo::value
