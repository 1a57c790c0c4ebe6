// Any bytes: reading them as a release record gives a record or an error, and a record that was
// written again is read as the same.
#include <cstdint>
#include <string>
#include <string_view>

#include "common/record/record.h"
#include "test/fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace openchoreo;
  base::Arena arena;
  const auto record = record::ReadRecord({reinterpret_cast<const char*>(data), size}, arena);
  if (!record) {
    Require(!record.error().message.empty(), "an error without a message");
    return 0;
  }
  std::string written, again;
  Require(record::AppendRecord(written, *record, arena.budget()),
          "what was JSON cannot be written as JSON");
  if (written.size() > record::kMaxBytes) return 0;
  const auto second = record::ReadRecord(written, arena);
  Require(second.has_value(), "a written record cannot be read");
  Require(record::AppendRecord(again, *second, arena.budget()) && again == written,
          "it changes when written twice");
  return 0;
}
