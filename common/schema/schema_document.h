// The fields a schema document may have and their types: Kubernetes' v1.JSONSchemaProps.
// Follows k8s.io/apiextensions-apiserver pkg/apis/apiextensions/v1.
#pragma once

#include <string>

#include "common/base/budget.h"
#include "common/base/result.h"
#include "common/value/value.h"

namespace openchoreo::schema {

// Whether properties named x-… are looked at: upstream first checks the schema without them.
enum class VendorProperties : bool { kSkip, kCheck };

// Whether `document` decodes. Errors: kSchema, encoding/json's text ("json: cannot unmarshal …");
// place.field is the pointer to the offending node.
// kLimit once `budget` is spent.
base::Result<bool> CheckDocument(const value::Value& document, VendorProperties vendor,
                                 base::Budget& budget);
base::Result<bool> CheckDocument(const value::Value& document);

// The document as Kubernetes prints it: known fields in their order, empty ones left out,
// `required` sorted (upstream sorts it in properties, items and additionalProperties).
void AppendDocument(std::string& out, const value::Value& document);

}  // namespace openchoreo::schema
