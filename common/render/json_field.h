// Fields of JSON objects that are written piece by piece.
#pragma once

#include <string>
#include <string_view>

#include "common/value/json_writer.h"

namespace openchoreo::render {

// "key":"text", with the comma: after the last field of an object, out.back() becomes the '}'.
// `key` is written as it stands.
inline void AppendTextField(std::string& out, std::string_view key, std::string_view text) {
  out.append("\"").append(key).append("\":");
  value::AppendJsonString(out, text);
  out += ',';
}

}  // namespace openchoreo::render
