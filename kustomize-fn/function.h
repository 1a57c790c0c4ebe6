// openchoreo-kustomize-fn: one ResourceList in, one out.
//
// Modes: generator (the only item is functionConfig itself, or spec.root is set and there are no
// items): reads files. Transformer: renders the OpenChoreo resources among the items, drops them,
// passes the rest on. Validation (OpenChoreoValidate): renders, reports, passes all items on.
#pragma once

#include <string>

namespace openchoreo::kustomize_fn {

struct Outcome {
  int exit_code = 0;
  std::string output;    // for standard output: a ResourceList, or nothing
  std::string messages;  // for standard error
};

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;      // a resource or functionConfig is wrong
inline constexpr int kExitUnreadable = 2;  // the input cannot be read
inline constexpr int kExitUsage = 64;      // the input is no ResourceList

// `input` is the whole of standard input. Files are read below `working_directory` only. No clock,
// no network, no environment: equal input and equal files give equal output.
Outcome RunFunction(const std::string& input, const std::string& working_directory);

}  // namespace openchoreo::kustomize_fn
