// The documents of a stream, as SplitDocuments (reader.h) gives them, with a bound on their number.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "common/yaml/reader.h"

namespace openchoreo::yaml {

// False, with `documents` cut short, if `text` has more than `max_documents`.
bool CollectDocuments(std::string_view text, std::size_t max_documents,
                      std::vector<DocumentRange>& documents);

}  // namespace openchoreo::yaml
