// Parameter schemas: a SchemaSection of a type or trait → defaulting and validation of values.
// Follows openchoreo internal/schema, k8s.io/apiextensions-apiserver (structural defaulting) and
// k8s.io/kube-openapi (validation texts).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/base/arena.h"
#include "common/base/budget.h"
#include "common/base/result.h"
#include "common/value/value.h"

namespace openchoreo::schema {

// A key that is nearly a property.
struct NearMiss {
  std::string pointer;  // of the key, below the values
  std::string key;
  std::string meant;  // the property
};

// Immutable, thread-safe. Owns all it needs (values it was made from may go away).
class Schema {
 public:
  virtual ~Schema() = default;

  // A copy of `values` (a map; null counts as {}) with defaults filled in; shares what did not
  // change with `values`, and the defaults with this schema. Whole numbers of defaults are ints, as
  // upstream's. Spends the arena's budget; once that is spent the result is worthless.
  virtual value::Value ApplyDefaults(const value::Value& values, base::Arena& arena) const = 0;

  // Every violation, in kube-openapi's words and order ("a.b is required"); empty if valid. Where
  // upstream goes by Go's random map order, by key. Worthless once `budget` is spent.
  virtual std::vector<std::string> Validate(const value::Value& values,
                                            base::Budget& budget) const = 0;

  // Keys of `values` that name no property of the schema, though nearly one that is not given:
  // slips, which change nothing but what was meant. Worthless once `budget` is spent.
  virtual std::vector<NearMiss> NearMisses(const value::Value& values,
                                           base::Budget& budget) const = 0;

  // The schema with every $ref inlined.
  virtual const value::Value& resolved() const = 0;
};

// From an openAPIV3Schema document. Errors: kSchema, with upstream's text; kLimit for one that
// $refs blow up, and once `budget` is spent, to which what the schema keeps is charged.
base::Result<std::shared_ptr<const Schema>> FromOpenApi(const value::Value& root,
                                                        base::Budget& budget);
base::Result<std::shared_ptr<const Schema>> FromOpenApi(const value::Value& root);

// From v0.9–v0.17 shorthand: `fields` (parameters or envOverrides) and `types` (may be null).
// Values are pruned to the schema before defaulting, and numbers of defaults are as the shorthand
// has them. Errors: kSchema, naming field and marker; place.field points to the field inside
// `fields` ("/db/port").
base::Result<std::shared_ptr<const Schema>> FromShorthand(const value::Value& fields,
                                                          const value::Value& types,
                                                          base::Budget& budget);
base::Result<std::shared_ptr<const Schema>> FromShorthand(const value::Value& fields,
                                                          const value::Value& types);

}  // namespace openchoreo::schema
