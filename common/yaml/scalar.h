// What a YAML scalar means: sigs.k8s.io/yaml's rules (YAML 1.1 and some of 1.2), then the loss of
// JSON.
//
// Follows go.yaml.in/yaml/v2 resolve and decode, and sigs.k8s.io/yaml convertToJSONableObject. A
// typed scalar is a Value of kind null, bool, int, uint (only beyond int64), double or string, as
// the Go reader holds it before JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/base/arena.h"
#include "common/base/result.h"
#include "common/value/value.h"

namespace openchoreo::yaml {

// A plain scalar without tag. Strings point into `text`.
value::Value ResolvePlain(std::string_view text);

// A scalar with an explicit tag ("tag:yaml.org,2002:int", "!custom"). Strings point into `text` or,
// for
// !!binary, into `arena`.
base::Result<value::Value> ResolveTagged(std::string_view tag, std::string_view text,
                                         base::Arena& arena);

// The JSON value of a typed scalar: floats without fraction become ints if they fit, uints doubles.
// nullopt for NaN and the infinities, which JSON cannot hold.
std::optional<value::Value> ToJsonScalar(const value::Value& typed);

// The text of a typed scalar as a map key: "n" is "false", 1.5 is "1.5". nullopt for null and
// integers beyond int64, which are no keys. The text is `typed`'s own, a constant, or in `arena`.
std::optional<std::string_view> KeyText(const value::Value& typed, base::Arena& arena);

}  // namespace openchoreo::yaml
