#include "common/names/k8s_name.h"

#include <locale.h>
#include <re2/re2.h>

#include <algorithm>
#include <clocale>
#include <cwctype>

#include "common/base/sha256.h"
#include "common/base/utf8.h"

namespace openchoreo::names {

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
  base::AppendRune(text, r);
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
    const base::DecodedRune decoded = base::DecodeRune(name);
    name.remove_prefix(decoded.size);
    const char32_t r = ToLower(decoded.rune);
    if (r == '-' || r == '.' || IsLetterOrNumber(r)) {
      base::AppendRune(clean, r);
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
    const base::DecodedRune first = base::DecodeRune(name);
    if (IsLetterOrNumber(first.rune)) break;
    name.remove_prefix(first.size);
  }
  while (!name.empty()) {
    std::size_t at = name.size() - 1;
    while (at > 0 && name.size() - at < 4 && (static_cast<unsigned char>(name[at]) & 0xc0) == 0x80)
      --at;
    base::DecodedRune last = base::DecodeRune(name.substr(at));
    if (!last.valid || at + last.size != name.size()) last = {base::kReplacement, 1, false};
    if (IsLetterOrNumber(last.rune)) break;
    name.remove_suffix(last.size);
  }
  return std::string(name);
}

constexpr char CleanAscii(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ? c : '-';
}

std::string_view TrimAscii(std::string_view part) {
  const auto is_trimmed = [](char c) { return CleanAscii(c) == '-' || c == '.'; };
  while (!part.empty() && is_trimmed(part.front())) part.remove_prefix(1);
  while (!part.empty() && is_trimmed(part.back())) part.remove_suffix(1);
  return part;
}

// How many bytes of each part stay: equal shares of what the limit leaves.
class Shares {
 public:
  Shares(std::size_t limit, std::size_t parts) {
    const std::size_t taken = kHashDigits + parts;
    const std::size_t budget = limit > taken ? limit - taken : 0;
    share_ = budget / parts;
    rest_ = budget % parts;
  }

  std::size_t operator[](std::size_t part) const { return share_ + (part < rest_ ? 1 : 0); }

 private:
  std::size_t share_;
  std::size_t rest_;
};

// The hash that ends a name.
std::array<char, kHashDigits> HashDigits(std::span<const std::string_view> parts,
                                         std::string_view extra) {
  static constexpr char kDigits[] = "0123456789abcdef";
  const base::Sha256Digest digest = base::Sha256OfJoined(parts, '-', extra);
  std::array<char, kHashDigits> digits;
  for (std::size_t i = 0; i < kHashDigits; ++i) {
    digits[i] = kDigits[i % 2 == 0 ? digest[i / 2] >> 4 : digest[i / 2] & 15];
  }
  return digits;
}

}  // namespace

bool K8sName::WriteAscii(std::size_t limit, std::span<const std::string_view> parts) {
  if (limit > ascii_.size() || kHashDigits + parts.size() > limit) return false;
  const Shares shares(limit, parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!base::IsAscii(parts[i])) return false;
    for (char c : TrimAscii(parts[i]).substr(0, shares[i])) ascii_[size_++] = CleanAscii(c);
    ascii_[size_++] = '-';
  }
  // The hash ends in letters or digits: only the front can need trimming.
  return IsAsciiLetterOrNumber(static_cast<unsigned char>(ascii_[0]));
}

K8sName::K8sName(std::size_t limit, std::span<const std::string_view> parts,
                 std::string_view extra) {
  const auto hash = HashDigits(parts, extra);
  if (WriteAscii(limit, parts)) {
    std::copy(hash.begin(), hash.end(), ascii_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += hash.size();
    return;
  }
  const Shares shares(limit, parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    other_.append(Sanitize(parts[i]), 0, shares[i]);
    other_ += '-';
  }
  other_.append(hash.begin(), hash.end());
  other_ = TrimToLettersAndNumbers(other_);
}

std::string GenerateK8sName(std::size_t limit, std::span<const std::string_view> parts,
                            std::string_view extra) {
  return std::string(K8sName(limit, parts, extra).text());
}

}  // namespace openchoreo::names
