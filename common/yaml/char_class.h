// What the characters of the plain style may do (block_reader.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace openchoreo::yaml {

enum CharClass : std::uint8_t {
  kKey = 1,         // may stand anywhere in a key read here
  kPlainStart = 2,  // begins a plain scalar whatever follows
  kPlainEnd = 4,    // may end a plain scalar: ':', '#', line feed
  kFlowEnd = 8,     // ends one in a flow collection
};

constexpr std::array<std::uint8_t, 256> MakeCharClasses() {
  std::array<std::uint8_t, 256> classes{};
  const auto set = [&classes](char c, std::uint8_t bits) {
    classes[static_cast<unsigned char>(c)] =
        static_cast<std::uint8_t>(classes[static_cast<unsigned char>(c)] | bits);
  };
  for (char c = 'a'; c <= 'z'; ++c) set(c, kKey | kPlainStart);
  for (char c = 'A'; c <= 'Z'; ++c) set(c, kKey | kPlainStart);
  for (char c = '0'; c <= '9'; ++c) set(c, kKey | kPlainStart);
  for (char c : {'_', '.', '/', '$'}) set(c, kKey | kPlainStart);
  set('-', kKey);
  for (char c : {'(', ')', '+', ';', '<', '=', '\\', '^', '~'}) set(c, kPlainStart);
  for (char c : {':', '#', '\n'}) set(c, kPlainEnd | kFlowEnd);
  for (char c : {',', '[', ']', '{', '}'}) set(c, kFlowEnd);
  return classes;
}

inline constexpr std::array<std::uint8_t, 256> kCharClasses = MakeCharClasses();

inline bool Is(char c, CharClass bits) {
  return (kCharClasses[static_cast<unsigned char>(c)] & bits) != 0;
}

inline constexpr std::ptrdiff_t kLongestKey = 1000;  // libyaml gives up on a key after 1024

}  // namespace openchoreo::yaml
