#include "common/admission/text_pattern.h"

#include <algorithm>
#include <memory>
#include <mutex>

#include "common/admission/shape_texts.h"
#include "common/base/go_regexp.h"
#include "common/base/result.h"

namespace openchoreo::admission {
namespace {

constexpr bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

constexpr bool IsAlphanumeric(char c) { return IsLetter(c) || (c >= '0' && c <= '9'); }

// An absolute URI, or a path that starts with '/'; no control characters; a host without spaces.
bool MatchesUri(std::string_view text) {
  if (text.empty()) return false;
  if (std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7f;
      })) {
    return false;
  }
  if (text == "*" || text.front() == '/') return true;
  const std::size_t colon = text.find(':');
  if (colon == 0 || colon == std::string_view::npos || !IsLetter(text.front())) return false;
  const std::string_view scheme = text.substr(0, colon);
  if (!std::all_of(scheme.begin(), scheme.end(),
                   [](char c) { return IsAlphanumeric(c) || c == '+' || c == '-' || c == '.'; })) {
    return false;
  }
  std::string_view rest = text.substr(colon + 1);
  if (!rest.starts_with('/')) return !rest.empty();  // opaque
  if (!rest.starts_with("//")) return true;
  rest.remove_prefix(2);
  const std::string_view host = rest.substr(0, rest.find_first_of("/?"));
  return host.find_first_of(" <>\"") == std::string_view::npos;
}

const base::GoRegexp& Compiled(TextPattern pattern) {
  struct Slot {
    std::once_flag once;
    std::unique_ptr<const base::GoRegexp> regexp;
  };

  static const std::unique_ptr<Slot[]> slots(new Slot[PatternTexts().size()]);
  Slot& slot = slots[pattern];
  std::call_once(slot.once, [&] {
    slot.regexp = std::make_unique<const base::GoRegexp>(PatternTexts()[pattern]);
    OC_CHECK(slot.regexp->error().empty());
  });
  return *slot.regexp;
}

}  // namespace

std::string_view PatternText(TextPattern pattern) {
  return pattern < PatternTexts().size() ? PatternTexts()[pattern] : std::string_view();
}

bool Matches(TextPattern pattern, std::string_view text) {
  if (pattern == kNoPattern) return true;
  return pattern == kUriFormat ? MatchesUri(text) : Compiled(pattern).Matches(text);
}

}  // namespace openchoreo::admission
