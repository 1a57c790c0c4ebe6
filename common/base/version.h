// The version of all programs: the one that project() in CMakeLists.txt names.
#pragma once

namespace openchoreo::base {

// "1.2.3"; for --version, logs and user agents.
const char* Version();

}  // namespace openchoreo::base
