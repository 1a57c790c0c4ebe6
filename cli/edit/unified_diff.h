// A unified diff of two texts, for people.
#pragma once

#include <string>
#include <string_view>

namespace openchoreo::edit {

// "--- path\n+++ path\n@@ …" with three lines of context; "" if the texts are equal.
std::string UnifiedDiff(std::string_view path, std::string_view before, std::string_view after);

}  // namespace openchoreo::edit
