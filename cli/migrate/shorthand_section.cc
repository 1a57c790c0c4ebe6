#include "cli/migrate/shorthand_section.h"

#include "cli/edit/text_edit.h"
#include "common/emit/plain_scalar.h"
#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::migrate {

namespace {

using edit::LineBegin;
using edit::NextLine;
using value::MapEntry;
using value::Value;
using Node = yaml::SyntaxTree::Node;

bool PlainInFlow(std::string_view text) {
  return emit::StyleOf(text) == emit::ScalarStyle::kPlain &&
         text.find_first_of(",[]{}") == std::string_view::npos;
}

void AppendFlow(std::string& out, const Value& value) {
  if (value.is_string() && PlainInFlow(value.as_string())) {
    out += value.as_string();
  } else if (value.is_list()) {
    out += '[';
    for (const Value& item : value.as_list()) {
      if (&item != value.as_list().data()) out += ", ";
      AppendFlow(out, item);
    }
    out += ']';
  } else if (value.is_map()) {
    out += '{';
    bool first = true;
    const auto append = [&](const MapEntry& entry) {
      if (!first) out += ", ";
      first = false;
      AppendFlow(out, entry.key);
      out += ": ";
      AppendFlow(out, entry.value);
    };
    // "type" first, as people write schemas.
    for (const MapEntry& entry : value.as_map()) {
      if (entry.key.as_string() == "type") append(entry);
    }
    for (const MapEntry& entry : value.as_map()) {
      if (entry.key.as_string() != "type") append(entry);
    }
    out += '}';
  } else {
    value::AppendJson(out, value);
  }
}

class Section {
 public:
  explicit Section(std::string_view text) : text_(text) {}

  void Append(const Node& fields, const Value& resolved, std::size_t column) {
    const auto line = [&](std::string_view key, const Value& value) {
      if (value.is_null()) return;
      Indent(column);
      out_ += key;
      out_ += ": ";
      AppendFlow(out_, value);
      out_ += '\n';
    };
    line("type", Value::String("object"));
    line("default", resolved.Get("default"));
    line("required", resolved.Get("required"));
    const Value properties = resolved.Get("properties");
    if (!properties.is_map() || properties.size() == 0) return;
    Indent(column);
    out_ += "properties:\n";
    for (const auto& [key, field] : fields.Entries()) {
      const Value* property = properties.Find(key.text());
      if (!property) continue;  // $default
      AppendCommentsAbove(key, column + 2);
      Indent(column + 2);
      out_ += text_.substr(key.content_begin(), key.content_end() - key.content_begin());
      out_ += ':';
      if (field.is_map() && property->Get("properties").is_map()) {
        out_ += '\n';
        Append(field, *property, column + 4);
        continue;
      }
      out_ += ' ';
      AppendFlow(out_, *property);
      AppendCommentBehind(field);
      out_ += '\n';
    }
  }

  std::string Take() && { return std::move(out_); }

 private:
  void Indent(std::size_t column) { out_.append(column, ' '); }

  void AppendCommentsAbove(const Node& key, std::size_t column) {
    std::size_t begin = LineBegin(text_, key.content_begin());
    if (text_.substr(begin, key.content_begin() - begin).find_first_not_of(' ') !=
        std::string_view::npos)
      return;
    std::string comments;
    while (begin > 0) {
      const std::size_t above = LineBegin(text_, begin - 1);
      const std::string_view line = text_.substr(above, begin - above);
      const std::size_t first = line.find_first_not_of(' ');
      if (first == std::string_view::npos || line[first] != '#') break;
      comments.insert(0, std::string(column, ' ') + std::string(line.substr(first)));
      begin = above;
    }
    out_ += comments;
  }

  void AppendCommentBehind(const Node& field) {
    std::string_view rest = text_.substr(
        field.content_end(), NextLine(text_, field.content_end()) - field.content_end());
    while (!rest.empty() && (rest.back() == '\n' || rest.back() == '\r')) rest.remove_suffix(1);
    const std::size_t first = rest.find_first_not_of(' ');
    if (first != std::string_view::npos && rest[first] == '#') out_ += rest;
  }

  std::string_view text_;
  std::string out_;
};

}  // namespace

std::string OpenApiLines(std::string_view text, const Node& fields, const value::Value& resolved,
                         std::size_t column) {
  Section section(text);
  section.Append(fields, resolved, column);
  return std::move(section).Take();
}

}  // namespace openchoreo::migrate
