// One document of an older shape → the same document in v1.x shape, comments and formatting kept.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace openchoreo::migrate {

struct Rewrite {
  std::string text;  // the new text; the old one if nothing changed or something prevents it
  bool changed = false;
  std::string
      prevented;  // field that has no lossless v1.x form, with the reason; "" if there is none
};

// componentType ("deployment/web") of a Component, by namespace ("" if the document names none) and
// name: an older ComponentRelease does not record it. "" if unknown.
using ComponentTypeLookup =
    std::function<std::string(std::string_view ns, std::string_view component)>;

// `text` is one document (yaml::SplitDocuments). Documents that are no OpenChoreo resource, or new
// already, come back unchanged.
Rewrite RewriteDocument(std::string_view text, const ComponentTypeLookup& component_type_of);

}  // namespace openchoreo::migrate
