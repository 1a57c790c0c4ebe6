// One document's events → its value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/base/arena.h"
#include "common/base/limits.h"
#include "common/base/result.h"
#include "common/value/value.h"
#include "common/yaml/byte_cursor.h"
#include "common/yaml/event_stream.h"

namespace openchoreo::yaml {

// Reusable: one builder reads the documents of a stream one after the other, its stacks keep their
// memory.
class DocumentBuilder {
 public:
  DocumentBuilder(base::Arena& arena, const base::RenderLimits& limits)
      : arena_(arena), limits_(limits) {}

  // `text` is one document. The error's place has the byte offset within it.
  base::Result<value::Value> Build(std::string_view text);

 private:
  // A finished node on its way into its parent. Keys are strings; a merge key is an omit.
  struct Slot {
    value::Value value;
    std::size_t begin;  // code points from the document's start
    bool alias;         // written as "*name"
  };

  // A list or map whose end has not come yet.
  struct Frame {
    bool is_map;
    bool sorted = true;  // keys came in ascending order so far
    bool has_merge = false;
    std::size_t first_slot;
    std::size_t begin;
    std::size_t nodes;         // of the document before this one, aliases expanded
    std::uint32_t height = 0;  // of the highest child
    std::int32_t anchor = -1;
  };

  struct Anchor {
    value::Value value;
    value::Value typed;  // a scalar before JSON's loss, for its use as a key
    std::size_t nodes = 0;
    std::uint32_t height = 0;
    bool complete = false;
  };

  // An entry of a map with merge keys, in the order it takes effect.
  struct MergedEntry {
    value::MapEntry entry;
    std::size_t begin;
    bool merged;
  };

  bool Step(const Event& event);
  bool Scalar(const Event& event);
  bool Alias(const Event& event);
  bool HoldsEscapedSlash(const Event& event);

  bool Open(const Event& event, bool is_map);
  bool Close();
  bool BuildMap(const Frame& frame, value::Value& map);
  bool BuildMergedMap(const Frame& frame, value::Value& map);
  bool Merge(const Slot& source);

  bool at_key() const {
    return !frames_.empty() && frames_.back().is_map &&
           (slots_.size() - frames_.back().first_slot) % 2 == 0;
  }

  // Takes a finished node in, as value, item or root.
  void Push(value::Value value, std::size_t begin, std::uint32_t height, bool alias);
  bool PushKey(const value::Value& typed, bool merge, std::size_t begin);
  void Declare(std::string_view name, Anchor anchor);
  bool CountNodes(std::size_t nodes, std::size_t begin);
  bool Fail(base::ErrorCode code, std::string message, std::size_t begin);
  bool FailDuplicate(std::string_view key, std::size_t first, std::size_t second);

  base::Arena& arena_;
  const base::RenderLimits& limits_;
  std::string_view text_;
  std::vector<Slot> slots_;
  std::vector<Frame> frames_;
  std::vector<Anchor> anchors_;
  std::unordered_map<std::string_view, std::int32_t> anchor_names_;
  std::vector<MergedEntry> merged_;
  std::size_t nodes_ = 0;        // of the document so far, long texts counted as several
  std::size_t alias_nodes_ = 0;  // what aliases have added, of all documents
  ByteCursor cursor_;
  base::Error error_;
};

}  // namespace openchoreo::yaml
