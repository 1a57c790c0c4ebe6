#include "common/release/release_structs.h"

namespace openchoreo::release {

#include "common/release/release_structs.inc"

}  // namespace openchoreo::release
