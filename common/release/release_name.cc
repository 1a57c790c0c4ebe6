#include "common/release/release_name.h"

#include "common/base/fnv32a.h"
#include "common/release/release_structs.h"

namespace openchoreo::release {
namespace {

const GoType& StructOf(resource::Kind kind, resource::Dialect dialect) {
  switch (kind) {
    case resource::Kind::kProjectRelease:
      return kProjectReleaseSpec;
    case resource::Kind::kResourceRelease:
      return kResourceReleaseSpec;
    default:
      return dialect == resource::Dialect::kV012 ? kOldComponentReleaseSpec : kComponentReleaseSpec;
  }
}

}  // namespace

std::string ReleaseName(resource::Kind kind, resource::Dialect dialect, std::string_view owner,
                        const value::Value& spec) {
  DumpText text;
  Dump(StructOf(kind, dialect), spec, text);
  std::string name(owner);
  name += '-';
  name += base::SafeEncode(text.hash());
  return name;
}

std::string ReleaseDump(resource::Kind kind, resource::Dialect dialect, const value::Value& spec) {
  std::string dump;
  DumpText text(&dump);
  Dump(StructOf(kind, dialect), spec, text);
  return dump;
}

}  // namespace openchoreo::release
