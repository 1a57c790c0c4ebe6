// JSON in and out, for tests.
#pragma once

#include <string>
#include <string_view>

#include "common/base/arena.h"
#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/value.h"

namespace openchoreo::pipeline {

inline value::Value Json(base::Arena& arena, std::string_view text) {
  return *value::ReadJson(text, arena);
}

}  // namespace openchoreo::pipeline
