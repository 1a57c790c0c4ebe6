// What Prometheus reads of the mapper.
#pragma once

#include <string>

#include "health/mapper.h"

namespace openchoreo::mapper {

// Text format, version 0.0.4, all named openchoreo_health_mapper_*, but for the two that tell of
// bindings: openchoreo_releasebinding_condition (1 for the status and reason a condition has now)
// and openchoreo_releasebinding_info.
std::string MetricsText(const MapperFigures& figures, const std::vector<Judged>& judged,
                        bool leader);

}  // namespace openchoreo::mapper
