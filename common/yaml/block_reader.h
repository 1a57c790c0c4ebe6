// The plain block style in which nearly all manifests are written, read without libyaml and some
// five times faster. Whatever is not certainly in that style is left to libyaml (DocumentBuilder),
// errors included.
//
// In the style: block maps and lists, plain and quoted scalars on one line, literal blocks, empty
// {} and [], comments, line feeds. Not in it: anchors, tags, other flow collections, merge keys,
// scalars folded over lines, tabs, carriage returns, directives, duplicate keys.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/arena.h"
#include "common/base/limits.h"
#include "common/value/value.h"

namespace openchoreo::yaml {

// Reusable for any number of documents. A value it gives is the one DocumentBuilder gives for the
// same text; a fuzz target holds the two against each other.
class BlockReader {
 public:
  BlockReader(base::Arena& arena, const base::RenderLimits& limits)
      : arena_(arena), limits_(limits) {}

  // nullopt: not in the style, or beyond a limit.
  std::optional<value::Value> Read(std::string_view document);

 private:
  bool SkipToContent(const char* at);
  bool EndLine(const char* at);
  bool AtItem() const;
  bool AtKey();
  bool Node(int column, int parent, std::size_t depth, value::Value& out);
  bool Below(int column, bool may_be_indentless, std::size_t depth, value::Value& out);
  bool Map(int column, std::size_t depth, value::Value& out);
  bool List(int column, bool indentless, std::size_t depth, value::Value& out);
  bool Scalar(int parent, std::size_t depth, value::Value& out);
  bool Literal(int parent, value::Value& out);

  // These take what begins at `at` and move `at` behind it.
  bool Plain(const char*& at, bool flow, value::Value& out);
  bool DoubleQuoted(const char*& at, value::Value& out);
  bool SingleQuoted(const char*& at, value::Value& out);
  bool FlowNode(const char*& at, std::size_t depth, value::Value& out);
  bool FlowMap(const char*& at, std::size_t depth, value::Value& out);
  bool FlowList(const char*& at, std::size_t depth, value::Value& out);
  bool FlowKey(const char*& at, value::Value& out);
  bool FlowSpace(const char*& at) const;

  bool Key(std::string_view text, value::Value& out);
  bool BuildMap(std::size_t first, value::Value& out);
  value::Value BuildList(std::size_t first);

  base::Arena& arena_;
  const base::RenderLimits& limits_;
  // The next content: where it is and in which column; done_ if there is none.
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  int column_ = 0;
  bool done_ = false;
  const char* colon_ = nullptr;  // of the key AtKey found
  std::size_t nodes_ = 0;
  std::vector<value::MapEntry> entries_;
  std::vector<value::Value> items_;
  std::string text_;
};

}  // namespace openchoreo::yaml
