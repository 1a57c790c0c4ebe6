#include "common/base/diagnostic.h"

#include "common/base/json_pointer.h"

namespace openchoreo::base {

ErrorClass ClassOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kMissingReference:
    case ErrorCode::kPending:
    case ErrorCode::kNotFound:
      return ErrorClass::kMissingReference;
    case ErrorCode::kYamlLimit:
    case ErrorCode::kLimit:
      return ErrorClass::kLimit;
    case ErrorCode::kUnreadableSource:
    case ErrorCode::kCancelled:
    case ErrorCode::kConflict:
    case ErrorCode::kExpired:
    case ErrorCode::kUnavailable:
      return ErrorClass::kTransient;
    case ErrorCode::kNone:
    case ErrorCode::kInternal:
      return ErrorClass::kBug;
    default:
      return ErrorClass::kUser;
  }
}

const char* NameOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kNone:
      return "none";
    case ErrorCode::kYamlSyntax:
      return "yaml-syntax";
    case ErrorCode::kYamlLimit:
      return "yaml-limit";
    case ErrorCode::kInvalidResource:
      return "invalid-resource";
    case ErrorCode::kUnknownField:
      return "unknown-field";
    case ErrorCode::kDuplicateObject:
      return "duplicate-object";
    case ErrorCode::kDialectConflict:
      return "dialect-conflict";
    case ErrorCode::kMissingReference:
      return "missing-reference";
    case ErrorCode::kMismatchedReference:
      return "mismatched-reference";
    case ErrorCode::kCelCompile:
      return "cel-compile";
    case ErrorCode::kCelEvaluate:
      return "cel-evaluate";
    case ErrorCode::kTemplate:
      return "template";
    case ErrorCode::kSchema:
      return "schema";
    case ErrorCode::kSchemaValidation:
      return "schema-validation";
    case ErrorCode::kPatch:
      return "patch";
    case ErrorCode::kValidationRule:
      return "validation-rule";
    case ErrorCode::kRender:
      return "render";
    case ErrorCode::kPending:
      return "pending";
    case ErrorCode::kEmptyResult:
      return "empty-result";
    case ErrorCode::kUsage:
      return "usage";
    case ErrorCode::kUnreadableSource:
      return "unreadable-source";
    case ErrorCode::kLimit:
      return "limit";
    case ErrorCode::kCancelled:
      return "cancelled";
    case ErrorCode::kNotFound:
      return "not-found";
    case ErrorCode::kConflict:
      return "conflict";
    case ErrorCode::kExpired:
      return "expired";
    case ErrorCode::kDenied:
      return "denied";
    case ErrorCode::kUnavailable:
      return "unavailable";
    case ErrorCode::kInternal:
      return "internal";
  }
  return "internal";
}

std::string JoinPointer(std::string_view pointer, std::string_view segment) {
  std::string joined;
  joined.reserve(pointer.size() + segment.size() + 1);
  joined += pointer;
  joined += '/';
  AppendPointerSegment(joined, segment);
  return joined;
}

std::string JoinPointer(std::string_view pointer, std::size_t index) {
  std::string joined(pointer);
  joined += '/';
  joined += std::to_string(index);
  return joined;
}

}  // namespace openchoreo::base
