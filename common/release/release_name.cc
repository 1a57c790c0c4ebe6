#include "common/release/release_name.h"

#include "common/names/fnv32a.h"
#include "common/release/release_structs.h"

namespace openchoreo::release {
namespace {

const GoType& StructOf(names::Kind kind, names::Dialect dialect) {
  switch (kind) {
    case names::Kind::kProjectRelease:
      return kProjectReleaseSpec;
    case names::Kind::kResourceRelease:
      return kResourceReleaseSpec;
    default:
      return dialect == names::Dialect::kV012 ? kOldComponentReleaseSpec : kComponentReleaseSpec;
  }
}

}  // namespace

std::string ReleaseName(names::Kind kind, names::Dialect dialect, std::string_view owner,
                        const value::Value& spec) {
  DumpText text;
  Dump(StructOf(kind, dialect), spec, text);
  std::string name(owner);
  name += '-';
  name += names::SafeEncode(text.hash());
  return name;
}

std::string ReleaseDump(names::Kind kind, names::Dialect dialect, const value::Value& spec) {
  std::string dump;
  DumpText text(&dump);
  Dump(StructOf(kind, dialect), spec, text);
  return dump;
}

}  // namespace openchoreo::release
