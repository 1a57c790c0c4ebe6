// Options as the fields of a resource: values to the texts SetOption takes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/render/option_table.h"
#include "common/value/value.h"

namespace openchoreo::render {

// "a, b,," → a, b
std::vector<std::string> SplitAtCommas(std::string_view text);

// What a field says, whether the option takes it or not. Lists are lists of texts; of a few words
// (kChoices), and where `flat` (a ConfigMap's data, which holds texts alone), they may be one text
// with commas. Errors (kUsage): another type; the place has the item's pointer below the field.
base::Result<std::vector<std::string>> OptionTexts(const OptionSpec& spec,
                                                   const value::Value& given, bool flat = false);

}  // namespace openchoreo::render
