// FindSpans for JSON: YAML readers refuse JSON's surrogate escapes, so JSON is walked as JSON.
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/value/json_reader.h"
#include "kustomize-fn/spans_by_syntax.h"

namespace openchoreo::kustomize_fn {

namespace {

// Walks one JSON text without recursion, checking brackets, separators and repeated keys. Strings
// and other scalars are only delimited here; ReadJson judges them when a range is read.
class JsonWalker {
 public:
  JsonWalker(std::string_view text, std::size_t max_depth) : text_(text), max_depth_(max_depth) {}

  // False: not JSON (error().code kNone) or refused.
  bool Walk() {
    while (true) {
      SkipSpace();
      if (!levels_.empty() && AtEndOfLevel()) {
        if (!CloseLevel()) return false;
      } else if (!levels_.empty() && levels_.back().is_map && !TakeKey()) {
        return false;
      } else {
        const std::size_t begin = at_;
        if (at_ >= text_.size()) return false;
        if (text_[at_] == '{' || text_[at_] == '[') {
          if (levels_.size() >= max_depth_) {
            error_.code = base::ErrorCode::kYamlLimit;
            error_.message = "nested too deeply";
            return false;
          }
          if (levels_.empty()) root_is_map_ = text_[at_] == '{';
          levels_.push_back({text_[at_] == '{', begin, 0, {}, {}});
          ++at_;
          continue;
        }
        if (!TakeScalar()) return false;
        EndNode(begin);
      }
      if (levels_.empty()) break;
      SkipSpace();
      if (at_ < text_.size() && text_[at_] == ',') {
        ++at_;
        SkipSpace();
        if (at_ < text_.size() && (text_[at_] == '}' || text_[at_] == ']')) return false;
      } else if (!AtEndOfLevel()) {
        return false;
      }
    }
    SkipSpace();
    return at_ == text_.size();
  }

  const base::Error& error() const { return error_; }

  base::Result<ResourceListSpans> Take() {
    spans_.is_resource_list = root_is_map_ && kind_ == "ResourceList";
    spans_.is_json = true;
    spans_.style = ListStyle::kFlow;
    if (spans_.is_resource_list && items_seen_ && !items_are_list_) {
      return base::Fail(base::ErrorCode::kYamlSyntax, "items is not a list");
    }
    return std::move(spans_);
  }

 private:
  struct Level {
    bool is_map;
    std::size_t begin;
    std::size_t count;
    std::string key;  // of the value that comes next
    std::set<std::string, std::less<>> keys;
  };

  void SkipSpace() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
  }

  bool AtEndOfLevel() const {
    return at_ < text_.size() && text_[at_] == (levels_.back().is_map ? '}' : ']');
  }

  bool CloseLevel() {
    ++at_;
    const std::size_t begin = levels_.back().begin;
    levels_.pop_back();
    EndNode(begin);
    return true;
  }

  // A quoted text; `at_` is behind it afterwards.
  bool TakeString() {
    if (at_ >= text_.size() || text_[at_] != '"') return false;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == '"') {
        ++at_;
        return true;
      }
    }
    return false;
  }

  bool TakeKey() {
    const std::size_t begin = at_;
    if (!TakeString()) return false;
    base::Arena arena(256);
    const auto key = value::ReadJson(text_.substr(begin, at_ - begin), arena);
    if (!key) return false;
    Level& level = levels_.back();
    level.key = std::string(key->string_or_empty());
    if (!level.keys.insert(level.key).second) {
      error_.code = base::ErrorCode::kYamlSyntax;
      error_.message = "duplicate key \"" + level.key + "\"";
      return false;
    }
    SkipSpace();
    if (at_ >= text_.size() || text_[at_] != ':') return false;
    ++at_;
    SkipSpace();
    return true;
  }

  bool TakeScalar() {
    if (text_[at_] == '"') return TakeString();
    const std::size_t begin = at_;
    while (at_ < text_.size() &&
           std::string_view("{}[],: \t\r\n\"").find(text_[at_]) == std::string_view::npos)
      ++at_;
    base::Arena arena(64);
    return at_ > begin && value::ReadJson(text_.substr(begin, at_ - begin), arena).has_value();
  }

  // A node [begin, at_) has ended inside the levels still open.
  void EndNode(std::size_t begin) {
    if (levels_.empty()) return;
    if (levels_.size() == 2 && in_items()) {
      NodeSpan span;
      span.begin = begin;
      span.end = at_;
      spans_.items.push_back(span);
    }
    if (levels_.size() != 1 || !levels_.back().is_map) return;
    const std::string_view node = text_.substr(begin, at_ - begin);
    const std::string& key = levels_.back().key;
    if (key == "items") {
      items_seen_ = true;
      items_are_list_ = node.front() == '[' || node == "null";
    } else if (key == "functionConfig") {
      spans_.has_function_config = true;
      spans_.function_config.begin = begin;
      spans_.function_config.end = at_;
    } else if (key == "kind" || key == "apiVersion") {
      base::Arena arena(256);
      const auto text = value::ReadJson(node, arena);
      if (text) (key == "kind" ? kind_ : spans_.api_version) = std::string(text->string_or_empty());
    }
  }

  bool in_items() const {
    return levels_[0].is_map && levels_[0].key == "items" && !levels_[1].is_map;
  }

  std::string_view text_;
  std::size_t max_depth_;
  std::size_t at_ = 0;
  std::vector<Level> levels_;
  base::Error error_;
  ResourceListSpans spans_;
  bool root_is_map_ = false;
  bool items_seen_ = false;
  bool items_are_list_ = false;
  std::string kind_;
};

}  // namespace

std::optional<base::Result<ResourceListSpans>> FindJsonSpans(std::string_view text,
                                                             const base::RenderLimits& limits) {
  constexpr std::size_t kEnvelopeDepth = 2;  // the ResourceList and its list
  JsonWalker walker(text, limits.max_depth + kEnvelopeDepth);
  if (walker.Walk()) return walker.Take();
  if (walker.error().code == base::ErrorCode::kNone) return std::nullopt;
  return base::Result<ResourceListSpans>(base::Fail(walker.error()));
}

}  // namespace openchoreo::kustomize_fn
