// Every kind some version of OpenChoreo has, read or not, and the words people write instead.
#pragma once

#include <string>
#include <string_view>

namespace openchoreo::resource {

// A kind of OpenChoreo (or its control plane) that rendering does not read.
bool IsUnreadKind(std::string_view kind);

// Whether nobody but OpenChoreo is likely to have a kind of this name: ReleaseBinding, not
// Component.
bool IsTellingKind(std::string_view kind);

// The kind of OpenChoreo that `kind` most likely stands for: it differs in case, is its plural, or
// one or two letters off. "" if none is near, or `kind` is one.
std::string_view NearestKind(std::string_view kind);

// `text` without runes that show as nothing.
std::string WithoutInvisible(std::string_view text);

}  // namespace openchoreo::resource
