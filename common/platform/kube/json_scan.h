// The parts of a JSON map or list, found without decoding them: a list of thousands of objects is
// read one object at a time. What lies in a part is checked by whoever reads it.
#pragma once

#include <string_view>

namespace openchoreo::kube {

namespace scan {

inline void SkipSpace(std::string_view text, std::size_t& at) {
  while (at < text.size() &&
         (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r'))
    ++at;
}

// Past the string that begins at `at`; false if it does not end.
inline bool SkipString(std::string_view text, std::size_t& at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      ++at;
      return true;
    }
  }
  return false;
}

// Past one value; false if it does not end. Brackets are counted, not matched.
inline bool SkipValue(std::string_view text, std::size_t& at) {
  const std::size_t begin = at;
  std::size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      if (!SkipString(text, at)) return false;
    } else if (c == '{' || c == '[') {
      ++depth;
      ++at;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return at > begin;
      --depth;
      ++at;
    } else if (depth == 0 && (c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '\r')) {
      return at > begin;
    } else {
      ++at;
      continue;
    }
    if (depth == 0) return true;
  }
  return depth == 0 && at > begin;
}

}  // namespace scan

// for (MapScan map(text); map.Next();) … map.key(), map.value() …; then ok(): whether it was a
// whole map.
class MapScan {
 public:
  explicit MapScan(std::string_view text) : text_(text) {}

  bool Next() { return Step('{', '}'); }

  // As written, without quotes: escapes are not decoded.
  std::string_view key() const { return key_; }

  std::string_view value() const { return value_; }

  bool ok() const { return ok_; }

 protected:
  bool Step(char open, char close) {
    if (done_) return false;
    scan::SkipSpace(text_, at_);
    if (!begun_) {
      if (at_ >= text_.size() || text_[at_] != open) return Broken();
      ++at_;
      scan::SkipSpace(text_, at_);
      if (at_ < text_.size() && text_[at_] == close) return Whole();
    } else {
      if (at_ < text_.size() && text_[at_] == close) return Whole();
      if (at_ >= text_.size() || text_[at_] != ',') return Broken();
      ++at_;
    }
    begun_ = true;
    scan::SkipSpace(text_, at_);
    if (open == '{') {
      const std::size_t begin = at_ + 1;
      if (at_ >= text_.size() || text_[at_] != '"' || !scan::SkipString(text_, at_))
        return Broken();
      key_ = text_.substr(begin, at_ - 1 - begin);
      scan::SkipSpace(text_, at_);
      if (at_ >= text_.size() || text_[at_] != ':') return Broken();
      ++at_;
      scan::SkipSpace(text_, at_);
    }
    const std::size_t begin = at_;
    if (!scan::SkipValue(text_, at_)) return Broken();
    value_ = text_.substr(begin, at_ - begin);
    return true;
  }

 private:
  bool Broken() {
    done_ = true;
    return false;
  }

  bool Whole() {
    ++at_;
    scan::SkipSpace(text_, at_);
    ok_ = at_ == text_.size();
    done_ = true;
    return false;
  }

  std::string_view text_, key_, value_;
  std::size_t at_ = 0;
  bool begun_ = false;
  bool done_ = false;
  bool ok_ = false;
};

class ListScan : private MapScan {
 public:
  explicit ListScan(std::string_view text) : MapScan(text) {}

  bool Next() { return Step('[', ']'); }

  using MapScan::ok;
  using MapScan::value;
};

}  // namespace openchoreo::kube
