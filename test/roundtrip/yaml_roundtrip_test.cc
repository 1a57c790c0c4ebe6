// The reader, the writer and yaml-cpp against each other: what is written reads back the same with
// both readers, and both see the same in the texts people write.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <random>

#include "common/emit/unbudgeted.h"
#include "common/emit/yaml_writer.h"
#include "common/source/file_tree.h"
#include "common/value/json_writer.h"
#include "common/value/map_builder.h"
#include "common/value/unbudgeted.h"
#include "common/yaml/reader.h"

namespace openchoreo {
namespace {

using value::Value;

// "" if yaml-cpp's node is the value, else where they part.
std::string Difference(const YAML::Node& node, const Value& value, const std::string& at) {
  if (value.is_map()) {
    if (!node.IsMap() || node.size() != value.size()) return at + ": another map";
    for (const auto& entry : node) {
      const std::string key = entry.first.Scalar();
      const Value* const item = value.Find(key);
      if (!item) return at + ": key " + key;
      if (std::string found = Difference(entry.second, *item, at + "/" + key); !found.empty())
        return found;
    }
    return "";
  }
  if (value.is_list()) {
    if (!node.IsSequence() || node.size() != value.size()) return at + ": another list";
    for (std::size_t i = 0; i < node.size(); ++i) {
      std::string found = Difference(node[i], value.as_list()[i], at + "/" + std::to_string(i));
      if (!found.empty()) return found;
    }
    return "";
  }
  if (value.is_null()) return node.IsNull() ? "" : at + ": not null";
  if (!node.IsScalar()) return at + ": not a scalar";
  // yaml-cpp keeps texts; numbers and booleans of ours are compared by their JSON form.
  const std::string text =
      value.is_string() ? std::string(value.as_string()) : value::ToJson(value);
  return node.Scalar() == text ? "" : at + ": " + node.Scalar() + " is not " + text;
}

// A generator whose numbers are the same with every standard library.
class Values {
 public:
  Values(base::Arena& arena, std::uint32_t seed) : arena_(arena), random_(seed) {}

  Value Any(int depth = 0) {
    const std::uint32_t kind = Below(depth > 4 ? 6 : 10);
    if (kind < 5) return Value::String(Text());
    if (kind == 5) return Number();
    if (kind < 8) {
      value::ListBuilder list(arena_);
      for (std::uint32_t i = Below(5); i > 0; --i) list.Add(Any(depth + 1));
      return list.Build();
    }
    value::MapBuilder map(arena_);
    for (std::uint32_t i = Below(5); i > 0; --i) map.Add(Text(), Any(depth + 1));
    return map.Build();
  }

 private:
  std::uint32_t Below(std::uint32_t bound) { return static_cast<std::uint32_t>(random_() % bound); }

  std::string_view Text() {
    static constexpr std::string_view kPieces[] = {"a",
                                                   "b",
                                                   "${x}",
                                                   " ",
                                                   "\n",
                                                   "\t",
                                                   ":",
                                                   ": ",
                                                   "#",
                                                   " #",
                                                   "-",
                                                   "- ",
                                                   "?",
                                                   "'",
                                                   "\"",
                                                   "\\",
                                                   "0",
                                                   "1",
                                                   ".5",
                                                   "e3",
                                                   "0x",
                                                   "0o",
                                                   "yes",
                                                   "n",
                                                   "on",
                                                   "null",
                                                   "~",
                                                   "<<",
                                                   "=",
                                                   "!",
                                                   "&",
                                                   "*",
                                                   "|",
                                                   ">",
                                                   "%",
                                                   "@",
                                                   "`",
                                                   "{",
                                                   "}",
                                                   "[",
                                                   "]",
                                                   ",",
                                                   "\r",
                                                   "\x01",
                                                   "\x7f",
                                                   "---",
                                                   "...",
                                                   "_",
                                                   "+",
                                                   "true",
                                                   "é",
                                                   "😀",
                                                   "\xc2\x85",
                                                   "\xe2\x80\xa8",
                                                   "\xef\xbb\xbf",
                                                   "\xc2\xa0",
                                                   "2001",
                                                   "-01-01",
                                                   "12",
                                                   ":30",
                                                   "inf"};
    std::string text;
    for (std::uint32_t i = Below(Below(4) == 0 ? 12 : 4); i > 0; --i)
      text += kPieces[Below(std::size(kPieces))];
    return arena_.CopyString(text);
  }

  Value Number() {
    static const Value kNumbers[] = {
        Value::Null(),      Value::Bool(true),   Value::Bool(false),    Value::Int(0),
        Value::Int(-1),     Value::Int(80),      Value::Int(INT64_MAX), Value::Int(INT64_MIN),
        Value::Double(1.5), Value::Double(1e21), Value::Double(1e-7),   Value::Double(0.1)};
    return kNumbers[Below(std::size(kNumbers))];
  }

  base::Arena& arena_;
  std::mt19937 random_;
};

TEST(RoundTripTest, WhatIsWrittenReadsBackTheSame) {
  for (std::uint32_t seed = 0; seed < 3000; ++seed) {
    base::Arena arena;
    const Value value = Values(arena, seed).Any();
    std::string text;
    ASSERT_TRUE(emit::AppendYaml(text, value));
    const yaml::ReadResult read = yaml::Read(text, arena);
    ASSERT_TRUE(read.errors.empty()) << seed << ": " << read.errors[0].message << "\n" << text;
    ASSERT_EQ(read.documents.size(), 1u) << seed << "\n" << text;
    EXPECT_TRUE(value::JsonEquals(read.documents[0].root, value)) << seed << "\n" << text;
    try {
      EXPECT_EQ(Difference(YAML::Load(text), value, ""), "") << seed << "\n" << text;
    } catch (const YAML::Exception& error) {
      ADD_FAILURE() << seed << ": " << error.what() << "\n" << text;
    }
  }
}

TEST(RoundTripTest, BothReadersSeeTheSame) {
  const char* const texts[] = {
      "a: b\nc:\n  d: e\n  f:\n  - g\n  - h: i\n    j: k\n  -\n    l: m\n",
      "- - a\n  - b\n-\n  - c\n- {d: e, f: [g, h]}\n- []\n- {}\n",
      "a: |\n  x\n   y\n\n  z\nb: |-\n  x\n\nc: |+\n  x\n\nd: >\n  one\n  two\n\n  three\n   "
      "four\n  five\n",
      "a: one\n  two\n\n  three\nb: 'it''s\n  folded'\nc: \"x\\ty\\u00e9\\\n   z \\\"q\\\"\"\n",
      "? a\n: b\n\"c d\" : e\n'f': g # comment\n# more\nh: i#j\n",
      "a: &x\n  b: c\nd: *x\ne: [*x, *x]\n",
      "url: http://x:80/a?b=c#d\ntime: a:b:c\nexpr: ${a.b == \"c\" && 'd'}\nneg: -x\n",
      "a: !!str b\nc:\nd: ~\ne: null\nf: true\ng: 5\nh: 1.5\n",
      "\"a\": {\"b\": [\"c\", {\"d\": \"e\"}], \"f\": \"\"}\n",
      "a:\r\n  b: c\r\n  d: |\r\n    e\r\n    f\r\n",
  };
  for (const char* text : texts) {
    base::Arena arena;
    const yaml::ReadResult read = yaml::Read(text, arena);
    ASSERT_TRUE(read.errors.empty()) << text << read.errors[0].message;
    EXPECT_EQ(Difference(YAML::Load(text), read.documents.at(0).root, ""), "") << text;
  }
}

TEST(RoundTripTest, BothReadersSeeTheSameInTheExamples) {
  if (!std::filesystem::exists(OC_EXAMPLES)) GTEST_SKIP() << "no examples";
  const auto tree = source::OpenDirectory(OC_EXAMPLES, "");
  const auto files = tree->List();
  ASSERT_TRUE(files);
  EXPECT_FALSE(files->empty());
  for (const std::string& file : *files) {
    const auto text = tree->Read(file);
    ASSERT_TRUE(text) << file;
    base::Arena arena;
    const yaml::ReadResult read = yaml::Read(**text, arena);
    EXPECT_TRUE(read.errors.empty()) << file;
    const std::vector<YAML::Node> nodes = YAML::LoadAll(**text);
    ASSERT_EQ(nodes.size(), read.documents.size()) << file;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      EXPECT_EQ(Difference(nodes[i], read.documents[i].root, ""), "") << file;
    }
  }
}

}  // namespace
}  // namespace openchoreo
