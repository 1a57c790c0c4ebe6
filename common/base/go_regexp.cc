#include "common/base/go_regexp.h"

#include <re2/re2.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace openchoreo::base {

namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A pattern of Go's as RE2 takes it: named groups are written (?P<name>…), the byte \C of RE2,
// which Go lacks, becomes an escape RE2 lacks too, and counts of repetition so large that RE2 reads
// them as text are cut to what is still too large.
class Translation {
 public:
  explicit Translation(std::string_view pattern) : pattern_(pattern) {
    text_.reserve(pattern.size() + 8);
    while (at_ < pattern_.size()) {
      const char c = pattern_[at_];
      if (c == '\\') {
        Escape();
      } else if (c == '[') {
        CharacterClass();
      } else if (Rest().starts_with("(?<")) {
        Copy(2);
        Put('P');
        Copy(1);
      } else if (c == '{') {
        Copy(1);
        Repetition();
      } else {
        Copy(1);
      }
    }
  }

  const std::string& text() const { return text_; }

  // The original of `part`, which RE2 took from text().
  std::string Original(std::string_view part) const {
    std::size_t begin = text_.find(part);
    // Not a complete name before the part in question.
    while (part == "(?P" && begin != std::string::npos && text_[begin + 3] == '<' &&
           text_.find('>', begin) != std::string::npos) {
      begin = text_.find(part, begin + 1);
    }
    if (part.empty() || begin == std::string::npos) return std::string(part);
    const std::size_t from = origin_[begin];
    const std::size_t last = origin_[begin + part.size() - 1];
    return std::string(pattern_.substr(from, last + 1 - from));
  }

 private:
  std::string_view Rest() const { return pattern_.substr(at_); }

  void Put(char c) {
    text_ += c;
    origin_.push_back(at_);
  }

  void Copy(std::size_t count) {
    for (; count > 0 && at_ < pattern_.size(); --count, ++at_) Put(pattern_[at_]);
  }

  void Escape() {
    if (Rest().starts_with("\\Q")) {
      const std::size_t end = Rest().find("\\E");
      Copy(end == std::string_view::npos ? pattern_.size() : end + 2);
    } else if (Rest().starts_with("\\C")) {
      Copy(1);
      Put('y');
      ++at_;
    } else {
      Copy(2);
    }
  }

  // [abc], with a ']' that is first meant itself.
  void CharacterClass() {
    Copy(1);
    if (Rest().starts_with("^")) Copy(1);
    if (Rest().starts_with("]")) Copy(1);
    while (at_ < pattern_.size() && pattern_[at_] != ']') {
      if (pattern_[at_] == '\\') {
        Copy(2);
      } else if (Rest().starts_with("[:")) {
        const std::size_t end = Rest().find(":]", 2);
        Copy(end == std::string_view::npos ? 2 : end + 2);
      } else {
        Copy(1);
      }
    }
    Copy(1);
  }

  // What follows a '{': numbers up to the '}'.
  void Repetition() {
    constexpr std::size_t kReadDigits = 8;
    while (at_ < pattern_.size() && (IsDigit(pattern_[at_]) || pattern_[at_] == ',')) {
      std::size_t digits = 0;
      while (at_ + digits < pattern_.size() && IsDigit(pattern_[at_ + digits])) ++digits;
      Copy(std::max<std::size_t>(std::min(digits, kReadDigits), 1));
      at_ += digits > kReadDigits ? digits - kReadDigits : 0;
    }
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  std::string text_;
  std::vector<std::size_t> origin_;  // of each byte of text_
};

// regexp/syntax's ErrorCode texts.
const char* ErrorText(RE2::ErrorCode code) {
  switch (code) {
    case RE2::ErrorBadEscape:
      return "invalid escape sequence";
    case RE2::ErrorBadCharClass:
      return "invalid character class";
    case RE2::ErrorBadCharRange:
      return "invalid character class range";
    case RE2::ErrorMissingBracket:
      return "missing closing ]";
    case RE2::ErrorMissingParen:
      return "missing closing )";
    case RE2::ErrorUnexpectedParen:
      return "unexpected )";
    case RE2::ErrorTrailingBackslash:
      return "trailing backslash at end of expression";
    case RE2::ErrorRepeatArgument:
      return "missing argument to repetition operator";
    case RE2::ErrorRepeatSize:
      return "invalid repeat count";
    case RE2::ErrorRepeatOp:
      return "invalid nested repetition operator";
    case RE2::ErrorBadPerlOp:
      return "invalid or unsupported Perl syntax";
    case RE2::ErrorBadUTF8:
      return "invalid UTF-8";
    case RE2::ErrorBadNamedCapture:
      return "invalid named capture";
    case RE2::ErrorPatternTooLarge:
      return "expression too large";
    default:
      return "regexp/syntax: internal error";
  }
}

std::string ErrorOf(const RE2& compiled, std::string_view pattern, const Translation& translation) {
  RE2::ErrorCode code = compiled.error_code();
  std::string part = translation.Original(compiled.error_arg());
  if (code == RE2::ErrorMissingParen || code == RE2::ErrorUnexpectedParen) {
    part = pattern;
  } else if (code == RE2::ErrorTrailingBackslash) {
    part.clear();
  } else if (code == RE2::ErrorBadUTF8 && pattern.ends_with("\\x{")) {
    // RE2 reads past the end.
    code = RE2::ErrorBadEscape;
    part = "\\x{";
  } else if (code == RE2::ErrorBadEscape && (part == "\\p" || part == "\\P")) {
    code = RE2::ErrorBadCharRange;
  }
  return std::string("error parsing regexp: ") + ErrorText(code) + ": `" + part + "`";
}

// Whether the pattern may be other than RE2 takes it.
bool NeedsTranslation(std::string_view pattern) {
  return pattern.find("(?<") != std::string_view::npos ||
         pattern.find("\\C") != std::string_view::npos ||
         pattern.find('{') != std::string_view::npos;
}

}  // namespace

std::size_t GoRegexp::EstimateInstructions(std::string_view pattern) {
  constexpr std::size_t kMost = std::size_t{1} << 40;

  struct Group {
    std::size_t before;  // instructions of the group so far, but for the last piece
    std::size_t last;    // of the piece a repetition would repeat
  };

  std::vector<Group> groups = {{1, 0}};
  const auto piece = [&](std::size_t size) {
    Group& group = groups.back();
    group.before = std::min(group.before + group.last, kMost);
    group.last = size;
  };
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\') {
      ++i;
      piece(4);
    } else if (c == '[') {
      // A ']' that is first is meant itself.
      std::size_t end = i + 1;
      if (end < pattern.size() && pattern[end] == '^') ++end;
      if (end < pattern.size() && pattern[end] == ']') ++end;
      while (end < pattern.size() && pattern[end] != ']') end += pattern[end] == '\\' ? 2 : 1;
      piece(2 + end - i);
      i = std::min(end, pattern.size());
    } else if (c == '(') {
      groups.push_back({2, 0});
    } else if (c == ')' && groups.size() > 1) {
      const std::size_t size = std::min(groups.back().before + groups.back().last, kMost);
      groups.pop_back();
      piece(size);
    } else if (c == '{') {
      std::size_t times = 0, number = 0, at = i + 1;
      for (; at < pattern.size() && (IsDigit(pattern[at]) || pattern[at] == ','); ++at) {
        number = pattern[at] == ','
                     ? 0
                     : std::min(number * 10 + static_cast<std::size_t>(pattern[at] - '0'),
                                std::size_t{100'000});
        times = std::max(times, number);
      }
      if (at < pattern.size() && pattern[at] == '}' && at > i + 1) {
        groups.back().last =
            std::min((groups.back().last + 1) * std::max<std::size_t>(times, 1), kMost);
        i = at;
      } else {
        piece(1);
      }
    } else {
      piece(static_cast<unsigned char>(c) == '.' ? 8 : 1);
    }
  }
  while (groups.size() > 1) {
    const std::size_t size = groups.back().before + groups.back().last;
    groups.pop_back();
    piece(std::min(size, kMost));
  }
  return std::min(groups.back().before + groups.back().last, kMost);
}

GoRegexp::GoRegexp(std::string_view pattern, std::size_t max_bytes) {
  RE2::Options options;
  options.set_log_errors(false);
  const re2::StringPiece piece(pattern.data(), pattern.size());
  // Most patterns are small, and so is what their automata may then take.
  constexpr std::size_t kSmall = std::size_t{128} << 10;
  constexpr std::size_t kBytesPerInstruction = 512;
  const std::size_t small = kSmall + kBytesPerInstruction * EstimateInstructions(pattern);
  std::optional<Translation> translation;
  for (const std::size_t bytes : {std::min(small, max_bytes), max_bytes}) {
    bytes_ = bytes;
    options.set_max_mem(static_cast<std::int64_t>(bytes));
    if (!NeedsTranslation(pattern)) {
      compiled_ = std::make_unique<const RE2>(piece, options);
      if (compiled_->ok()) return;
    }
    if (!translation) translation.emplace(pattern);
    compiled_ = std::make_unique<const RE2>(translation->text(), options);
    if (compiled_->ok()) return;
    if (compiled_->error_code() != RE2::ErrorPatternTooLarge) break;
  }
  error_ = ErrorOf(*compiled_, pattern, *translation);
}

GoRegexp::~GoRegexp() = default;

bool GoRegexp::Matches(std::string_view text) const {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *compiled_);
}

std::size_t GoRegexp::instructions() const {
  return static_cast<std::size_t>(std::max(compiled_->ProgramSize(), 0));
}

}  // namespace openchoreo::base
