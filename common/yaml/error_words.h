// A parser's error in the words of whoever wrote the text.
#pragma once

#include <string_view>

#include "common/base/diagnostic.h"

namespace openchoreo::yaml {

// Puts what most likely went wrong before the parser's text ("a tab indents this line: found
// character that …"), and what to do about it into the hint; moves the place to the cause where it
// lies elsewhere. `document` is the text the error's byte_offset counts in. Other errors stay as
// they are.
void PutInWords(std::string_view document, base::Diagnostic& error);

}  // namespace openchoreo::yaml
