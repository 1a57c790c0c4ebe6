// Any text as an expression: it compiles or is refused with a place inside the text, never more,
// and compiles the same way twice.
#include <cstdint>
#include <string_view>

#include "common/cel/compiler.h"
#include "test/fuzz/require.h"

using namespace openchoreo;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const cel::Environment kEnvironment({"a", "b", "configurations", "derived", "metadata"},
                                             cel::Macros::kComponentV1);
  const auto compiled = cel::CompileWith(text, kEnvironment, {});
  const auto again = cel::CompileWith(text, kEnvironment, {});
  Require(compiled.has_value() == again.has_value(), "two compilations differ");
  if (compiled) {
    Require(compiled->type == again->type, "two types");
    return 0;
  }
  Require(compiled.error().message == again.error().message, "two messages");
  Require(!compiled.error().message.empty(), "an error without a message");
  Require(compiled.error().place.text_begin <= compiled.error().place.text_end,
          "a place that ends before it begins");
  return 0;
}
