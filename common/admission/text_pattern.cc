#include "common/admission/text_pattern.h"

#include <algorithm>

namespace openchoreo::admission {
namespace {

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }

constexpr bool IsLower(char c) { return c >= 'a' && c <= 'z'; }

constexpr bool IsLetter(char c) { return IsLower(c) || (c >= 'A' && c <= 'Z'); }

constexpr bool IsLowerOrDigit(char c) { return IsLower(c) || IsDigit(c); }

constexpr bool IsAlphanumeric(char c) { return IsLetter(c) || IsDigit(c); }

// Go's \s.
constexpr bool IsSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

bool MatchesExpression(std::string_view text) {
  if (!text.starts_with("${")) return false;
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text.size() > 3 && text.back() == '}';
}

bool MatchesDnsLabel(std::string_view text) {
  if (text.empty() || !IsLowerOrDigit(text.front()) || !IsLowerOrDigit(text.back())) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return IsLowerOrDigit(c) || c == '-'; });
}

bool MatchesIdentifier(std::string_view text) {
  if (text.empty() || IsDigit(text.front())) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return IsAlphanumeric(c) || c == '_'; });
}

bool MatchesTypeReference(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string_view type = text.substr(0, slash);
  return (type == "deployment" || type == "statefulset" || type == "cronjob" || type == "job" ||
          type == "proxy") &&
         MatchesDnsLabel(text.substr(slash + 1));
}

// Calls `accept` with each piece between separators; false as soon as it is.
template <typename Accept>
bool EachPiece(std::string_view text, char separator, Accept accept) {
  for (;;) {
    const std::size_t end = text.find(separator);
    if (!accept(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

bool MatchesEmail(std::string_view text) {
  static constexpr std::string_view kMarks = "!#$%&'*+/=?^_~-";
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos) return false;
  const auto local_piece = [](std::string_view piece) {
    return !piece.empty() && std::all_of(piece.begin(), piece.end(), [](char c) {
      return IsAlphanumeric(c) || kMarks.find(c) != std::string_view::npos;
    });
  };
  const auto host_piece = [](std::string_view piece) {
    return !piece.empty() && piece.front() != '-' && piece.back() != '-' &&
           std::all_of(piece.begin(), piece.end(),
                       [](char c) { return IsAlphanumeric(c) || c == '-'; });
  };
  return EachPiece(text.substr(0, at), '.', local_piece) &&
         EachPiece(text.substr(at + 1), '.', host_piece);
}

bool MatchesCommit(std::string_view text) {
  return text.size() >= 7 && text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
           return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

bool MatchesReferenceId(std::string_view text) {
  return text.size() >= 2 && IsLower(text.front()) && MatchesDnsLabel(text);
}

bool MatchesTimeToLive(std::string_view text) {
  for (const char unit : {'d', 'h', 'm', 's'}) {
    std::size_t digits = 0;
    while (digits < text.size() && IsDigit(text[digits])) ++digits;
    if (digits > 0 && digits < text.size() && text[digits] == unit) text.remove_prefix(digits + 1);
  }
  return text.empty();
}

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

}  // namespace

std::string_view PatternText(TextPattern pattern) {
  switch (pattern) {
    case TextPattern::kExpression:
      return R"(^\$\{[\s\S]+\}\s*$)";
    case TextPattern::kIdentifier:
      return "^[a-zA-Z_][a-zA-Z0-9_]*$";
    case TextPattern::kDnsLabel:
      return "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
    case TextPattern::kTypeReference:
      return "^(deployment|statefulset|cronjob|job|proxy)/[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
    case TextPattern::kEmail:
      return R"(^[a-zA-Z0-9!#$%&'*+/=?^_~-]+(?:\.[a-zA-Z0-9!#$%&'*+/=?^_~-]+)*@)"
             R"([a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*$)";
    case TextPattern::kCommit:
      return "^[0-9a-fA-F]{7,40}$";
    case TextPattern::kHttpUrl:
      return "^https?://";
    case TextPattern::kReferenceId:
      return "^[a-z][a-z0-9-]*[a-z0-9]$";
    case TextPattern::kTimeToLive:
      return R"(^(\d+d)?(\d+h)?(\d+m)?(\d+s)?$)";
    case TextPattern::kNone:
    case TextPattern::kUriFormat:
      break;
  }
  return "";
}

bool Matches(TextPattern pattern, std::string_view text) {
  switch (pattern) {
    case TextPattern::kNone:
      return true;
    case TextPattern::kExpression:
      return MatchesExpression(text);
    case TextPattern::kIdentifier:
      return MatchesIdentifier(text);
    case TextPattern::kDnsLabel:
      return MatchesDnsLabel(text);
    case TextPattern::kTypeReference:
      return MatchesTypeReference(text);
    case TextPattern::kEmail:
      return MatchesEmail(text);
    case TextPattern::kCommit:
      return MatchesCommit(text);
    case TextPattern::kHttpUrl:
      return text.starts_with("http://") || text.starts_with("https://");
    case TextPattern::kReferenceId:
      return MatchesReferenceId(text);
    case TextPattern::kTimeToLive:
      return MatchesTimeToLive(text);
    case TextPattern::kUriFormat:
      return MatchesUri(text);
  }
  return true;
}

}  // namespace openchoreo::admission
