// Labels of rendered objects, by the name the mapper's files use.
#pragma once

#include "common/render/labels.h"

namespace openchoreo::mapper {

namespace labels = render::labels;

}  // namespace openchoreo::mapper
