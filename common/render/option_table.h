// Every option by its name, once: flags of the command line, Argo CD's parameters, fields of the
// KRM function and of OpenChoreoSource, their schemas and documentation, and the keys of caches
// come from this table.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/render/options.h"

namespace openchoreo::render {

enum class OptionType : std::uint8_t {
  kList,     // names
  kText,     // one name
  kChoice,   // one of `choices`
  kChoices,  // one or more of `choices`
  kBool,     // "true" or "false"
};

struct OptionSpec {
  std::string_view name;   // of parameters and fields: "allowEmpty"
  std::string_view flag;   // of the command line: "--allow-empty"
  std::string_view title;  // a few words, for a form
  std::string_view help;   // sentences
  OptionType type;
  std::vector<std::string_view> choices;  // kChoice, kChoices
  std::string_view fallback;              // the default as a text; "" for none
  bool changes_result = true;             // whether two results may differ where it does
  bool command_line_only = false;
};

// In the order people should see them. Lives as long as the program.
std::span<const OptionSpec> OptionTable();

// Whether the option takes a list of values.
inline bool TakesMany(const OptionSpec& spec) {
  return spec.type == OptionType::kList || spec.type == OptionType::kChoices;
}

// nullptr if there is no option of this name.
const OptionSpec* FindOption(std::string_view name);

// kUsage unless the option takes the values. No value of one that takes one is an error.
base::Result<void> CheckValues(const OptionSpec& spec, std::span<const std::string> values);

// Sets one option; lists are replaced. An empty text leaves the default. Errors (kUsage): no such
// option, too many values, or one that the option does not take; the message says what it takes.
base::Result<void> SetOption(Options& options, std::string_view name,
                             std::span<const std::string> values);

// What the option takes, for messages: "one of rendered, bindings, openchoreo, all".
std::string Takes(const OptionSpec& spec);

// Appends every option with `changes_result`: equal texts, equal results of equal trees.
void AppendFingerprint(std::string& out, const Options& options);

// Of those only what changes the bytes of one binding, not which bindings there are.
void AppendBindingFingerprint(std::string& out, const Options& options);

}  // namespace openchoreo::render
