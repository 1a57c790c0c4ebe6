#include "common/value/unbudgeted.h"

#include "common/value/go_text.h"

namespace openchoreo::value {

bool AppendJson(std::string& out, const Value& value, HtmlEscape escape) {
  base::Budget unbounded;
  return AppendJson(out, value, unbounded, escape);
}

std::string ToJson(const Value& value, HtmlEscape escape) {
  base::Budget unbounded;
  return ToJson(value, unbounded, escape);
}

std::string GoText(const Value& value) {
  base::Budget unbounded;
  return GoText(value, unbounded);
}

ContentHash HashValue(const Value& value) {
  base::Budget unbounded;
  return HashValue(value, unbounded);
}

bool JsonEquals(const Value& a, const Value& b) {
  base::Budget unbounded;
  return JsonEquals(a, b, unbounded);
}

}  // namespace openchoreo::value
