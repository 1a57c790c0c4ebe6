#include "common/schema/format.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "common/base/go_duration.h"
#include "common/base/go_parse.h"
#include "common/base/utf8.h"

namespace openchoreo::schema {

namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsHexDigit(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
}

bool AllHex(std::string_view text) { return std::all_of(text.begin(), text.end(), IsHexDigit); }

// Each format's expression is compiled on its first use (function-local constants are initialised
// once, also between threads).
bool Matches(std::string_view text, const RE2& expression) {
  return RE2::FullMatch(re2::StringPiece(text.data(), text.size()), expression);
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0;;) {
    const std::size_t end = text.find(separator, begin);
    parts.push_back(text.substr(begin, end == std::string_view::npos ? end : end - begin));
    if (end == std::string_view::npos) return parts;
    begin = end + 1;
  }
}

// --- names
// ------------------------------------------------------------------------------------------

// A letter, digit or symbol of any script.
bool IsHostnameRune(char32_t rune, std::string_view bytes) {
  static const RE2 kLetterOrSymbol("[\\p{L}\\p{S}]");
  if (rune < 0x80 && (IsLetter(static_cast<char>(rune)) || IsDigit(static_cast<char>(rune))))
    return true;
  return Matches(bytes, kLetterOrSymbol);
}

// Up to 63 runes; dashes inside.
bool IsHostnameLabel(std::string_view label) {
  std::size_t runes = 0;
  bool dash = true;
  while (!label.empty()) {
    const base::DecodedRune decoded = base::DecodeRune(label);
    const bool first = runes == 0;
    dash = decoded.rune == '-';
    if (dash ? first : !IsHostnameRune(decoded.rune, label.substr(0, decoded.size))) return false;
    label.remove_prefix(decoded.size);
    ++runes;
  }
  return !dash && runes <= 63;
}

// A name without dots: of dashes only the second rune may be one (the upstream expression has it
// so).
bool IsSingleHostname(std::string_view text) {
  std::size_t runes = 0;
  bool dash = false;
  for (; !text.empty(); ++runes) {
    const base::DecodedRune decoded = base::DecodeRune(text);
    if (decoded.rune == '-' && runes == 1) {
      dash = true;
    } else if (!IsHostnameRune(decoded.rune, text.substr(0, decoded.size))) {
      return false;
    }
    text.remove_prefix(decoded.size);
  }
  return runes > 0 && runes <= (dash ? 64u : 63u);
}

// Letters only, at least two.
bool IsTopLevelLabel(std::string_view label) {
  static const RE2 kLetter("\\p{L}");
  std::size_t runes = 0;
  for (; !label.empty(); ++runes) {
    const std::string_view rune = label.substr(0, base::DecodeRune(label).size);
    if (!IsLetter(rune[0]) && !Matches(rune, kLetter)) return false;
    label.remove_prefix(rune.size());
  }
  return runes >= 2;
}

bool IsHostname(std::string_view text) {
  if (text.size() > 255) return false;
  const auto labels = Split(text, '.');
  if (std::any_of(labels.begin(), labels.end(),
                  [](std::string_view label) { return label.size() > 63; })) {
    return false;
  }
  if (labels.size() == 1) return IsSingleHostname(text);
  return IsTopLevelLabel(labels.back()) &&
         std::all_of(labels.begin(), labels.end() - 1, IsHostnameLabel);
}

bool IsShortName(std::string_view text) {
  static const RE2 kName("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  return text.size() <= 63 && Matches(text, kName);
}

bool IsLongName(std::string_view text) {
  static const RE2 kName(R"([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)");
  return text.size() <= 253 && Matches(text, kName);
}

// --- addresses
// --------------------------------------------------------------------------------------

// Dotted decimal, leading zeros allowed (net utils' "sloppy" parser).
bool IsDottedQuad(std::string_view text, bool leading_zeros) {
  const auto parts = Split(text, '.');
  if (parts.size() != 4) return false;
  return std::all_of(parts.begin(), parts.end(), [&](std::string_view part) {
    if (!AllDigits(part) || (!leading_zeros && part.size() > 1 && part[0] == '0')) return false;
    std::int64_t number = 0;
    return base::IsGoInt(part, number) && number <= 255;
  });
}

bool IsColonAddress(std::string_view text, bool leading_zeros) {
  // A zone is no part of an IP to Go's ParseIP.
  bool ellipsis = false;
  int groups = 0;
  std::size_t i = 0;
  if (text.starts_with("::")) {
    ellipsis = true;
    i = 2;
    if (i == text.size()) return true;
  }
  while (i < text.size()) {
    std::size_t end = i;
    while (end < text.size() && IsHexDigit(text[end])) ++end;
    if (end < text.size() && text[end] == '.') {
      return (ellipsis ? groups + 2 < 8 : groups + 2 == 8) &&
             IsDottedQuad(text.substr(i), leading_zeros);
    }
    if (end == i || end - i > 4 || ++groups > 8) return false;
    i = end;
    if (i == text.size()) break;
    if (text[i] != ':' || i + 1 == text.size()) return false;
    ++i;
    if (text[i] == ':') {
      if (ellipsis) return false;
      ellipsis = true;
      ++i;
    }
  }
  return ellipsis ? groups < 8 : groups == 8;
}

bool IsAddress(std::string_view text, bool leading_zeros) {
  return text.find(':') != std::string_view::npos ? IsColonAddress(text, leading_zeros)
                                                  : IsDottedQuad(text, leading_zeros);
}

bool IsIpv4(std::string_view text) {
  return text.find('.') != std::string_view::npos && IsAddress(text, true);
}

bool IsIpv6(std::string_view text) {
  return text.find(':') != std::string_view::npos && IsColonAddress(text, false);
}

bool IsCidr(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string_view mask = text.substr(slash + 1);
  std::int64_t bits = 0;
  if (!AllDigits(mask) || !base::IsGoInt(mask, bits)) return false;
  const bool colons = text.find(':') < slash;
  return bits <= (colons ? 128 : 32) && IsAddress(text.substr(0, slash), true);
}

bool IsMac(std::string_view text) {
  static const RE2 kMac(
      "[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}|[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){7}|[0-9a-fA-F]{2}(:[0-9a-"
      "fA-F]{2}){19}|"
      "[0-9a-fA-F]{2}(-[0-9a-fA-F]{2}){5}|[0-9a-fA-F]{2}(-[0-9a-fA-F]{2}){7}|[0-9a-fA-F]{2}(-[0-9a-"
      "fA-F]{2}){19}|"
      R"([0-9a-fA-F]{4}(\.[0-9a-fA-F]{4}){2}|[0-9a-fA-F]{4}(\.[0-9a-fA-F]{4}){3}|[0-9a-fA-F]{4}(\.[0-9a-fA-F]{4}){9})");
  return Matches(text, kMac);
}

// Go's url escapes: "%" and two hexadecimal digits.
bool HasBadEscape(std::string_view text) {
  for (std::size_t i = text.find('%'); i != std::string_view::npos; i = text.find('%', i + 1)) {
    if (i + 2 >= text.size() || !IsHexDigit(text[i + 1]) || !IsHexDigit(text[i + 2])) return true;
  }
  return false;
}

bool IsUrlHost(std::string_view host) {
  static constexpr std::string_view kPunctuation = "-_.~!$&'()*+,;=:[]<>\"%";
  std::string_view port;
  if (host.starts_with('[')) {
    const std::size_t close = host.rfind(']');
    if (close == std::string_view::npos) return false;
    port = host.substr(close + 1);
  } else if (const std::size_t colon = host.rfind(':'); colon != std::string_view::npos) {
    port = host.substr(colon);
  }
  if (!port.empty() && (port[0] != ':' || !std::all_of(port.begin() + 1, port.end(), IsDigit)))
    return false;
  // Escapes in a host stand for non-ASCII bytes only.
  for (std::size_t i = 0; i < host.size(); ++i) {
    const char c = host[i];
    if (c == '%') {
      if (i + 2 >= host.size() || !IsHexDigit(host[i + 1]) || !IsHexDigit(host[i + 2]))
        return false;
      if (host[i + 1] < '8') return false;
    } else if (static_cast<unsigned char>(c) < 0x80 && !IsLetter(c) && !IsDigit(c) &&
               kPunctuation.find(c) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

// net/url.ParseRequestURI.
bool IsUri(std::string_view text) {
  if (text.empty()) return false;
  if (std::any_of(text.begin(), text.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) {
    return false;
  }
  if (text == "*") return true;
  bool has_scheme = false;
  std::string_view rest = text;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (IsLetter(c)) continue;
    if ((IsDigit(c) || c == '+' || c == '-' || c == '.') && i > 0) continue;
    if (c == ':') {
      if (i == 0) return false;
      has_scheme = true;
      rest = text.substr(i + 1);
    }
    break;
  }
  rest = rest.substr(0, rest.find('?'));
  if (!rest.starts_with('/')) return has_scheme;
  if (has_scheme && rest.starts_with("//")) {
    rest.remove_prefix(2);
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    std::string_view authority = rest.substr(0, slash);
    rest.remove_prefix(slash);
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
      if (HasBadEscape(authority.substr(0, at))) return false;
      authority.remove_prefix(at + 1);
    }
    if (!IsUrlHost(authority)) return false;
  }
  return !HasBadEscape(rest);
}

// net/mail.ParseAddress, without its rarer parts (groups, comments, encoded words).
bool IsEmail(std::string_view text) {
  static const RE2 kAddress(
      R"(\s*(?:(?:"(?:[^"\\\r\n]|\\.)*"|[^"<>()\[\]:;@\\,]*)\s*<\s*)?)"
      R"((?:[^\x00-\x20"<>()\[\]:;@\\,.\x7f]+(?:\.[^\x00-\x20"<>()\[\]:;@\\,.\x7f]+)*|"(?:[^"\\\r\n]|\\.)*"))"
      R"(@(?:[^\x00-\x20"<>()\[\]:;@\\,.\x7f]+(?:\.[^\x00-\x20"<>()\[\]:;@\\,.\x7f]+)*|\[[^\[\]\\]*\])\s*(>?)\s*)");
  re2::StringPiece close;
  if (!RE2::FullMatch(re2::StringPiece(text.data(), text.size()), kAddress, &close)) return false;
  const bool opens = text.find('<') != std::string_view::npos;
  return opens == !close.empty() && base::IsValidUtf8(text);
}

// --- identifiers
// ------------------------------------------------------------------------------------

bool IsUuid(std::string_view text) {
  static const RE2 kUuid("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}");
  return Matches(text, kUuid);
}

bool IsUuid3(std::string_view text) {
  static const RE2 kUuid("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}");
  return Matches(text, kUuid);
}

bool IsUuid4(std::string_view text) {
  static const RE2 kUuid(
      "(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}");
  return Matches(text, kUuid);
}

bool IsUuid5(std::string_view text) {
  static const RE2 kUuid(
      "(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}");
  return Matches(text, kUuid);
}

bool IsObjectId(std::string_view text) { return text.size() == 24 && AllHex(text); }

std::string WithoutSpaceAndDashes(std::string_view text) {
  std::string kept;
  for (const char c : text) {
    if (c != '-' && c != ' ' && c != '\t' && c != '\n' && c != '\f' && c != '\r') kept += c;
  }
  return kept;
}

bool IsIsbn10(std::string_view text) {
  const std::string isbn = WithoutSpaceAndDashes(text);
  if (isbn.size() != 10 || !AllDigits(std::string_view(isbn).substr(0, 9))) return false;
  if (!IsDigit(isbn[9]) && isbn[9] != 'X') return false;
  int sum = 0;
  for (int i = 0; i < 9; ++i) sum += (i + 1) * (isbn[static_cast<std::size_t>(i)] - '0');
  sum += 10 * (isbn[9] == 'X' ? 10 : isbn[9] - '0');
  return sum % 11 == 0;
}

bool IsIsbn13(std::string_view text) {
  const std::string isbn = WithoutSpaceAndDashes(text);
  if (isbn.size() != 13 || !AllDigits(isbn)) return false;
  int sum = 0;
  for (std::size_t i = 0; i < 12; ++i) sum += (i % 2 == 0 ? 1 : 3) * (isbn[i] - '0');
  return isbn[12] - '0' == (10 - sum % 10) % 10;
}

bool IsIsbn(std::string_view text) { return IsIsbn10(text) || IsIsbn13(text); }

bool IsCreditCard(std::string_view text) {
  static const RE2 kCard(
      "4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|"
      "3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35[0-9]{3})[0-9]{11}");
  std::string digits;
  for (const char c : text) {
    if (IsDigit(c)) digits += c;
  }
  if (!Matches(digits, kCard)) return false;
  int sum = 0;
  bool twice = false;
  for (auto it = digits.rbegin(); it != digits.rend(); ++it, twice = !twice) {
    const int digit = (*it - '0') * (twice ? 2 : 1);
    sum += digit >= 10 ? digit - 9 : digit;
  }
  return sum % 10 == 0;
}

bool IsSsn(std::string_view text) {
  static const RE2 kSsn("[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}");
  return text.size() == 11 && Matches(text, kSsn);
}

bool IsHexColor(std::string_view text) {
  if (text.starts_with('#')) text.remove_prefix(1);
  return (text.size() == 3 || text.size() == 6) && AllHex(text);
}

bool IsRgbColor(std::string_view text) {
  static const RE2 kColor(
      R"(rgb\(\s*(0|[1-9][0-9]?|1[0-9][0-9]?|2[0-4][0-9]|25[0-5])\s*,\s*(0|[1-9][0-9]?|1[0-9][0-9]?|2[0-4][0-9]|25[0-5])\s*,\s*(0|[1-9][0-9]?|1[0-9][0-9]?|2[0-4][0-9]|25[0-5])\s*\))");
  return Matches(text, kColor);
}

bool IsBase64(std::string_view text) {
  static const RE2 kBase64(
      "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})");
  return Matches(text, kBase64);
}

bool IsAnything(std::string_view) { return true; }

// --- times
// ------------------------------------------------------------------------------------------

bool IsDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  if (!AllDigits(text.substr(0, 4)) || !AllDigits(text.substr(5, 2)) || !AllDigits(text.substr(8)))
    return false;
  const auto number = [&](std::size_t begin, std::size_t size) {
    int n = 0;
    for (const char c : text.substr(begin, size)) n = 10 * n + (c - '0');
    return n;
  };
  const int year = number(0, 4);
  const int month = number(5, 2);
  const int day = number(8, 2);
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12) return false;
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return day >= 1 && day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

bool IsDateTime(std::string_view text) {
  static const RE2 kTime("([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))");
  if (text.size() < 4) return false;
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  const auto parts = Split(lower, 't');
  if (parts.size() < 2 || !IsDate(parts[0])) return false;
  std::string hour;
  std::string minute;
  std::string second;
  if (!RE2::FullMatch(re2::StringPiece(parts[1].data(), parts[1].size()), kTime, &hour, &minute,
                      &second)) {
    return false;
  }
  return hour <= "23" && minute <= "59" && second <= "59";
}

// Go's time.ParseDuration, or any number with a unit in words somewhere in the text.
bool IsDuration(std::string_view text) {
  if (base::ParseGoDuration(text)) return true;
  static const RE2 kWords(R"(([0-9]+)\s*([A-Za-zµ]+))");
  static constexpr std::string_view kUnits[] = {"ns", "us", "µs", "ms", "s", "m",
                                                "h",  "hr", "d",  "w",  "wk"};
  static constexpr std::string_view kStems[] = {"nano", "micro", "milli", "sec",
                                                "min",  "hour",  "day",   "week"};
  re2::StringPiece rest(text.data(), text.size());
  std::string number;
  std::string unit;
  bool found = false;
  while (RE2::FindAndConsume(&rest, kWords, &number, &unit)) {
    std::int64_t factor = 0;
    if (!base::IsGoInt(number, factor)) return false;
    for (char& c : unit) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    }
    found |= std::find(std::begin(kUnits), std::end(kUnits), unit) != std::end(kUnits) ||
             std::any_of(std::begin(kStems), std::end(kStems), [&](std::string_view stem) {
               return std::string_view(unit).starts_with(stem);
             });
  }
  return found;
}

struct NamedFormat {
  std::string_view name;  // without dashes
  FormatCheck check;
};

constexpr NamedFormat kFormats[] = {
    {"bsonobjectid", IsObjectId},
    {"uri", IsUri},
    {"email", IsEmail},
    {"hostname", IsHostname},
    {"ipv4", IsIpv4},
    {"ipv6", IsIpv6},
    {"cidr", IsCidr},
    {"mac", IsMac},
    {"uuid", IsUuid},
    {"uuid3", IsUuid3},
    {"uuid4", IsUuid4},
    {"uuid5", IsUuid5},
    {"isbn", IsIsbn},
    {"isbn10", IsIsbn10},
    {"isbn13", IsIsbn13},
    {"creditcard", IsCreditCard},
    {"ssn", IsSsn},
    {"hexcolor", IsHexColor},
    {"rgbcolor", IsRgbColor},
    {"byte", IsBase64},
    {"password", IsAnything},
    {"date", IsDate},
    {"duration", IsDuration},
    {"datetime", IsDateTime},
    {"k8sshortname", IsShortName},
    {"k8slongname", IsLongName},
};

}  // namespace

FormatCheck FindFormat(std::string_view name) {
  std::string plain(name);
  plain.erase(std::remove(plain.begin(), plain.end(), '-'), plain.end());
  for (const NamedFormat& format : kFormats) {
    if (format.name == plain) return format.check;
  }
  return nullptr;
}

}  // namespace openchoreo::schema
