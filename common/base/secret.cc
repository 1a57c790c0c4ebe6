#include "common/base/secret.h"

#include <algorithm>
#include <array>

namespace openchoreo::base {

namespace {

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsWordChar(char c) { return IsUpper(c) || IsLower(c) || IsDigit(c); }

bool IsTokenChar(char c) { return IsWordChar(c) || c == '_' || c == '-'; }

// "DB_PASSWORD" → db password, "apiToken" → api token, "HTTPToken2" → http token2.
std::vector<std::string> WordsOf(std::string_view name) {
  std::vector<std::string> words;
  bool begin = true;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (!IsWordChar(c)) {
      begin = true;
      continue;
    }
    const bool camel = IsUpper(c) && i > 0 && (IsLower(name[i - 1]) || IsDigit(name[i - 1]));
    const bool after_acronym =
        IsUpper(c) && i > 0 && IsUpper(name[i - 1]) && i + 1 < name.size() && IsLower(name[i + 1]);
    if (begin || camel || after_acronym) words.emplace_back();
    begin = false;
    words.back().push_back(IsUpper(c) ? static_cast<char>(c + 32) : c);
  }
  return words;
}

constexpr std::array<std::string_view, 16> kSecretWords = {
    "password",   "passwords",   "passwd",     "pwd",         "passphrase", "secret",
    "secrets",    "token",       "tokens",     "apikey",      "authtoken",  "accesstoken",
    "credential", "credentials", "privatekey", "clientsecret"};

// Before "key" or "keys".
constexpr std::array<std::string_view, 8> kKeyWords = {"api",     "private",    "secret", "access",
                                                       "signing", "encryption", "auth",   "master"};

template <std::size_t n>
bool Holds(const std::array<std::string_view, n>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

struct Token {
  std::string_view prefix;
  std::size_t min_rest;  // token characters after it
};

// Tokens that tell their maker.
constexpr Token kTokens[] = {
    {"ghp_", 20},        {"gho_", 20},     {"ghu_", 20},  {"ghs_", 20},  {"ghr_", 20},
    {"github_pat_", 20}, {"glpat-", 16},   {"xoxb-", 10}, {"xoxp-", 10}, {"xoxa-", 10},
    {"xoxr-", 10},       {"xoxs-", 10},    {"AKIA", 16},  {"ASIA", 16},  {"AIza", 30},
    {"sk_live_", 10},    {"rk_live_", 10}, {"sk-", 20},   {"npm_", 30},  {"dckr_pat_", 16},
    {"hvs.", 20},        {"pypi-", 30},    {"SG.", 20},
};

std::size_t TokenEnd(std::string_view text, std::size_t at) {
  while (at < text.size() && IsTokenChar(text[at])) ++at;
  return at;
}

bool BeginsWord(std::string_view text, std::size_t at) {
  return at == 0 || !IsTokenChar(text[at - 1]);
}

// A token or JWT at `at`; its end, or `at`.
std::size_t MakersToken(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  for (const Token& token : kTokens) {
    if (!rest.starts_with(token.prefix)) continue;
    std::size_t end = TokenEnd(text, at + token.prefix.size());
    // Vault's and SendGrid's have dots inside.
    while (token.prefix.back() == '.' && end < text.size() && text[end] == '.')
      end = TokenEnd(text, end + 1);
    if (end - at - token.prefix.size() >= token.min_rest) return end;
  }
  if (rest.starts_with("eyJ")) {  // base64 of '{"', as each JWT begins
    std::size_t end = TokenEnd(text, at);
    if (end < text.size() && text[end] == '.' && text.substr(end + 1).starts_with("eyJ")) {
      end = TokenEnd(text, end + 1);
      return end < text.size() && text[end] == '.' ? TokenEnd(text, end + 1) : end;
    }
  }
  return at;
}

// "-----BEGIN … PRIVATE KEY-----" up to its end line, or all that follows.
std::size_t PrivateKey(std::string_view text, std::size_t at) {
  constexpr std::string_view kBegin = "-----BEGIN ", kDashes = "-----", kEnd = "-----END ";
  if (!text.substr(at).starts_with(kBegin)) return at;
  const std::size_t head = text.find(kDashes, at + kBegin.size());
  if (head == std::string_view::npos) return at;
  if (text.substr(at, head - at).find("PRIVATE KEY") == std::string_view::npos) return at;
  const std::size_t end = text.find(kEnd, head);
  if (end == std::string_view::npos) return text.size();
  const std::size_t tail = text.find(kDashes, end + kEnd.size());
  return tail == std::string_view::npos ? text.size() : tail + kDashes.size();
}

// The user part of a URL whose "://" is at `at`: [first, second), empty where there is none. "git",
// the user of everybody's SSH URLs, is no secret.
std::pair<std::size_t, std::size_t> UserOfUrl(std::string_view text, std::size_t at) {
  const std::size_t begin = at + 3;
  std::size_t end = begin;
  std::size_t user_end = begin;
  for (; end < text.size(); ++end) {
    const char c = text[end];
    if (c == '@') user_end = end;
    if (c == '/' || c == '?' || c == '#' || c == '"' || c == '\'' || c == '`' ||
        static_cast<unsigned char>(c) <= ' ') {
      break;
    }
  }
  if (text.substr(begin, user_end - begin) == "git") return {begin, begin};
  return {begin, user_end};
}

// "name=value" with a secret's name, the '=' at `at`.
std::pair<std::size_t, std::size_t> Assigned(std::string_view text, std::size_t at) {
  std::size_t begin = at;
  while (begin > 0 && IsTokenChar(text[begin - 1])) --begin;
  if (begin == at || !IsSecretName(text.substr(begin, at - begin))) return {at, at};
  std::size_t from = at + 1;
  constexpr std::string_view kStops = " \t\r\n&;,\"'`)]}";
  if (text.substr(from).starts_with("${") || text.substr(from).starts_with("=")) return {at, at};
  return {from, std::min(text.find_first_of(kStops, from), text.size())};
}

}  // namespace

bool IsSecretName(std::string_view name) {
  if (name == "secretKey") return false;
  const std::vector<std::string> words = WordsOf(name);
  if (words.empty()) return false;
  const std::string& last = words.back();
  if (Holds(kSecretWords, last)) return true;
  if (words.size() < 2) return false;
  const std::string& before = words[words.size() - 2];
  if (last == "key" || last == "keys") return Holds(kKeyWords, before);
  if (last == "string") return before == "connection";
  if (last == "pass") return before != "proxy";  // DB_PASS; nginx has proxy_pass
  // "PASSWORD_2", "TOKEN_OLD": a number or an age changes nothing.
  const bool counted = std::all_of(last.begin(), last.end(), IsDigit) || last == "old" ||
                       last == "new" || last == "current" || last == "previous" || last == "value";
  return counted && Holds(kSecretWords, before);
}

TextRanges SecretShapes(std::string_view text) {
  TextRanges ranges;
  for (std::size_t at = 0; at < text.size();) {
    std::pair<std::size_t, std::size_t> found{at, at};
    if (text[at] == ':' && text.substr(at).starts_with("://")) {
      found = UserOfUrl(text, at);
    } else if (text[at] == '=') {
      found = Assigned(text, at);
    } else if (text[at] == '-') {
      found.second = PrivateKey(text, at);
    } else if (BeginsWord(text, at)) {
      found.second = MakersToken(text, at);
    }
    if (found.second > found.first) {
      ranges.push_back(found);
      at = found.second;
    } else {
      ++at;
    }
  }
  return ranges;
}

bool LooksSecret(std::string_view text) { return !SecretShapes(text).empty(); }

std::string WithoutSecrets(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  for (const auto& [begin, end] : SecretShapes(text)) {
    out += text.substr(at, begin - at);
    out += kHidden;
    at = end;
  }
  out += text.substr(at);
  return out;
}

}  // namespace openchoreo::base
