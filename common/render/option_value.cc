#include "common/render/option_value.h"

#include <algorithm>
#include <utility>

namespace openchoreo::render {

using value::Value;

std::vector<std::string> SplitAtCommas(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view part = text.substr(0, comma);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (!part.empty()) parts.emplace_back(part);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

base::Result<std::vector<std::string>> OptionTexts(const OptionSpec& spec, const Value& given,
                                                   bool flat) {
  const auto refuse = [&](std::string_view takes, std::string pointer = {}) {
    base::Error error;
    error.code = base::ErrorCode::kUsage;
    error.message = std::string(spec.name) + " must be " + std::string(takes);
    error.place.field = std::move(pointer);
    return base::Fail(std::move(error));
  };
  using Texts = std::vector<std::string>;
  const bool many = TakesMany(spec);
  const bool is_bool = spec.type == OptionType::kBool;
  if (is_bool && !flat) {
    if (!given.is_bool()) return refuse("true or false");
    return Texts{given.as_bool() ? "true" : "false"};
  }
  if (given.is_string() && (!many || flat || spec.type == OptionType::kChoices))
    return many ? SplitAtCommas(given.as_string()) : Texts{std::string(given.as_string())};
  if (is_bool) return refuse("\"true\" or \"false\"");
  if (flat || !many) return refuse(many ? "a text, names separated by commas" : "a text");
  if (!given.is_list()) return refuse("a list of texts");
  Texts texts;
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (!given.as_list()[i].is_string()) return refuse("a list of texts", base::JoinPointer("", i));
    texts.emplace_back(given.as_list()[i].as_string());
  }
  return texts;
}

}  // namespace openchoreo::render
