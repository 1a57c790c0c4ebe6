#include "common/value/go_text.h"

#include "common/base/go_format.h"

namespace openchoreo::value {

void AppendGoText(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Kind::kBool:
      out += value.as_bool() ? "true" : "false";
      return;
    case Kind::kInt:
      base::AppendInt(out, value.as_int());
      return;
    case Kind::kUint:
      base::AppendUint(out, value.as_uint());
      return;
    case Kind::kDouble:
      base::AppendG(out, value.as_double());
      return;
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kType:
      out += value.as_string();
      return;
    case Kind::kList: {
      out += '[';
      bool first = true;
      for (const Value& item : value.as_list()) {
        if (!first) out += ' ';
        first = false;
        AppendGoText(out, item);
      }
      out += ']';
      return;
    }
    case Kind::kMap: {
      out += "map[";
      bool first = true;
      for (const MapEntry& entry : value.as_map()) {
        if (!first) out += ' ';
        first = false;
        AppendGoText(out, entry.key);
        out += ':';
        AppendGoText(out, entry.value);
      }
      out += ']';
      return;
    }
    default:
      out += "<nil>";
  }
}

std::string GoText(const Value& value) {
  std::string text;
  AppendGoText(text, value);
  return text;
}

}  // namespace openchoreo::value
