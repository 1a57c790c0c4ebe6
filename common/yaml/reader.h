// YAML (and JSON) bytes → values, as Kubernetes' readers see them (sigs.k8s.io/yaml: YAML 1.1
// scalars, merge keys, anchors; then JSON). Duplicate keys are refused.
//
// Marks are not kept: Locate finds the place of a field again when a message needs it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "common/base/arena.h"
#include "common/base/limits.h"
#include "common/base/result.h"
#include "common/value/value.h"

namespace openchoreo::yaml {

struct Document {
  value::Value root;        // null for an empty document
  std::uint32_t index = 0;  // position in the stream, empty documents counted
};

struct ReadResult {
  std::vector<Document> documents;  // those that could be read, in order
  base::Diagnostics errors;  // one per document that could not; never hides the others' documents
};

// Reads every document of `text`. Strings of the values are copied into `arena`.
// Errors: kYamlSyntax, kYamlLimit; their place has `document` and `byte_offset`, `source` is left
// open. Never throws, never overflows the stack.
ReadResult Read(std::string_view text, base::Arena& arena, const base::RenderLimits& limits = {});

// Where a node stands in the text: bytes [begin, end), line and column counted from 1 (column in
// code points). `exact` is false where only the nearest enclosing node could be found.
struct Location {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  bool exact = false;
};

// The location of the node a Place names (its `source` is ignored): field, then text range inside
// the decoded scalar, or byte offset. Reads `text` again.
Location Locate(std::string_view text, const base::Place& place);

// Byte ranges [begin, end) of the documents of a stream, separators left out, as Document::index
// counts.
struct DocumentRange {
  std::size_t begin;
  std::size_t end;
};

std::vector<DocumentRange> SplitDocuments(std::string_view text);

}  // namespace openchoreo::yaml
