// Why something failed. One enumerator per failure; the class of each decides exit codes, gRPC
// codes and retries, in one table (ClassOf), never at call sites.
#pragma once

#include <cstdint>

namespace openchoreo::base {

enum class ErrorCode : std::uint8_t {
  kNone,
  kYamlSyntax,        // the text is not YAML, or uses a form that is refused (duplicate keys, NUL)
  kYamlLimit,         // nesting, aliases or size beyond RenderLimits
  kInvalidResource,   // the API server would refuse the object
  kUnknownField,      // a field the kind does not have (pruned)
  kDuplicateObject,   // two different objects with one identity
  kDialectConflict,   // one resource mixes shapes of two dialects
  kMissingReference,  // a named object is not in any source
  kMismatchedReference,  // a named object exists but does not belong together with its referrer
  kCelCompile,           // an expression does not parse or check
  kCelEvaluate,          // an expression failed on this input
  kTemplate,             // a template gives something that cannot stand where it is
  kSchema,               // a schema itself is wrong
  kSchemaValidation,     // a value does not satisfy its schema
  kPatch,                // a patch operation does not apply
  kValidationRule,       // a validation rule of a type or trait was false
  kRender,               // the rendered set breaks a rule of the pipeline
  kPending,              // a connection or output that is not resolved (yet)
  kEmptyResult,          // nothing would be emitted
  kUsage,                // flags or parameters
  kUnreadableSource,     // a source cannot be read at all
  kLimit,                // time, memory, size or cost beyond RenderLimits
  kCancelled,            // the caller gave up
  kNotFound,             // the API server or a server of files has no such thing
  kConflict,             // somebody else changed or made it first
  kExpired,              // a place in a list or watch that the API server no longer knows
  kDenied,               // not allowed, or not logged in
  kUnavailable,          // a server that cannot be reached, is too busy or answers nonsense
  kInternal,             // a bug
};

enum class ErrorClass : std::uint8_t { kUser, kMissingReference, kLimit, kTransient, kBug };

ErrorClass ClassOf(ErrorCode code);

// The stable lower-case name used in messages and results, e.g. "cel-compile".
const char* NameOf(ErrorCode code);

}  // namespace openchoreo::base
