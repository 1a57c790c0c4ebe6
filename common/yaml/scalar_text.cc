#include "common/yaml/scalar_text.h"

#include <algorithm>

namespace openchoreo::yaml {

namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

bool IsBreak(char c) { return c == '\n' || c == '\r'; }

// Walks source and decoded text side by side and notes the source bytes of the wanted range.
class Aligner {
 public:
  Aligner(std::string_view source, std::string_view decoded, std::size_t begin, std::size_t end)
      : source_(source),
        decoded_(decoded),
        begin_(begin),
        end_(std::min(std::max(begin, end), decoded.size())) {}

  std::optional<SourceRange> Flow(ScalarStyle style);
  std::optional<SourceRange> Block();

 private:
  bool done() const { return found_end_ || (at_ >= end_ && found_begin_); }

  // `decoded_bytes` of the decoded text were written with `source_bytes`.
  bool Take(std::size_t source_bytes, std::size_t decoded_bytes) {
    if (read_ + source_bytes > source_.size() || at_ + decoded_bytes > decoded_.size())
      return false;
    if (decoded_bytes > 0 && begin_ >= at_ && begin_ < at_ + decoded_bytes) {
      found_begin_ = true;
      result_.begin = read_;
    }
    if (decoded_bytes > 0 && end_ > at_ && end_ <= at_ + decoded_bytes) {
      found_end_ = true;
      result_.end = read_ + source_bytes;
    }
    read_ += source_bytes;
    at_ += decoded_bytes;
    return true;
  }

  // A line break in a flow scalar, with the blanks around it: a space, or one '\n' for each further
  // break.
  bool TakeFold() {
    std::size_t at = read_;
    std::size_t breaks = 0;
    while (at < source_.size() && (IsBlank(source_[at]) || IsBreak(source_[at]))) {
      if (source_[at] == '\n' ||
          (source_[at] == '\r' && (at + 1 == source_.size() || source_[at + 1] != '\n'))) {
        ++breaks;
      }
      ++at;
    }
    const std::size_t made = breaks > 1 ? breaks - 1 : 1;
    for (std::size_t i = 0; i < made; ++i) {
      if (at_ + i >= decoded_.size() || decoded_[at_ + i] != (breaks > 1 ? '\n' : ' '))
        return false;
    }
    return Take(at - read_, made);
  }

  bool TakeEscape();

  std::optional<SourceRange> Finish() {
    if (begin_ == decoded_.size() && !found_begin_) {
      found_begin_ = true;
      result_.begin = read_;
    }
    if (!found_begin_) return std::nullopt;
    if (!found_end_) result_.end = begin_ == end_ ? result_.begin : read_;
    return result_;
  }

  std::string_view source_;
  std::string_view decoded_;
  std::size_t begin_;
  std::size_t end_;
  std::size_t read_ = 0;  // in source_
  std::size_t at_ = 0;    // in decoded_
  bool found_begin_ = false;
  bool found_end_ = false;
  SourceRange result_{0, 0};
};

bool Aligner::TakeEscape() {
  const char kind = read_ + 1 < source_.size() ? source_[read_ + 1] : '\0';
  if (IsBreak(kind)) {  // an escaped line break and the next line's indentation are nothing
    std::size_t at = read_ + 2;
    if (kind == '\r' && at < source_.size() && source_[at] == '\n') ++at;
    while (at < source_.size() && IsBlank(source_[at])) ++at;
    return Take(at - read_, 0);
  }
  const std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
  std::size_t made = 1;  // the code point's bytes in the decoded text
  while (at_ + made < decoded_.size() &&
         (static_cast<unsigned char>(decoded_[at_ + made]) & 0xc0) == 0x80)
    ++made;
  return Take(2 + digits, made);
}

std::optional<SourceRange> Aligner::Flow(ScalarStyle style) {
  const char quote = style == ScalarStyle::kSingleQuoted   ? '\''
                     : style == ScalarStyle::kDoubleQuoted ? '"'
                                                           : '\0';
  // Tag and anchor stand before it; neither holds blanks or quotes.
  while (read_ < source_.size() && (source_[read_] == '!' || source_[read_] == '&')) {
    while (read_ < source_.size() && !IsBlank(source_[read_]) && !IsBreak(source_[read_])) ++read_;
    while (read_ < source_.size() && (IsBlank(source_[read_]) || IsBreak(source_[read_]))) ++read_;
  }
  if (quote) {
    if (read_ >= source_.size() || source_[read_] != quote) return std::nullopt;
    ++read_;
  }
  while (at_ < decoded_.size() && !done()) {
    if (read_ >= source_.size()) return std::nullopt;
    const char c = source_[read_];
    bool taken;
    if (c == '\\' && quote == '"') {
      taken = TakeEscape();
    } else if (c == '\'' && quote == '\'') {
      taken = Take(2, 1);
    } else if (IsBreak(c)) {
      taken = TakeFold();
    } else if (IsBlank(c)) {
      std::size_t after = read_;
      while (after < source_.size() && IsBlank(source_[after])) ++after;
      const bool folds = after < source_.size() && IsBreak(source_[after]);
      taken = folds ? TakeFold() : decoded_[at_] == c && Take(1, 1);
    } else {
      taken = decoded_[at_] == c && Take(1, 1);
    }
    if (!taken) return std::nullopt;
  }
  return Finish();
}

// Literal and folded: the lines after the header, a common indentation taken off.
std::optional<SourceRange> Aligner::Block() {
  const std::size_t header = source_.find('\n');
  if (header == std::string_view::npos) return std::nullopt;
  read_ = header + 1;
  const auto skip_line = [&] {
    const std::size_t newline = source_.find('\n', read_);
    read_ = newline == std::string_view::npos ? source_.size() : newline + 1;
  };
  const auto line = [&] {
    const std::size_t newline = source_.find('\n', read_);
    std::string_view text =
        source_.substr(read_, newline == std::string_view::npos ? newline : newline - read_);
    if (text.ends_with('\r')) text.remove_suffix(1);
    return text;
  };
  // The indentation shows in the first decoded line that is not empty.
  std::size_t indent = 0;
  {
    const std::size_t first = decoded_.find_first_not_of('\n');
    if (first == std::string_view::npos) return std::nullopt;
    const std::size_t kept = read_;
    while (read_ < source_.size() && line().find_first_not_of(' ') == std::string_view::npos)
      skip_line();
    const std::string_view text = line();
    const std::size_t spaces = decoded_.find_first_not_of(' ', first);
    const std::size_t leading = text.find_first_not_of(' ');
    if (leading == std::string_view::npos || spaces == std::string_view::npos ||
        spaces - first > leading) {
      return std::nullopt;
    }
    indent = leading - (spaces - first);
    read_ = kept;
  }
  while (at_ < decoded_.size() && !done()) {
    if (read_ >= source_.size()) return std::nullopt;
    const std::string_view text = line();
    if (text.size() > indent) {
      if (!Take(indent, 0)) return std::nullopt;
      for (char c : text.substr(indent)) {
        if (at_ >= decoded_.size() || decoded_[at_] != c || !Take(1, 1)) return std::nullopt;
        if (done()) return Finish();
      }
    } else {
      read_ += text.size();
    }
    // The break, and the empty lines after it, made a space or as many '\n' as stand here.
    const std::size_t end_of_line = read_;
    skip_line();
    while (read_ < source_.size() && line().size() <= indent &&
           line().find_first_not_of(' ') == std::string_view::npos) {
      skip_line();
    }
    const std::size_t next_line = read_;
    read_ = end_of_line;
    std::size_t made = 0;
    while (at_ + made < decoded_.size() && decoded_[at_ + made] == '\n') ++made;
    if (made == 0 && at_ < decoded_.size() && decoded_[at_] == ' ') made = 1;
    if (made == 0 && at_ < decoded_.size()) return std::nullopt;
    if (!Take(next_line - read_, made)) return std::nullopt;
  }
  return Finish();
}

}  // namespace

std::optional<SourceRange> FindSourceRange(std::string_view source, ScalarStyle style,
                                           std::string_view decoded, std::size_t begin,
                                           std::size_t end) {
  if (begin > decoded.size()) return std::nullopt;
  Aligner aligner(source, decoded, begin, end);
  const bool block = style == ScalarStyle::kLiteral || style == ScalarStyle::kFolded;
  return block ? aligner.Block() : aligner.Flow(style);
}

}  // namespace openchoreo::yaml
