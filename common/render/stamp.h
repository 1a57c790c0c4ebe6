// What rendered objects get before they leave, as OpenChoreo's own controller labels what it
// applies, and the objects added beside them: Namespaces and the release record. The design's "What
// front doors add". Follows openchoreo internal/controller/renderedrelease (labels, restartedAt);
// differs: no uid.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "common/base/arena.h"
#include "common/base/result.h"
#include "common/render/binding.h"
#include "common/value/value.h"

namespace openchoreo::render {

// `text` as a label value that names it: itself up to 63 bytes, else the generated name of that
// limit.
std::string NameLabel(std::string_view text);

// The value of the label that names the RenderedRelease of a binding's objects, those of the data
// plane or those of the observability plane.
std::string ReleaseLabel(const std::string& rendered_release, bool observability);

struct Stamp {
  names::Dialect dialect = names::Dialect::kV1;
  std::string_view release_name;  // upstream's RenderedRelease, as a label value
  std::string_view release_ns;
};

// A copy of `object` with the labels of `stamp`, its resource id and `digest` as an annotation;
// shares all else. Annotations that are no map stay as they are: the API server refuses them.
value::Value Stamped(const value::Value& object, std::string_view id, std::string_view digest,
                     const Stamp& stamp, base::Arena& arena);

// A copy of `object` with the annotation that says where it comes from: its template, then every
// patch that touched it, each as "path/of/file.yaml#/spec/resources/0/template", the file's
// document in brackets behind the path where it is not the first; a blank between two. The object
// itself where there is no origin.
value::Value WithOrigin(const value::Value& object, std::span<const base::Place> origin,
                        const resource::SourceTable& sources, base::Arena& arena);

// An apps Deployment with `restarted_at` in its pod template's annotations; any other object as it
// is. Errors: upstream's text, if those annotations are no string map.
base::Result<value::Value> WithRestartedAt(const value::Value& object, std::string_view id,
                                           std::string_view restarted_at, base::Arena& arena);

// A copy of an object that holds `${`, with the annotation that keeps Flux's substitution away.
value::Value WithoutSubstitution(const value::Value& object, base::Arena& arena);

// The namespace `name` of a binding, for objects whose namespace nothing rendered provides. Both
// GitOps operators are told not to prune it.
value::Value MakeNamespace(std::string_view name, names::Dialect dialect,
                           std::string_view control_plane_ns, std::string_view project,
                           std::string_view environment, base::Arena& arena);

// The ConfigMap of a binding's release record. `json` is the record's text and must live as long as
// the result; the rest is in `arena`.
value::Value MakeRecord(const Binding& binding, std::string_view json, base::Arena& arena);

}  // namespace openchoreo::render
