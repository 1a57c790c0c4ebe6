// What is OpenChoreo's, what is somebody else's, and what cannot be what it says: a misspelt
// document must not become a smaller result. Design: "Almost OpenChoreo is an error".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/value/value.h"

namespace openchoreo::resource {

inline constexpr std::string_view kGroup = "openchoreo.dev";
inline constexpr std::string_view kApiVersion = "openchoreo.dev/v1alpha1";

struct Resemblance {
  std::string message, hint;
  std::string field;  // JSON pointer below the document, of what is wrong
};

// Why `document` (a map) is almost an object of OpenChoreo: its group, version or kind is one that
// does not exist, but near one that does; or its apiVersion is missing or misspelt beside a kind
// nobody else has. nullopt for objects of OpenChoreo with a kind it has, or one near none, and for
// those of others, groups below openchoreo.dev among them.
std::optional<Resemblance> FindResemblance(const value::Value& document);

// Whether `document`, any value, is an object of OpenChoreo or almost one, or a List that holds
// such.
bool IsOrResembles(const value::Value& document);

// Whether a text has an apiVersion line of OpenChoreo's group, or of one almost it. Reads lines, so
// it answers for text that is no YAML as well.
bool SpeaksOfOpenChoreo(std::string_view text);

// Whether a text can hold what FindResemblance or a reader of OpenChoreo's objects would want to
// see. Cheap; true too often, never false wrongly.
bool MayHoldOpenChoreo(std::string_view text);

// Whether `text` is a template that still has to be filled in: it holds {{ and }}.
bool IsSkeleton(std::string_view text);

// The ASCII letters of UTF-16 text, with its byte order mark or not; nullopt for other text.
std::optional<std::string> NarrowedUtf16(std::string_view text);

}  // namespace openchoreo::resource
