#include "common/emit/yaml_writer.h"

#include <cstdio>

#include "common/base/byte_words.h"
#include "common/base/text_buffer.h"
#include "common/base/utf8.h"
#include "common/emit/plain_scalar.h"
#include "common/value/json_writer.h"

namespace openchoreo::emit {

namespace {

using value::Kind;
using value::MapEntry;
using value::Value;

constexpr std::size_t kLongestSimpleKey =
    120;  // readers give up on "key:" at 1,024 bytes, escapes included

// What a double-quoted scalar cannot hold as it is; bytes from 0x80 need a closer look.
constexpr auto kEscapes = [](base::Bytes16 bytes) {
  return base::MarksUnprintable(bytes) | (bytes == '"') | (bytes == '\\');
};

class Writer {
 public:
  Writer(std::string& out, base::Budget& budget) : out_(out, budget), budget_(budget) {}

  // What stands behind "key:" or at the top: a scalar on the same line, a collection on lines of
  // its own at column `column`.
  bool WriteDocument(const Value& value, std::size_t column) {
    Indent(column);
    if (value.is_map() && value.size() > 0) return WriteMap(value, column);
    if (value.is_list() && value.size() > 0) return WriteList(value, column);
    return WriteScalar(value, column);
  }

 private:
  void Indent(std::size_t column) { out_.PutBlanks(column); }

  bool WriteMap(const Value& map, std::size_t column) {
    const base::Level level(budget_);
    if (!level || !budget_.Spend(1 + map.size())) return false;
    bool first = true;
    for (const MapEntry& entry : map.as_map()) {
      if (!first) Indent(column);
      first = false;
      if (!WriteKey(entry.key, column) || !WriteMember(entry.value, column)) return false;
    }
    return !budget_.spent();
  }

  // The first item's indentation is the caller's, as for a map.
  bool WriteList(const Value& list, std::size_t column) {
    const base::Level level(budget_);
    if (!level || !budget_.Spend(1 + list.size())) return false;
    bool first = true;
    for (const Value& item : list.as_list()) {
      if (!first) Indent(column);
      first = false;
      out_.Put("- ");
      if (!WriteItem(item, column + 2)) return false;
    }
    return !budget_.spent();
  }

  bool WriteKey(const Value& key, std::size_t column) {
    if (!key.is_string()) return false;
    const std::string_view text = key.as_string();
    if (text.size() > kLongestSimpleKey) {
      out_.Put("? ");
      AppendDoubleQuoted(text);
      out_.Put('\n');
      Indent(column);
    } else {
      AppendInline(text);
    }
    out_.Put(':');
    return true;
  }

  bool WriteMember(const Value& value, std::size_t column) {
    if (value.is_map() && value.size() > 0) {
      out_.Put('\n');
      Indent(column + 2);
      return WriteMap(value, column + 2);
    }
    if (value.is_list() && value.size() > 0) {
      out_.Put('\n');
      Indent(column);
      return WriteList(value, column);
    }
    out_.Put(' ');
    return WriteScalar(value, column);
  }

  // An item stands behind its "- ".
  bool WriteItem(const Value& item, std::size_t column) {
    if (item.is_map() && item.size() > 0) return WriteMap(item, column);
    if (item.is_list() && item.size() > 0) return WriteList(item, column);
    return WriteScalar(item, column - 2);
  }

  bool WriteScalar(const Value& value, std::size_t column) {
    switch (value.kind()) {
      case Kind::kString:
        WriteString(value.as_string(), column);
        return true;
      case Kind::kNull:
        out_.Put("null");
        break;
      case Kind::kBool:
        out_.Put(value.as_bool() ? "true" : "false");
        break;
      case Kind::kInt:
        out_.PutInt(value.as_int());
        break;
      case Kind::kMap:
        out_.Put("{}");
        break;
      case Kind::kList:
        out_.Put("[]");
        break;
      case Kind::kBytes:
      case Kind::kType:
      case Kind::kTimestamp: {
        std::string json;
        if (!value::AppendJson(json, value, budget_)) return false;
        out_.Put(json);  // a JSON string is a double-quoted scalar
        break;
      }
      default:
        if (!value::AppendJson(out_.Flush(), value, budget_)) return false;
    }
    out_.Put('\n');
    return true;
  }

  void WriteString(std::string_view text, std::size_t column) {
    if (!budget_.SpendText(text.size())) return;  // the list or map around it sees to the rest
    const ScalarStyle style = StyleOf(text);
    if (style == ScalarStyle::kLiteral) {
      AppendLiteral(text, column + 2);
      return;
    }
    AppendStyled(text, style);
    out_.Put('\n');
  }

  // For keys: on one line whatever is in it.
  void AppendInline(std::string_view text) {
    const ScalarStyle style = StyleOf(text);
    AppendStyled(text, style == ScalarStyle::kLiteral ? ScalarStyle::kDoubleQuoted : style);
  }

  void AppendStyled(std::string_view text, ScalarStyle style) {
    switch (style) {
      case ScalarStyle::kPlain:
        out_.Put(text);
        return;
      case ScalarStyle::kSingleQuoted:
        AppendSingleQuoted(text);
        return;
      default:
        AppendDoubleQuoted(text);
    }
  }

  void AppendSingleQuoted(std::string_view text) {
    out_.Put('\'');
    std::size_t begin = 0;
    for (std::size_t quote; (quote = text.find('\'', begin)) != std::string_view::npos;
         begin = quote + 1) {
      out_.Put(text.substr(begin, quote + 1 - begin));
      out_.Put('\'');
    }
    out_.Put(text.substr(begin));
    out_.Put('\'');
  }

  void AppendDoubleQuoted(std::string_view text) {
    out_.Put('"');
    while (!text.empty()) {
      std::size_t plain = base::UnmarkedPrefix(text, kEscapes);
      while (plain < text.size() && text[plain] >= 0x20 && text[plain] < 0x7f &&
             text[plain] != '"' && text[plain] != '\\') {
        ++plain;
      }
      out_.Put(text.substr(0, plain));
      text.remove_prefix(plain);
      if (text.empty()) break;
      const base::DecodedRune decoded = base::DecodeRune(text);
      AppendEscaped(decoded, text.substr(0, decoded.size));
      text.remove_prefix(decoded.size);
    }
    out_.Put('"');
  }

  void AppendEscaped(const base::DecodedRune& decoded, std::string_view bytes) {
    const auto code = static_cast<unsigned>(decoded.rune);
    switch (code) {
      case '"':
        out_.Put("\\\"");
        return;
      case '\\':
        out_.Put("\\\\");
        return;
      case '\n':
        out_.Put("\\n");
        return;
      case '\r':
        out_.Put("\\r");
        return;
      case '\t':
        out_.Put("\\t");
        return;
      default:
        break;
    }
    const bool printable = decoded.valid && code >= 0x20 && code != 0x7f &&
                           (code < 0x80 || code > 0x9f) && code != 0xfeff && code != 0x2028 &&
                           code != 0x2029 && code != 0xfffe && code != 0xffff;
    if (printable) {
      out_.Put(bytes);
      return;
    }
    char escape[12];
    std::snprintf(escape, sizeof(escape), code > 0xff ? "\\u%04X" : "\\x%02X", code);
    out_.Put(escape);
  }

  void AppendLiteral(std::string_view text, std::size_t column) {
    out_.Put('|');
    const std::size_t last = text.find_last_not_of('\n');
    const std::size_t breaks = text.size() - last - 1;
    if (breaks == 0) out_.Put('-');
    if (breaks > 1) out_.Put('+');
    out_.Put('\n');
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      const std::string_view line = text.substr(0, end);
      if (!line.empty()) {
        Indent(column);
        out_.Put(line);
      }
      out_.Put('\n');
      text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
  }

  base::TextBuffer out_;
  base::Budget& budget_;
};

}  // namespace

bool AppendYaml(std::string& out, const Value& value, base::Budget& budget, std::size_t column) {
  return Writer(out, budget).WriteDocument(value, column) && !budget.spent();
}

}  // namespace openchoreo::emit
