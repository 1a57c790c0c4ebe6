#include "common/patch/path_expansion.h"

#include <algorithm>
#include <optional>

#include "common/base/go_parse.h"
#include "common/base/go_quote.h"
#include "common/base/json_pointer.h"
#include "common/patch/path_filter.h"

namespace openchoreo::patch {

namespace {

// Upstream's bound on the places after one segment; the second bounds what one segment of several
// brackets may hold in between.
constexpr std::size_t kMaxPlaces = base::kLimits.max_patch_places;
constexpr std::size_t kMaxNodes = 64 * kMaxPlaces;

tl::unexpected<base::Error> Fail(std::string message) {
  return base::Fail(base::ErrorCode::kPatch, std::move(message));
}

tl::unexpected<base::Error> TooManyPlaces() {
  return Fail("path expansion exceeded maximum states (" + std::to_string(kMaxPlaces) + ")");
}

// RFC 6901, upstream's order: "~1" first, then "~0".
std::string_view Unescape(std::string_view segment, base::Arena& arena) {
  if (segment.find('~') == std::string_view::npos) return segment;
  std::string text;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    const bool slash = segment[i] == '~' && i + 1 < segment.size() && segment[i + 1] == '1';
    text += slash ? '/' : segment[i];
    if (slash) ++i;
  }
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    plain += text[i];
    if (text[i] == '~' && i + 1 < text.size() && text[i + 1] == '0') ++i;
  }
  return arena.CopyString(plain);
}

std::string EscapedPointer(const std::vector<Step>& steps) {
  std::string pointer;
  for (const Step& step : steps) {
    pointer += '/';
    base::AppendPointerSegment(pointer, step.Text());
  }
  return pointer;
}

}  // namespace

std::string Step::Text() const {
  switch (kind) {
    case Kind::kKey:
      return std::string(key);
    case Kind::kIndex:
      return std::to_string(index);
    case Kind::kAppend:
      break;
  }
  return "-";
}

void Places::Get(std::size_t i, std::vector<Step>& steps) const { Trace(leaves_[i], steps); }

void Places::Trace(std::size_t node, std::vector<Step>& steps) const {
  steps.clear();
  for (; node != 0; node = nodes_[node].parent) steps.push_back(nodes_[node].step);
  std::reverse(steps.begin(), steps.end());
}

// Takes each place through a whole segment before the next one, so that the first error is
// upstream's.
class PathExpander {
 public:
  PathExpander(const value::Value& root, base::Arena& arena)
      : arena_(arena), places_(arena.budget()) {
    places_.nodes_.push_back({0, {}, root});
    places_.leaves_.push_back(0);
  }

  base::Result<Places> Expand(std::string_view path) {
    if (path.starts_with('/')) path.remove_prefix(1);
    std::vector<std::size_t> next;
    for (bool more = !path.empty(); more && !places_.leaves_.empty();) {
      const std::size_t slash = path.find('/');
      more = slash != std::string_view::npos;
      const std::string_view segment = Unescape(path.substr(0, slash), arena_);
      next.clear();
      for (const std::size_t leaf : places_.leaves_) {
        OC_TRY([[maybe_unused]] const bool done, ExpandSegment(leaf, segment));
        if (next.size() + current_.size() > kMaxPlaces) return TooManyPlaces();
        if (!budget().Spend(1 + current_.size())) return base::Fail(base::ErrorOf(budget()));
        next.insert(next.end(), current_.begin(), current_.end());
      }
      places_.leaves_.swap(next);
      if (more) path.remove_prefix(slash + 1);
    }
    return std::move(places_);
  }

 private:
  using Outcome = base::Result<bool>;

  base::Budget& budget() { return arena_.budget(); }

  // A segment may hold several parts: key[0][?(…)]. Leaves the places behind `leaf` in current_.
  Outcome ExpandSegment(std::size_t leaf, std::string_view segment) {
    current_.assign(1, leaf);
    if (segment == "-") return Append();
    std::string_view rest = segment;
    while (!rest.empty()) {
      if (rest[0] != '[') {
        const std::size_t bracket = rest.find('[');
        const std::string_view token = rest.substr(0, bracket);
        rest = bracket == std::string_view::npos ? std::string_view() : rest.substr(bracket);
        std::int64_t index = 0;
        OC_TRY([[maybe_unused]] const bool done,
               base::IsGoInt(token, index) ? Index(index) : Key(token));
        continue;
      }
      const std::size_t close = rest.find(']');
      if (close == std::string_view::npos) {
        return Fail("unclosed bracket segment in " + base::GoQuote(segment));
      }
      OC_TRY([[maybe_unused]] const bool done, Bracket(rest.substr(1, close - 1)));
      rest.remove_prefix(close + 1);
    }
    return true;
  }

  Outcome Bracket(std::string_view content) {
    if (content.size() >= 3 && content.starts_with("?(") && content.ends_with(")")) {
      return Filter(content.substr(2, content.size() - 3));
    }
    if (content == "*") return Wildcard();
    if (content == "-") return Append();
    std::int64_t index = 0;
    if (!base::IsGoInt(content, index))
      return Fail("unsupported array index " + base::GoQuote(content));
    return Index(index);
  }

  Outcome Key(std::string_view key) {
    // "-" beside a bracket is a key here and an append position once it is a pointer.
    const Step step{key == "-" ? Step::Kind::kAppend : Step::Kind::kKey, key, 0};
    for (const std::size_t node : current_) {
      const value::Value parent = ValueOf(node);
      if (!parent.is_map() && !parent.is_null()) {
        return Fail("path segment " + base::GoQuote(key) + " expects an object, got " +
                    GoTypeName(parent));
      }
      AddPlace(node, step, parent.Get(key));
    }
    return Advance();
  }

  Outcome Index(std::int64_t index) {
    for (const std::size_t node : current_) {
      const value::Value list = ValueOf(node);
      if (!list.is_list())
        return Fail(std::string("path segment expects an array, got ") + GoTypeName(list));
      if (index < 0 || static_cast<std::uint64_t>(index) >= list.size()) {
        return Fail("array index " + std::to_string(index) + " out of bounds");
      }
      AddItem(node, list, static_cast<std::size_t>(index));
    }
    return Advance();
  }

  Outcome Append() {
    for (const std::size_t node : current_)
      AddPlace(node, {Step::Kind::kAppend, {}, 0}, value::Value());
    return Advance();
  }

  Outcome Wildcard() {
    for (const std::size_t node : current_) {
      const value::Value list = ValueOf(node);
      if (!list.is_list()) return NoArray("wildcard [*]", node);
      if (places_.nodes_.size() + list.size() > kMaxNodes) return TooManyPlaces();
      for (std::size_t item = 0; item < list.size(); ++item) AddItem(node, list, item);
    }
    return Advance();
  }

  Outcome Filter(std::string_view expression) {
    std::optional<PathFilter> filter;
    for (const std::size_t node : current_) {
      const value::Value list = ValueOf(node);
      if (!list.is_list()) return NoArray("filter", node);
      for (std::size_t item = 0; item < list.size(); ++item) {
        // Upstream reads the expression only once there is an item to try.
        if (!filter) {
          OC_TRY(filter, ParseFilter(expression));
        }
        if (!Matches(*filter, list.as_list()[item], budget())) {
          if (budget().spent()) return base::Fail(base::ErrorOf(budget()));
          continue;
        }
        if (places_.nodes_.size() >= kMaxNodes) return TooManyPlaces();
        AddItem(node, list, item);
      }
    }
    return Advance();
  }

  tl::unexpected<base::Error> NoArray(std::string_view what, std::size_t node) const {
    std::vector<Step> steps;
    places_.Trace(node, steps);
    return Fail(std::string(what) + " expects an array, got " + GoTypeName(ValueOf(node)) + " at " +
                EscapedPointer(steps));
  }

  // By value: adding places moves the nodes.
  value::Value ValueOf(std::size_t node) const { return places_.nodes_[node].value; }

  void AddPlace(std::size_t parent, const Step& step, const value::Value& value) {
    // Twice, as vectors grow.
    constexpr std::size_t kBytes = 2 * (sizeof(Places::Node) + 3 * sizeof(std::size_t));
    if (!budget().Spend(1) || !places_.held_.Add(kBytes)) return;
    next_.push_back(places_.nodes_.size());
    places_.nodes_.push_back({parent, step, value});
  }

  void AddItem(std::size_t parent, const value::Value& list, std::size_t item) {
    AddPlace(parent, {Step::Kind::kIndex, {}, static_cast<std::int64_t>(item)},
             list.as_list()[item]);
  }

  Outcome Advance() {
    current_.swap(next_);
    next_.clear();
    if (budget().spent()) return base::Fail(base::ErrorOf(budget()));
    return true;
  }

  base::Arena& arena_;
  Places places_;
  std::vector<std::size_t> current_;  // the places of one leaf after the part read last
  std::vector<std::size_t> next_;
};

base::Result<Places> ExpandPath(const value::Value& root, std::string_view path,
                                base::Arena& arena) {
  return PathExpander(root, arena).Expand(path);
}

bool HasFilterOrWildcard(std::string_view path) {
  if (path.find("[*]") != std::string_view::npos) return true;
  const std::size_t open = path.find("[?(");
  if (open == std::string_view::npos) return false;
  // The expression between does not span lines.
  for (std::size_t begin = open; begin != std::string_view::npos;
       begin = path.find("[?(", begin + 1)) {
    const std::size_t close = path.find(")]", begin + 3);
    if (close == std::string_view::npos) return false;
    if (path.substr(begin, close - begin).find('\n') == std::string_view::npos) return true;
  }
  return false;
}

}  // namespace openchoreo::patch
