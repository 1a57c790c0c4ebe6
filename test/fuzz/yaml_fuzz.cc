// Any bytes: reading ends in values or errors; both readers of ours agree on what both read; what
// was read is written so that it reads back the same; every place lies within the text.
#include <cstdint>
#include <string>
#include <string_view>

#include "common/emit/unbudgeted.h"
#include "common/emit/yaml_writer.h"
#include "common/value/unbudgeted.h"
#include "common/yaml/block_reader.h"
#include "common/yaml/document_builder.h"
#include "common/yaml/reader.h"
#include "test/fuzz/require.h"

namespace {

using namespace openchoreo;

void CheckPlace(std::string_view text, const base::Place& place) {
  const yaml::Location found = yaml::Locate(text, place);
  Require(found.begin <= found.end && found.end <= text.size(), "a place outside the text");
  Require(found.line >= 1 && found.column >= 1, "lines and columns count from 1");
}

// The places of up to `budget` nodes, and of a part of each string.
void CheckPlaces(std::string_view text, const value::Value& node, base::Place& place, int& budget) {
  if (--budget < 0) return;
  place.text_begin = place.text_end = 0;
  CheckPlace(text, place);
  const std::string field = place.field;
  if (node.is_string() && node.size() > 0) {
    place.text_begin = static_cast<std::uint32_t>(node.size() / 2);
    place.text_end = place.text_begin + 1;
    CheckPlace(text, place);
  } else if (node.is_list()) {
    for (std::size_t i = 0; i < node.size() && budget > 0; ++i) {
      place.field = base::JoinPointer(field, i);
      CheckPlaces(text, node.as_list()[i], place, budget);
    }
  } else if (node.is_map()) {
    for (const value::MapEntry& entry : node.as_map()) {
      place.field = base::JoinPointer(field, entry.key.as_string());
      CheckPlaces(text, entry.value, place, budget);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  base::Arena arena;
  base::RenderLimits limits;
  limits.max_nodes = 20'000;
  const yaml::ReadResult result = yaml::Read(text, arena, limits);
  std::size_t end = 0;
  for (const yaml::DocumentRange& range : yaml::SplitDocuments(text)) {
    Require(end <= range.begin && range.begin <= range.end && range.end <= size,
            "documents overlap");
    end = range.end;
    const std::string_view document = text.substr(range.begin, range.end - range.begin);
    if (const auto fast = yaml::BlockReader(arena, limits).Read(document)) {
      const auto slow = yaml::DocumentBuilder(arena, limits).Build(document);
      Require(slow.has_value(), "the block reader reads what libyaml refuses");
      Require(value::JsonEquals(*fast, *slow), "the block reader reads another value than libyaml");
    }
  }
  for (const base::Diagnostic& error : result.errors) CheckPlace(text, error.place);
  int budget = 20;
  for (const yaml::Document& document : result.documents) {
    std::string written;
    Require(emit::AppendYaml(written, document.root), "what was read can be written");
    const yaml::ReadResult again = yaml::Read(written, arena);
    Require(again.errors.empty() && again.documents.size() == 1, "what was written can be read");
    Require(value::JsonEquals(again.documents[0].root, document.root), "it reads back the same");
    base::Place place;
    place.document = document.index;
    CheckPlaces(text, document.root, place, budget);
  }
  return 0;
}
