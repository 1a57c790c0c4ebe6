#include "common/base/k8s_name.h"

#include <locale.h>
#include <re2/re2.h>

#include <clocale>
#include <cwctype>

#include "common/base/sha256.h"
#include "common/base/utf8.h"

namespace openchoreo::base {

namespace {

constexpr std::size_t kHashDigits = 8;

bool IsAsciiLetterOrNumber(char32_t r) {
  return (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z') || (r >= '0' && r <= '9');
}

// Go's unicode.IsLetter || unicode.IsNumber. RE2 carries the Unicode categories.
bool IsLetterOrNumber(char32_t r) {
  if (r < 0x80) return IsAsciiLetterOrNumber(r);
  static const RE2 kClass("[\\pL\\pN]");
  std::string text;
  AppendRune(text, r);
  return RE2::FullMatch(text, kClass);
}

char32_t ToLower(char32_t r) {
  if (r < 0x80) return (r >= 'A' && r <= 'Z') ? r + 32 : r;
  static const locale_t kLocale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (kLocale == nullptr) return r;
  return static_cast<char32_t>(towlower_l(static_cast<wint_t>(r), kLocale));
}

std::string Sanitize(std::string_view name) {
  std::string clean;
  clean.reserve(name.size());
  while (!name.empty()) {
    const DecodedRune decoded = DecodeRune(name);
    name.remove_prefix(decoded.size);
    const char32_t r = ToLower(decoded.rune);
    if (r == '-' || r == '.' || IsLetterOrNumber(r)) {
      AppendRune(clean, r);
    } else {
      clean += '-';
    }
  }
  const std::size_t begin = clean.find_first_not_of("-.");
  if (begin == std::string::npos) return {};
  return clean.substr(begin, clean.find_last_not_of("-.") - begin + 1);
}

std::string TrimToLettersAndNumbers(std::string_view name) {
  while (!name.empty()) {
    const DecodedRune first = DecodeRune(name);
    if (IsLetterOrNumber(first.rune)) break;
    name.remove_prefix(first.size);
  }
  while (!name.empty()) {
    std::size_t at = name.size() - 1;
    while (at > 0 && name.size() - at < 4 && (static_cast<unsigned char>(name[at]) & 0xc0) == 0x80)
      --at;
    DecodedRune last = DecodeRune(name.substr(at));
    if (!last.valid || at + last.size != name.size()) last = {kReplacement, 1, false};
    if (IsLetterOrNumber(last.rune)) break;
    name.remove_suffix(last.size);
  }
  return std::string(name);
}

// The common case, without decoding: appends the sanitized part, at most `allowed` bytes of it.
// False, with nothing appended, if it is not ASCII.
bool AppendSanitizedAscii(std::string& name, std::string_view part, std::size_t allowed) {
  if (!IsAscii(part)) return false;
  const auto clean = [](char c) -> char {
    if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ? c : '-';
  };
  const auto is_trimmed = [&](char c) { return clean(c) == '-' || c == '.'; };
  while (!part.empty() && is_trimmed(part.front())) part.remove_prefix(1);
  while (!part.empty() && is_trimmed(part.back())) part.remove_suffix(1);
  for (char c : part.substr(0, allowed)) name += clean(c);
  return true;
}

void AppendHash(std::string& name, std::string_view input) {
  static constexpr char kDigits[] = "0123456789abcdef";
  const Sha256Digest digest = Sha256(input);
  for (std::size_t i = 0; i < kHashDigits / 2; ++i) {
    name += kDigits[digest[i] >> 4];
    name += kDigits[digest[i] & 15];
  }
}

}  // namespace

std::string GenerateK8sName(std::size_t limit, std::span<const std::string_view> parts,
                            std::string_view extra) {
  std::string hash_input;
  hash_input.reserve(128);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) hash_input += '-';
    hash_input += parts[i];
  }
  if (!extra.empty()) {
    hash_input += '-';
    hash_input += extra;
  }
  const std::size_t taken = kHashDigits + parts.size();
  const std::size_t budget = limit > taken ? limit - taken : 0;
  const std::size_t share = budget / parts.size();
  const std::size_t rest = budget % parts.size();
  std::string name;
  name.reserve(limit < 128 ? limit : 128);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t allowed = share + (i < rest ? 1 : 0);
    if (!AppendSanitizedAscii(name, parts[i], allowed)) {
      name.append(Sanitize(parts[i]), 0, allowed);
    }
    name += '-';
  }
  AppendHash(name, hash_input);
  // The hash ends in letters or digits: only the front can need trimming.
  if (IsAsciiLetterOrNumber(static_cast<unsigned char>(name[0]))) return name;
  return TrimToLettersAndNumbers(name);
}

}  // namespace openchoreo::base
