#include "cli/eval.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "cli/eval_cel.h"
#include "cli/eval_health.h"
#include "cli/eval_patch.h"
#include "cli/eval_schema.h"
#include "cli/eval_template.h"
#include "cli/exit_code.h"

namespace openchoreo::cli {

namespace {

struct EvalKind {
  const char* name;
  int (*run)(std::istream& in, std::ostream& out);
};

constexpr EvalKind kKinds[] = {
    {"cel", RunEvalCel},       {"health", RunEvalHealth},     {"patch", RunEvalPatch},
    {"schema", RunEvalSchema}, {"template", RunEvalTemplate},
};

int Run(const std::string& kind, bool explain, std::istream& in, std::ostream& out) {
  if (explain) return kind == "cel" ? RunExplainCel(in, out) : kUsage;
  for (const EvalKind& candidate : kKinds) {
    if (kind == candidate.name) return candidate.run(in, out);
  }
  return kUsage;
}

}  // namespace

std::vector<std::string> EvalKinds() {
  std::vector<std::string> names;
  for (const EvalKind& kind : kKinds) names.emplace_back(kind.name);
  return names;
}

int RunEval(const std::string& kind, bool explain, std::istream& in, std::ostream& out) {
  errno = 0;
  const int code = Run(kind, explain, in, out);
  out.flush();
  if (out) return code;
  std::fprintf(stderr, "error: cannot write the output: %s\n", std::strerror(errno));
  return kUnreadable;
}

}  // namespace openchoreo::cli
