#include "cli/eval_lines.h"

#include "cli/exit_code.h"
#include "common/value/json_reader.h"
#include "common/value/json_writer.h"

namespace openchoreo::cli {

Answer& Answer::AddJson(std::string_view key, std::string_view json) {
  if (text_.size() > 1) text_ += ',';
  value::AppendJsonString(text_, key);
  text_ += ':';
  text_ += json;
  return *this;
}

Answer& Answer::AddText(std::string_view key, std::string_view text) {
  std::string json;
  value::AppendJsonString(json, text);
  return AddJson(key, json);
}

bool Answer::AddValue(std::string_view key, const value::Value& value) {
  std::string json;
  if (!value::AppendJson(json, value, budget_)) return false;
  AddJson(key, json);
  return true;
}

std::string Answer::Take() { return std::move(text_) + "}\n"; }

int EvalLines(std::istream& in, std::ostream& out, const EvalCase& evaluate) {
  std::string line;
  while (std::getline(in, line)) {
    if (line.empty()) continue;
    base::Budget budget(EvalLimits());
    base::Arena arena(budget);
    Answer answer(budget);
    const auto request = value::ReadJson(line, arena, EvalLimits());
    if (!request) {
      answer.AddText("error", request.error().message).AddText("phase", "input");
    } else if (!request->is_map()) {
      answer.AddText("error", "not a JSON object").AddText("phase", "input");
    } else {
      evaluate(*request, arena, answer);
    }
    out << answer.Take();
  }
  return kOk;
}

const base::RenderLimits& EvalLimits() {
  static constexpr base::RenderLimits kLimits;
  return kLimits;
}

}  // namespace openchoreo::cli
