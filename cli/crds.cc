#include "cli/crds.h"

#include <optional>

#include "cli/exit_code.h"
#include "common/admission/crd.h"
#include "common/emit/unbudgeted.h"
#include "common/emit/yaml_writer.h"
#include "common/names/references.h"

namespace openchoreo::cli {

using names::Dialect;
using names::Kind;

int RunCrds(const CrdsCommand& command, std::ostream& out) {
  std::optional<Dialect> dialect;
  if (command.dialect == "v1") dialect = Dialect::kV1;
  if (command.dialect == "v0.12") dialect = Dialect::kV012;
  for (int i = 0; i < names::kKindCount; ++i) {
    const Kind kind = static_cast<Kind>(i);
    if (command.bindings_only && !names::BindingFieldsOf(kind)) continue;
    if (dialect && !admission::HasKind(*dialect, kind)) continue;
    base::Arena arena;
    std::string text = "---\n";
    if (!emit::AppendYaml(text, admission::MakeCrd(kind, dialect, arena))) return kBug;
    out << text;
  }
  return kOk;
}

}  // namespace openchoreo::cli
