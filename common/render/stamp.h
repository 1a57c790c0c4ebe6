// What rendered objects get before they leave, as OpenChoreo's own controller labels what it
// applies, and the objects added beside them: Namespaces and the release record. The design's "What
// front doors add". Follows openchoreo internal/controller/renderedrelease (labels, restartedAt);
// differs: no uid.
#pragma once

#include <string>
#include <string_view>

#include "common/base/arena.h"
#include "common/base/result.h"
#include "common/resource/kind.h"
#include "common/value/value.h"

namespace openchoreo::render {

// `text` as a label value that names it: itself up to 63 bytes, else the generated name of that
// limit.
std::string NameLabel(std::string_view text);

struct Stamp {
  resource::Dialect dialect = resource::Dialect::kV1;
  std::string_view release_name;  // upstream's RenderedRelease, as a label value
  std::string_view release_ns;
  std::string_view restarted_at;  // "" = none; for every apps Deployment
};

// A copy of `object` with the labels of `stamp` and its resource id; shares all else. Errors:
// upstream's text, if the pod template's annotations are no string map.
base::Result<value::Value> Stamped(const value::Value& object, std::string_view id,
                                   const Stamp& stamp, base::Arena& arena);

// The namespace `name` of a binding, for objects whose namespace nothing rendered provides. Both
// GitOps operators are told not to prune it.
value::Value MakeNamespace(std::string_view name, resource::Dialect dialect,
                           std::string_view control_plane_ns, std::string_view project,
                           std::string_view environment, base::Arena& arena);

struct RecordInput {
  std::string_view kind, ns, name;  // of the binding
  value::Value owner;
  std::string_view project, environment, release;
  std::string_view target_namespace;
  std::string_view objects;  // what AppendRecordEntry gives of each, joined by commas
  value::Value endpoints;
};

// One object's entry in the record, appended to `out` as JSON. `object` is the one before the
// stamp, `digest` the SHA-256 of its compact JSON in hexadecimal.
void AppendRecordEntry(std::string& out, std::string_view id, const value::Value& object,
                       std::string_view digest);

// The release record: a ConfigMap in the target namespace. Its text is in `json`, which must live
// as long as the result; the rest is in `arena`.
value::Value MakeRecord(const RecordInput& input, base::Arena& arena, std::string& json);

}  // namespace openchoreo::render
