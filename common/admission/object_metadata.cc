#include "common/admission/object_metadata.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "common/admission/shape.h"
#include "common/base/go_quote.h"

namespace openchoreo::admission {
namespace {

using value::Value;

constexpr Shape kText = Typed(ShapeType::kString);
constexpr Shape kAnything = Shape().Open();
constexpr Shape kTextMap = MapOf(kText);
constexpr Shape kFinalizers = ArrayOf(kText);
constexpr Field kMetadataFields[] = {
    Optional("annotations", kTextMap),
    Optional("creationTimestamp", kAnything),
    Optional("deletionGracePeriodSeconds", kAnything),
    Optional("deletionTimestamp", kAnything),
    Optional("finalizers", kFinalizers),
    Optional("generateName", kText),
    Optional("generation", kAnything),
    Optional("labels", kTextMap),
    Optional("managedFields", kAnything),
    Optional("name", kText),
    Optional("namespace", kText),
    Optional("ownerReferences", kAnything),
    Optional("resourceVersion", kAnything),
    Optional("selfLink", kText),
    Optional("uid", kText),
};
constexpr Shape kMetadata = ObjectOf(kMetadataFields);

constexpr std::size_t kMaxAnnotationBytes = std::size_t{256} * 1024;

constexpr std::string_view kSubdomainText =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', "
    "and must start and end with an alphanumeric character (e.g. 'example.com', regex used for "
    "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
constexpr std::string_view kLabelText =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
    "must "
    "start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for "
    "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
constexpr std::string_view kQualifiedNameText =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
    "validation "
    "is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
constexpr std::string_view kLabelValueText =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
    "and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or "
    "'12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

constexpr bool IsLowerAlphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

constexpr char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

constexpr bool IsAlphanumeric(char c) { return IsLowerAlphanumeric(ToLower(c)); }

bool IsDnsLabel(std::string_view text) {
  return !text.empty() && IsLowerAlphanumeric(text.front()) && IsLowerAlphanumeric(text.back()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return IsLowerAlphanumeric(c) || c == '-'; });
}

bool IsDnsSubdomain(std::string_view text) {
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!IsDnsLabel(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool IsNameSegment(std::string_view text) {
  return !text.empty() && IsAlphanumeric(text.front()) && IsAlphanumeric(text.back()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return IsAlphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

std::string TooLong(std::size_t limit) {
  return "must be no more than " + std::to_string(limit) + " characters";
}

void Add(FieldErrors& errors, std::string_view field, std::string_view value,
         std::string_view what) {
  FieldError error;
  error.text.append("metadata.").append(field).append(": Invalid value: ");
  error.text.append(base::GoQuote(value)).append(": ").append(what);
  error.pointer.append("/metadata/").append(field);
  errors.push_back(std::move(error));
}

void CheckSubdomain(std::string_view field, std::string_view name, FieldErrors& errors) {
  if (name.size() > 253) Add(errors, field, name, TooLong(253));
  if (!IsDnsSubdomain(name)) Add(errors, field, name, kSubdomainText);
}

// Label and annotation keys: [subdomain/]name. Reported with `field` and `key` as they are written.
void CheckQualifiedName(std::string_view field, std::string_view key, bool any_case,
                        FieldErrors& errors) {
  std::string_view name = key;
  const std::size_t slash = key.find('/');
  if (slash != std::string_view::npos) {
    const std::string_view prefix = key.substr(0, slash);
    name = key.substr(slash + 1);
    if (name.find('/') != std::string_view::npos) {
      Add(errors, field, key,
          std::string("a valid label key ")
              .append(kQualifiedNameText)
              .append(
                  " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"));
      return;
    }
    if (prefix.empty()) {
      Add(errors, field, key, "prefix part must be non-empty");
    } else {
      std::string lowered;
      std::string_view checked = prefix;
      if (any_case && !IsDnsSubdomain(prefix)) {
        lowered = prefix;
        std::transform(lowered.begin(), lowered.end(), lowered.begin(), ToLower);
        checked = lowered;
      }
      if (prefix.size() > 253) Add(errors, field, key, "prefix part " + TooLong(253));
      if (!IsDnsSubdomain(checked)) {
        Add(errors, field, key, std::string("prefix part ").append(kSubdomainText));
      }
    }
  }
  if (name.empty()) {
    Add(errors, field, key, "name part must be non-empty");
  } else if (name.size() > 63) {
    Add(errors, field, key, "name part " + TooLong(63));
  }
  if (!IsNameSegment(name)) {
    Add(errors, field, key, std::string("name part ").append(kQualifiedNameText));
  }
}

void CheckLabels(const Value& labels, FieldErrors& errors) {
  for (const value::MapEntry& entry : labels.as_map()) {
    const std::string_view key = entry.key.string_or_empty();
    CheckQualifiedName("labels", key, false, errors);
    const std::string_view text = entry.value.string_or_empty();
    if (text.size() > 63) Add(errors, "labels", text, TooLong(63));
    if (!text.empty() && !IsNameSegment(text)) Add(errors, "labels", text, kLabelValueText);
  }
}

void CheckAnnotations(const Value& annotations, FieldErrors& errors) {
  std::size_t bytes = 0;
  for (const value::MapEntry& entry : annotations.as_map()) {
    const std::string_view key = entry.key.string_or_empty();
    CheckQualifiedName("annotations", key, true, errors);
    bytes += key.size() + entry.value.size();
  }
  if (bytes > kMaxAnnotationBytes) {
    errors.push_back({"metadata.annotations: Too long: may not be more than 262144 bytes",
                      "/metadata/annotations", FieldError::Weight::kBlocksRules});
  }
}

}  // namespace

const Shape& MetadataShape() { return kMetadata; }

void CheckMetadata(const Value& metadata, bool cluster_scoped, FieldErrors& errors) {
  const std::string_view name = metadata.Get("name").string_or_empty();
  if (name.empty()) {
    errors.push_back({"metadata.name: Required value: name or generateName is required",
                      "/metadata", FieldError::Weight::kBlocksRules});
  } else {
    CheckSubdomain("name", name, errors);
  }
  const std::string_view ns = metadata.Get("namespace").string_or_empty();
  if (!cluster_scoped && !ns.empty()) {
    if (ns.size() > 63) Add(errors, "namespace", ns, TooLong(63));
    if (!IsDnsLabel(ns)) {
      Add(errors, "namespace", ns, IsDnsSubdomain(ns) ? "must not contain dots" : kLabelText);
    }
  }
  if (const Value* labels = metadata.Find("labels"); labels && labels->is_map()) {
    CheckLabels(*labels, errors);
  }
  if (const Value* annotations = metadata.Find("annotations");
      annotations && annotations->is_map()) {
    CheckAnnotations(*annotations, errors);
  }
}

}  // namespace openchoreo::admission
