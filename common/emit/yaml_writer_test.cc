#include "common/emit/yaml_writer.h"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include "common/emit/unbudgeted.h"
#include "common/value/json_reader.h"

namespace openchoreo::emit {
namespace {

std::string Yaml(std::string_view json) {
  base::Arena arena;
  const auto value = value::ReadJson(json, arena);
  EXPECT_TRUE(value) << json;
  std::string out;
  EXPECT_TRUE(AppendYaml(out, *value)) << json;
  return out;
}

TEST(YamlWriterTest, Shape) {
  const struct {
    const char* json;
    const char* want;
  } kCases[] = {
      {R"({})", "{}\n"},
      {R"({"b":[],"a":{}})", "a: {}\nb: []\n"},
      {R"({"a":{"b":{"c":1}},"d":[1,"x",true,null,2.5]})",
       "a:\n  b:\n    c: 1\nd:\n- 1\n- x\n- true\n- null\n- 2.5\n"},
      {R"({"l":[{"a":1,"b":[2,[3,4]]},[]]})", "l:\n- a: 1\n  b:\n  - 2\n  - - 3\n    - 4\n- []\n"},
      {R"({"t":"a\nb\n"})", "t: |\n  a\n  b\n"},
      {R"({"t":["a\n\nb","c\n\n"]})", "t:\n- |-\n  a\n\n  b\n- |+\n  c\n\n"},
      {R"({"t":" a\nb"})", "t: \" a\\nb\"\n"},
      {R"("x")", "x\n"},
  };

  for (const auto& c : kCases) EXPECT_EQ(Yaml(c.json), c.want);
}

TEST(YamlWriterTest, StandsAtAColumnOfADocumentAroundIt) {
  base::Arena arena;
  const auto value = value::ReadJson(R"([{"a":{"b":[1]},"t":"x\n\n  y\n"}])", arena);
  std::string out;
  ASSERT_TRUE(AppendYaml(out, *value, 2));
  EXPECT_EQ(out, "  - a:\n      b:\n      - 1\n    t: |\n      x\n\n        y\n");
}

TEST(YamlWriterTest, QuotesWhatWouldReadAsAnotherType) {
  const struct {
    const char* text;
    const char* want;
  } kCases[] = {
      {"", "\"\""},
      {"1", "\"1\""},
      {"0777", "\"0777\""},
      {"1e3", "\"1e3\""},
      {"yes", "\"yes\""},
      {"N", "\"N\""},
      {"Null", "\"Null\""},
      {"~", "'~'"},
      {"100m", "100m"},
      {"1Gi", "1Gi"},
      {"1.2.3", "\"1.2.3\""},
      {"12:30:45", "\"12:30:45\""},
      {"2024-01-02", "\"2024-01-02\""},
      {"0x1F", "\"0x1F\""},
      {"-1", "\"-1\""},
      {"--port", "--port"},
      {"-", "\"-\""},
      {"---", "\"---\""},
      {"- a", "\"- a\""},
      {".inf", "'.inf'"},
      {"a: b", "'a: b'"},
      {"a:b", "a:b"},
      {"a #b", "'a #b'"},
      {"a#b", "a#b"},
      {"it's", "it's"},
      {"'a'", "'''a'''"},
      {" a", "' a'"},
      {"a ", "'a '"},
      {"<<", "'<<'"},
      {"=", "'='"},
      {"*a", "'*a'"},
      {"&a", "'&a'"},
      {"@a", "'@a'"},
      {"%a", "'%a'"},
      {"{a}", "'{a}'"},
      {"größe", "größe"},
      {"http://x:80/a?b=c&d#e", "http://x:80/a?b=c&d#e"},
      {"a:", "'a:'"},
      {"./x", "./x"},
      {"1_000", "\"1_000\""},
  };

  for (const auto& c : kCases) {
    std::string out;
    ASSERT_TRUE(AppendYaml(out, value::Value::String(c.text)));
    EXPECT_EQ(out, std::string(c.want) + "\n") << c.text;
  }
}

TEST(YamlWriterTest, AnIndependentReaderSeesTheSameStrings) {
  const char* kTexts[] = {"",     "a",       " a ",         "a\nb", "a\n",      "a\n\n",
                          "\na",  "\n",      "a\n b\n",     "\ta",  "a\tb\nc",  "a \nb",
                          "a\rb", "\x01",    "\x7f",        "é☃😀",  "\xc2\x85", "\xe2\x80\xa8x",
                          "a: b", "\"q\"",   "back\\slash", "- x",  "? x",      "#c",
                          "a #c", "key:\nv", "!tag",        "|",    ">",        "[",
                          "{",    "]",       "}",           ",",    "`",        "  two\nlines"};
  for (const char* text : kTexts) {
    base::Arena arena;
    for (const bool nested : {false, true}) {
      const value::Value item = value::Value::String(text);
      const value::Value list = value::Value::List({&item, 1});
      const value::MapEntry entry{item, nested ? list : item};
      std::string out;
      ASSERT_TRUE(AppendYaml(out, value::Value::Map({&entry, 1})));
      const YAML::Node root = YAML::Load(out);
      ASSERT_TRUE(root.IsMap()) << out;
      EXPECT_EQ(root.begin()->first.Scalar(), text) << out;
      const YAML::Node read = root.begin()->second;
      EXPECT_EQ((nested ? read[0] : read).Scalar(), text) << out;
    }
  }
}

TEST(YamlWriterTest, LongKeysAndDeepNesting) {
  const std::string key(2000, 'k');
  const value::MapEntry entry{value::Value::String(key), value::Value::Int(1)};
  std::string out;
  ASSERT_TRUE(AppendYaml(out, value::Value::Map({&entry, 1})));
  EXPECT_EQ(YAML::Load(out).begin()->first.Scalar(), key);

  std::vector<value::Value> levels(2000);
  for (std::size_t i = 1; i < levels.size(); ++i)
    levels[i] = value::Value::List({&levels[i - 1], 1});
  EXPECT_FALSE(AppendYaml(out, levels.back()));
}

}  // namespace
}  // namespace openchoreo::emit
