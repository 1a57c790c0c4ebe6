#include "common/release/lookup.h"

#include <string>
#include <utility>

namespace openchoreo::release {

base::Error MissingReference(const resource::Repository& repository, std::string message,
                             base::Place place, names::Kind kind, std::string_view ns,
                             std::string_view name) {
  base::Error error;
  error.code = base::ErrorCode::kMissingReference;
  error.message = std::move(message);
  error.place = std::move(place);
  const std::string kind_name(names::NameOf(kind));
  if (name.empty()) {
    error.hint = "name the " + kind_name + " here";
    return error;
  }
  std::string wanted = kind_name + " ";
  if (!names::IsClusterScoped(kind)) wanted.append(ns).append("/");
  wanted += name;
  if (const resource::Object* refused = repository.FindRefused(kind, ns, name)) {
    error.hint =
        "the sources have " + wanted + ", but the API server would refuse it: " + refused->invalid;
  } else {
    error.hint =
        "no source holds " + wanted + "; add it, or name the source that does as one more PATH";
  }
  return error;
}

}  // namespace openchoreo::release
