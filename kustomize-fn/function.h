// openchoreo-kustomize-fn: a KRM function (one ResourceList in, one out) and a legacy kustomize
// plugin (configuration file and a stream of resources in, a stream out).
//
// Roles: a generator reads files and adds what they render to. A transformer renders the OpenChoreo
// resources among the items, drops them, passes the rest on. A validator (OpenChoreoValidate)
// renders, reports, passes all items on.
#pragma once

#include <optional>
#include <string>

namespace openchoreo::kustomize_fn {

struct Outcome {
  int exit_code = 0;
  std::string output;    // for standard output: a ResourceList or a stream, or nothing
  std::string messages;  // for standard error
};

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;      // a resource or functionConfig is wrong
inline constexpr int kExitUnreadable = 2;  // the input cannot be read
inline constexpr int kExitUsage = 64;      // the input is no ResourceList

// `input` is the whole of standard input: a ResourceList or, for a legacy plugin, whose
// configuration file's text is `plugin_config`, a stream of documents. Files are read below
// `working_directory` and spec.root only. No clock, no network, no environment: equal input and
// equal files give equal output.
Outcome RunFunction(const std::string& input, const std::string& working_directory,
                    const std::optional<std::string>& plugin_config = std::nullopt);

}  // namespace openchoreo::kustomize_fn
