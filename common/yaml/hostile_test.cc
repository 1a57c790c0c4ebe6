// Texts made to cost much: each ends in an error, or is read, in bounded time and memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "common/yaml/reader.h"

namespace openchoreo::yaml {
namespace {

using ::testing::HasSubstr;

std::string Repeated(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

std::string Numbered(std::string_view before, std::string_view after, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) {
    out += before;
    out += std::to_string(i);
    out += after;
  }
  return out;
}

std::string Nested(std::size_t levels) {
  std::string out;
  for (std::size_t i = 0; i < levels; ++i) out += std::string(i, ' ') + "a:\n";
  return out;
}

std::string AliasBomb(std::string_view use) {
  std::string out = "a0: &a0 {x: 1, y: 2}\n";
  for (std::size_t i = 1; i < 40; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    out += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " ";
    for (char c : use) {
      if (c == '@') {
        out += before;
      } else {
        out += c;
      }
    }
    out += "\n";
  }
  return out;
}

// Generous, for instrumented builds on a busy machine.
constexpr double kSeconds = 20;

struct Case {
  const char* name;
  std::string text;
  const char* error;  // "" if the text is read
};

TEST(HostileTest, EndsSoonWithAnError) {
  const std::size_t mega = 1u << 20;
  std::vector<Case> cases;
  cases.push_back({"open brackets", std::string(10 * mega, '['), "nested deeper than 200 levels"});
  cases.push_back({"open braces", Repeated("{a: ", 2 * mega), "nested deeper than 200 levels"});
  cases.push_back({"items in items", Repeated("- ", 4 * mega), "nested deeper than 200 levels"});
  cases.push_back({"keys of keys", Repeated("? ", 4 * mega), "invalid map key"});
  cases.push_back({"deep block maps", Nested(2000), "nested deeper than 200 levels"});
  cases.push_back(
      {"alias bomb of lists", AliasBomb("[@, @, @, @, @, @, @, @]"), "with aliases expanded"});
  cases.push_back(
      {"alias bomb of merges", AliasBomb("{<<: [@, @, @, @], z: @}"), "with aliases expanded"});
  cases.push_back({"a long text by aliases",
                   "a: &a '" + std::string(mega, 'x') + "'\nb: [" + Repeated("*a, ", 100) + "]\n",
                   "with aliases expanded"});
  cases.push_back(
      {"aliases in every document",
       Repeated("a: &a [" + Repeated("1, ", 100) + "]\nb: [" + Repeated("*a, ", 100) + "]\n---\n",
                100),
       "the aliases of the file stand for more than 500000 values"});
  cases.push_back({"deep by aliases", AliasBomb("[[[[[[@]]]]]]"), "nested deeper than 200 levels"});
  cases.push_back(
      {"wide merges",
       "a: &a {" + Numbered("k", ": 1, ", 100) + "}\nb: {<<: [" + Repeated("*a, ", 1000) + "]}\n",
       "merge keys bring in"});
  cases.push_back({"a large file", std::string(33 * mega, 'a'), "larger than 33554432 bytes"});
  cases.push_back({"a large plain scalar", std::string(17 * mega, 'a'), "a scalar is longer than"});
  cases.push_back({"a large quoted scalar", '"' + std::string(17 * mega, 'a') + '"',
                   "a scalar is longer than"});
  cases.push_back({"a large block scalar", "a: |\n" + Repeated("  xyz\n", 5 * mega),
                   "a scalar is longer than"});
  cases.push_back({"a large number", "a: " + std::string(4 * mega, '1'), ""});
  cases.push_back(
      {"a large key", std::string(4 * mega, 'a') + ": 1", "mapping values are not allowed"});
  cases.push_back(
      {"an open quote", "a: \"" + Repeated("xyz\n", 5 * mega), "unexpected end of stream"});
  cases.push_back({"one key again and again", Repeated("a: 1\n", mega / 8), "duplicate key \"a\""});
  cases.push_back({"too many values", Repeated("- 1\n", mega), "more than 500000 values"});
  cases.push_back({"empty documents", Repeated("---\n", mega), "more than 100000 documents"});
  cases.push_back({"directives", Numbered("%TAG !a", "! tag:x,1:\n", mega) + "---\na: 1\n",
                   "too many directives"});
  cases.push_back(
      {"unknown aliases", "a: [" + Numbered("*b", ", ", mega / 4) + "]", "unknown anchor 'b0'"});
  cases.push_back({"NUL bytes", std::string(4 * mega, '\0'), "NUL bytes are not allowed"});
  cases.push_back({"bytes that are no text", std::string(4 * mega, '\xff'), ""});
  cases.back().error = "UTF-8";
  cases.push_back({"comments", Repeated("# x\n", 2 * mega), ""});
  cases.push_back({"anchors", "a:\n" + Numbered("- &b", " x\n", mega / 8), ""});
  cases.push_back({"many keys", Numbered("k", ": 1\n", mega / 8), ""});
  base::RenderLimits limits;
  limits.max_nodes = 500'000;  // an eighth, to spare the tests' time
  for (const Case& c : cases) {
    const auto start = std::chrono::steady_clock::now();
    base::Arena arena;
    const ReadResult result = Read(c.text, arena, limits);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    EXPECT_LT(taken.count(), kSeconds) << c.name;
    EXPECT_LT(arena.bytes(), 400u << 20) << c.name;
    if (*c.error == '\0') {
      EXPECT_TRUE(result.errors.empty())
          << c.name << ": " << result.errors[0].message.substr(0, 200);
      continue;
    }
    ASSERT_FALSE(result.errors.empty()) << c.name;
    EXPECT_LT(result.errors[0].message.size(), 1000u) << c.name;
    EXPECT_THAT(result.errors[0].message, HasSubstr(c.error)) << c.name;
    const auto located = std::chrono::steady_clock::now();
    base::Place place;
    place.field = "/a/0/b";
    Locate(c.text, place);
    const std::chrono::duration<double> locating = std::chrono::steady_clock::now() - located;
    EXPECT_LT(locating.count(), kSeconds) << c.name;
    if (std::getenv("HOSTILE_TIMES"))
      std::printf("%-30s %.2f %.2f s\n", c.name, taken.count(), locating.count());
  }
}

}  // namespace
}  // namespace openchoreo::yaml
