#include "common/schema/schema.h"

namespace openchoreo::schema {

// Placeholder until the shorthand grammar lands (owner: lang); replace this file.
base::Result<std::shared_ptr<const Schema>> FromShorthand(const value::Value&, const value::Value&) {
  return base::Fail(base::ErrorCode::kSchema, "shorthand schemas cannot be read yet");
}

}  // namespace openchoreo::schema
