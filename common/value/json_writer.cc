#include "common/value/json_writer.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "common/base/base64.h"
#include "common/base/byte_words.h"
#include "common/base/go_format.h"
#include "common/base/rfc3339.h"
#include "common/base/text_buffer.h"
#include "common/base/utf8.h"

namespace openchoreo::value {

namespace {

// 1: needs care in a JSON string, 2: only when HTML is escaped.
constexpr std::array<std::uint8_t, 256> MakeSpecial() {
  std::array<std::uint8_t, 256> special{};
  for (std::size_t i = 0; i < 0x20; ++i) special[i] = 1;
  special['"'] = special['\\'] = 1;
  special['<'] = special['>'] = special['&'] = 2;
  for (std::size_t i = 0x80; i < 256; ++i) special[i] = 1;
  return special;
}

constexpr std::array<std::uint8_t, 256> kSpecial = MakeSpecial();

// What cannot stand in a JSON string as it is; bytes from 0x80 need a closer look.
constexpr auto kMarksSpecial = [](base::Bytes16 bytes) {
  return (bytes < ' ') | (bytes == '"') | (bytes == '\\');
};

void AppendEscape(std::string& out, unsigned int c) {
  char text[8];
  std::snprintf(text, sizeof(text), "\\u%04x", c & 0xffff);
  out += text;
}

// `text` as it stands between the quotes.
void AppendBetweenQuotes(std::string& out, std::string_view text, HtmlEscape escape) {
  const std::uint8_t least = escape == HtmlEscape::kOn ? 2 : 1;
  std::size_t begin = 0;
  std::size_t i = escape == HtmlEscape::kOn ? 0 : base::UnmarkedPrefix(text, kMarksSpecial);
  while (i < text.size()) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (kSpecial[c] == 0 || kSpecial[c] > least) {
      ++i;
      continue;
    }
    if (c >= 0x80) {
      const base::DecodedRune decoded = base::DecodeRune(text.substr(i));
      const bool separator = decoded.rune == 0x2028 || decoded.rune == 0x2029;
      if (decoded.valid && !separator) {
        i += decoded.size;
        continue;
      }
      out.append(text, begin, i - begin);
      if (separator) {
        AppendEscape(out, static_cast<unsigned int>(decoded.rune));
      } else {
        out += "\\ufffd";
      }
      i += decoded.size;
      begin = i;
      continue;
    }
    out.append(text, begin, i - begin);
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        AppendEscape(out, c);
    }
    begin = ++i;
  }
  out.append(text, begin);
}

// So much of `text` that it ends between two runes, if it can be told: of four bytes that continue
// one, the last is part of none.
std::string_view PieceOf(std::string_view text) {
  constexpr std::size_t kPiece = 4096;
  if (text.size() <= kPiece) return text;
  std::size_t end = kPiece;
  for (int i = 0; i < 3 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80; ++i) --end;
  return text.substr(0, end);
}

}  // namespace

void AppendJsonString(std::string& out, std::string_view text, HtmlEscape escape) {
  out += '"';
  AppendBetweenQuotes(out, text, escape);
  out += '"';
}

void AppendJsonString(std::string& out, std::string_view text, base::Budget& budget,
                      HtmlEscape escape) {
  constexpr std::size_t kLongestEscape = 6;
  out += '"';
  while (!text.empty()) {
    const std::string_view piece = PieceOf(text);
    if (!budget.HasRoomForText(out, kLongestEscape * piece.size() + 1)) return;
    AppendBetweenQuotes(out, piece, escape);
    text.remove_prefix(piece.size());
  }
  out += '"';
}

void AppendRfc3339(std::string& out, const Value& timestamp) {
  const int offset = timestamp.timestamp_offset_minutes();
  const std::int64_t local = timestamp.timestamp_seconds() + std::int64_t{offset} * 60;
  out += base::Rfc3339Text({local, 0});
  out.pop_back();  // its Z
  char text[32];
  if (timestamp.timestamp_nanos() != 0) {
    std::snprintf(text, sizeof(text), ".%09u", timestamp.timestamp_nanos());
    std::string_view fraction(text);
    while (fraction.back() == '0') fraction.remove_suffix(1);
    out += fraction;
  }
  if (offset == 0) {
    out += 'Z';
  } else {
    std::snprintf(text, sizeof(text), "%c%02d:%02d", offset < 0 ? '-' : '+', std::abs(offset) / 60,
                  std::abs(offset) % 60);
    out += text;
  }
}

namespace {

// One value into a TextBuffer.
class Writer {
 public:
  Writer(std::string& out, base::Budget& budget, HtmlEscape escape)
      : out_(out, budget), budget_(budget), escape_(escape) {}

  bool Write(const Value& value) {
    switch (value.kind()) {
      case Kind::kNull:
        out_.Put("null");
        return true;
      case Kind::kBool:
        out_.Put(value.as_bool() ? "true" : "false");
        return true;
      case Kind::kInt:
        out_.PutInt(value.as_int());
        return true;
      case Kind::kUint:
        base::AppendUint(out_.Flush(), value.as_uint());
        return true;
      case Kind::kDouble:
        return WriteDouble(value.as_double());
      case Kind::kString:
      case Kind::kType:
        WriteString(value.as_string());
        return true;
      case Kind::kBytes:
        out_.Put('"');
        if (!budget_.SpendText(value.size()) ||
            !budget_.HasRoomForText(out_.Flush(), value.size() / 3 * 4 + 4)) {
          return false;
        }
        base::AppendBase64(out_.Flush(), value.as_string());
        out_.Put('"');
        return true;
      case Kind::kTimestamp:
        out_.Put('"');
        AppendRfc3339(out_.Flush(), value);
        out_.Put('"');
        return true;
      case Kind::kDuration:
        out_.PutInt(value.duration_nanoseconds());
        return true;
      case Kind::kOptional: {
        const base::Level level(budget_);
        if (!level || !budget_.Spend(1)) return false;
        if (value.optional_value()) return Write(*value.optional_value());
        out_.Put("null");
        return true;
      }
      case Kind::kOmit:
        out_.Put("{}");
        return true;
      case Kind::kError:
        return false;
      case Kind::kList:
        return WriteList(value);
      case Kind::kMap:
        return WriteMap(value);
    }
    return false;
  }

 private:
  bool WriteDouble(double number) {
    constexpr double kExact = 1e15;
    if (number > -kExact && number < kExact && number != 0 &&
        number == static_cast<double>(static_cast<std::int64_t>(number))) {
      out_.PutInt(static_cast<std::int64_t>(number));
      return true;
    }
    if (!std::isfinite(number)) return false;
    base::AppendJsonNumber(out_.Flush(), number);
    return true;
  }

  void WriteString(std::string_view text) {
    if (!budget_.SpendText(text.size())) return;  // the list or map around it sees to the rest
    if (escape_ == HtmlEscape::kOff && base::NoneMarked(text, kMarksSpecial)) {
      out_.Put('"');
      out_.Put(text);
      out_.Put('"');
      return;
    }
    AppendJsonString(out_.Flush(), text, budget_, escape_);
  }

  bool WriteList(const Value& list) {
    const base::Level level(budget_);
    if (!level || !budget_.Spend(1 + list.size())) return false;
    if (list.size() == 0 && (list.flags() & Value::kGoStrings)) {
      out_.Put("null");  // split(…, 0) gives a nil slice
      return true;
    }
    char before = '[';
    for (const Value& item : list.as_list()) {
      out_.Put(before);
      before = ',';
      if (!Write(item)) return false;
    }
    if (before == '[') out_.Put('[');
    out_.Put(']');
    return !budget_.spent();
  }

  bool WriteMap(const Value& map) {
    if (map.flags() & Value::kGoReferences) return false;  // json: unsupported type
    const base::Level level(budget_);
    if (!level || !budget_.Spend(1 + map.size())) return false;
    char before = '{';
    for (const MapEntry& entry : map.as_map()) {
      out_.Put(before);
      before = ',';
      if (!entry.key.is_string()) return false;
      WriteString(entry.key.as_string());
      out_.Put(':');
      if (!Write(entry.value)) return false;
    }
    if (before == '{') out_.Put('{');
    out_.Put('}');
    return !budget_.spent();
  }

  base::TextBuffer out_;
  base::Budget& budget_;
  HtmlEscape escape_;
};

}  // namespace

bool AppendJson(std::string& out, const Value& value, base::Budget& budget, HtmlEscape escape) {
  return Writer(out, budget, escape).Write(value) && !budget.spent();
}

std::string ToJson(const Value& value, base::Budget& budget, HtmlEscape escape) {
  std::string text;
  return AppendJson(text, value, budget, escape) ? text : std::string();
}

}  // namespace openchoreo::value
