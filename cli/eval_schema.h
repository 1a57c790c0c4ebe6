// `eval schema`: {kind: apply | resolve | jsonschema, schema or schema_text, values?} → what
// becomes of it.
#pragma once

#include <istream>
#include <ostream>

namespace openchoreo::cli {

int RunEvalSchema(std::istream& in, std::ostream& out);

}  // namespace openchoreo::cli
