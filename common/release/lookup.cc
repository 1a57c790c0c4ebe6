#include "common/release/lookup.h"

#include <string>
#include <utility>

namespace openchoreo::release {
namespace {

// Beyond this many objects of a kind nobody looks through them for a hint.
constexpr std::size_t kLookedThrough = 1000;

// An object of this name in another namespace, if there is just one.
const resource::Object* ElsewhereNamed(const resource::Repository& repository, names::Kind kind,
                                       std::string_view name) {
  if (names::IsClusterScoped(kind) || repository.All(kind).size() > kLookedThrough) return nullptr;
  const resource::Object* found = nullptr;
  for (const resource::Object* object : repository.All(kind)) {
    if (object->name != name) continue;
    if (found) return nullptr;
    found = object;
  }
  return found;
}

}  // namespace

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
    error.hint = "the sources have " + wanted + ", but the API server would refuse it: " +
                 std::string(resource::ReasonOf(refused->invalid));
  } else if (const resource::Object* elsewhere = ElsewhereNamed(repository, kind, name)) {
    const std::string there(elsewhere->ns);
    error.hint = "no source holds " + wanted + ", but " + there + "/" + std::string(name) +
                 " is there: give resources that name no namespace that one (--namespace " + there +
                 ")";
  } else {
    error.hint =
        "no source holds " + wanted + "; add it, or name the source that does as one more PATH";
  }
  return error;
}

}  // namespace openchoreo::release
