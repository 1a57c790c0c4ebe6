#include "common/admission/field_error.h"

#include "common/base/go_format.h"
#include "common/base/go_quote.h"
#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::admission {
std::string DescribeInvalid(std::string_view label, const value::Value& value) {
  std::string out(label);
  out += ": ";
  if (value.is_string()) {
    out += base::GoQuote(value.as_string());
  } else if (value.is_double()) {
    base::AppendG(out, value.as_double());
  } else {
    value::AppendJson(out, value, value::HtmlEscape::kOn);
  }
  return out;
}

std::string JoinErrors(const FieldErrors& errors) {
  std::string out;
  for (const FieldError& error : errors) {
    if (!out.empty()) out += "; ";
    out += error.text;
  }
  return out;
}

}  // namespace openchoreo::admission
