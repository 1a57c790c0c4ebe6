// Where the parts of a ResourceList lie in its text, so that items only passed on keep their bytes.
//
// A ResourceList is one document; its items are nodes inside it, not documents of their own.
// Finding the byte range of each is all this does, over the document's syntax tree, which need not
// be deep for it: what an item holds is read from its range by yaml::Read. JSON is not read here:
// see ReadResourceList.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/limits.h"
#include "common/base/result.h"

namespace openchoreo::kustomize_fn {

struct NodeSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t column = 0;       // of the node's first character; of the dash for a block item
  std::size_t dash = 0;         // of a block item, from `begin`
  bool borrows_anchor = false;  // holds an alias whose anchor lies outside the range
};

struct ResourceListSpans {
  bool is_resource_list = false;  // a mapping of kind ResourceList
  std::string api_version;
  bool flow_items = false;      // items: [ … ]; `items` is then left empty
  std::vector<NodeSpan> items;  // whole lines, the dash and the comments above it included
  bool has_function_config = false;
  NodeSpan function_config;
};

// `text` is UTF-8 without a byte order mark. Errors: kYamlSyntax (also duplicate top-level keys,
// more than one document, items that are no list), kYamlLimit; they never name a line of the input.
base::Result<ResourceListSpans> FindSpans(std::string_view text, const base::RenderLimits& limits);

}  // namespace openchoreo::kustomize_fn
