#include "common/yaml/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::yaml {
namespace {

std::string Json(std::string_view text) {
  base::Arena arena;
  const ReadResult result = Read(text, arena);
  std::string out;
  for (const Document& document : result.documents) {
    if (!out.empty()) out += " ";
    out += value::ToJson(document.root);
  }
  for (const auto& error : result.errors) {
    out += " error@" + std::to_string(error.place.document) + ":" +
           std::to_string(error.place.byte_offset) + " " + error.message;
    for (const auto& note : error.notes) out += " [" + note + "]";
  }
  return out;
}

struct Case {
  const char* yaml;
  const char* want;
};

TEST(ReadTest, Documents) {
  const Case cases[] = {
      {"", ""},
      {"# only a comment\n", ""},
      {"a: 1", R"({"a":1})"},
      {"---\n", "null"},
      {"---\n---\na: 1\n", R"(null {"a":1})"},
      {"# c\n---\na: 1\n...\n# d\n", R"({"a":1})"},
      {"a: 1\n...\nb: 2\n", R"({"a":1} {"b":2})"},
      {"--- {a: 1}\n--- |\n text\n--- 5", R"({"a":1} "text\n" 5)"},
      {"%YAML 1.1\n%TAG !x! tag:yaml.org,2002:\n---\na: !x!str 1\n", R"({"a":"1"})"},
      {"\xef\xbb\xbf"
       "a: 1\r\nb: |\r\n  x\r\n  y\r\n",
       R"({"a":1,"b":"x\ny\n"})"},
      {"a: |\n  x\n  ---\n  y\n---\nb: 1", R"({"a":"x\n---\ny\n"} {"b":1})"},
      {R"({"a": "\ud83d\ude00 \u00e4 \/"})", "{\"a\":\"😀 ä /\"}"},
      {"{\"a\": 1}\n{\"b\": \"}\\\"{\"} {\"c\": [{}]}\n---\nd: 1",
       R"({"a":1} {"b":"}\"{"} {"c":[{}]} {"d":1})"},
      {"{a: '}'}\n", R"({"a":"}"})"},
      {"a: \"x\\/y\"",
       " error@0:3 a backslash in double quotes that begins no known escape: found unknown escape "
       "character"},
      {"a: \"x\\\\/y\"", R"({"a":"x\\/y"})"},
      {R"({"a": "\ud83d"})", "{\"a\":\"\xef\xbf\xbd\"}"},
      {R"({"a": "\x"})",
       " error@0:9 a backslash in double quotes that begins no known escape: did not find expected "
       "hexdecimal number (while parsing a quoted scalar)"},
      {"a: [\n---\nb: 1\n---\nc: }\n---\nd: 2",
       R"({"b":1} {"d":2} error@0:5 a bracket before this is not closed: did not find expected node content (while parsing a flow node))"
       R"( error@2:21 did not find expected node content (while parsing a block node))"},
  };
  for (const Case& c : cases) EXPECT_EQ(Json(c.yaml), c.want) << c.yaml;
}

TEST(ReadTest, KeysAndMerges) {
  const Case cases[] = {
      {"b: 1\na: 2\nc: 3", R"({"a":2,"b":1,"c":3})"},
      {"n: 1\non: 2\n1: 3\n1.5: 4\n1e6: 5\n0x10: 6",
       R"({"1":3,"1.5":4,"16":6,"1e+06":5,"false":1,"true":2})"},
      {"a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}", R"({"a":{"b":1,"c":2},"d":{"b":1,"c":3}})"},
      {"<<: [{a: 1}, {a: 2, b: 3}]\nb: 4", R"({"a":1,"b":4})"},
      {"a: 1\n<<: {a: 2}", R"({"a":2})"},
      {"\"<<\": {a: 2}", R"({"<<":{"a":2}})"},
      {"a: 1\nb: 2\na: 3", R"( error@0:10 duplicate key "a" [first set at line 1, column 1])"},
      {"x: {1: a, \"1\": b}", R"( error@0:10 duplicate key "1" [first set at line 1, column 5])"},
      {"b: 1\n<<: {b: 3}\nb: 2",
       R"( error@0:16 duplicate key "b" [first set at line 1, column 1])"},
      {"~: 1", " error@0:0 unsupported map key: null"},
      {"[a]: 1", " error@0:0 invalid map key: a list or map"},
      {"<<: 5", " error@0:4 map merge requires map or sequence of maps as the value"},
      {"a: &x [{b: 1}]\n<<: *x",
       " error@0:19 map merge requires map or sequence of maps as the value"},
      {"a: *x",
       " error@0:3 an alias (*name) without its anchor (&name): unknown anchor 'x' referenced"},
      {"a: &x [*x]", " error@0:7 anchor 'x' value contains itself"},
      {"&a k: 1\nb: *a", R"({"b":"k","k":1})"},
      {"a: &x k\n*x : 2", R"({"a":"k","k":2})"},
  };
  for (const Case& c : cases) EXPECT_EQ(Json(c.yaml), c.want) << c.yaml;
}

TEST(ReadTest, RefusedBytes) {
  const Case cases[] = {
      {"\xff\xfe"
       "a",
       " error@0:0 UTF-16 text; only UTF-8 is read"},
      {"a: \x01",
       " error@0:3 a character that no text may hold: control characters are not allowed (0x01)"},
      {"a: \xff", " error@0:3 this text is not UTF-8: invalid leading UTF-8 octet (0xFF)"},
      {"a: \xc3(", " error@0:4 this text is not UTF-8: invalid trailing UTF-8 octet (0x28)"},
      {"a: .inf", " error@0:3 .inf is no number that JSON can hold"},
  };
  for (const Case& c : cases) EXPECT_EQ(Json(c.yaml), c.want) << c.yaml;
  EXPECT_EQ(Json(std::string_view("a: \0b", 5)),
            " error@0:3 this is no text: NUL bytes are not allowed");
}

TEST(SplitDocumentsTest, RangesAreWhatStandsBetweenTheMarkers) {
  const struct {
    const char* text;
    std::vector<std::string> want;
  } cases[] = {
      {"", {}},
      {"# c\n", {}},
      {"a\n---\nb\n", {"a\n", "b\n"}},
      {"# c\n---\n# d\na\n---  # e\nb", {"# d\na\n", "b"}},
      {"---\n---\n", {"", ""}},
      {"--- |\n a\n--- b\n", {"--- |\n a\n", "--- b\n"}},
      {"%YAML 1.1\n---\na\n...\n# c\n---\nb\n", {"%YAML 1.1\n---\na\n", "b\n"}},
      {"a: |\n ---\n----\n---b\n", {"a: |\n ---\n----\n---b\n"}},
      {"\xef\xbb\xbf"
       "a\r\n---\r\nb\r\n",
       {"a\r\n", "b\r\n"}},
  };

  for (const auto& c : cases) {
    std::vector<std::string> found;
    for (const DocumentRange& range : SplitDocuments(c.text)) {
      found.emplace_back(c.text + range.begin, range.end - range.begin);
    }
    EXPECT_EQ(found, c.want) << c.text;
  }
}

struct PlaceCase {
  const char* yaml;
  base::Place place;
  const char* text;  // what the location covers
  std::uint32_t line;
  std::uint32_t column;
};

TEST(LocateTest, FieldsAndText) {
  const auto at = [](std::string field, std::uint32_t begin = 0, std::uint32_t end = 0,
                     std::uint32_t doc = 0) {
    base::Place place;
    place.field = std::move(field);
    place.text_begin = begin;
    place.text_end = end;
    place.document = doc;
    return place;
  };
  const PlaceCase cases[] = {
      {"a:\n  b: xyz\n", at("/a/b"), "xyz", 2, 6},
      {"a:\n  b: xyz\n", at("/a"), "a", 1, 1},
      {"a:\n  b: xyz\n", at("/a/b", 1, 2), "y", 2, 7},
      {"a: [1, {b: 2}]", at("/a/1/b"), "2", 1, 12},
      {"ä: \"ü${x}\"", at("/ä", 2, 6), "${x}", 1, 6},
      {"a: 'it''s ${x}'", at("/a", 5, 9), "${x}", 1, 11},
      {"a: \"\\u00e9\\n${x}\"", at("/a", 3, 7), "${x}", 1, 13},
      {"a: |\n  one\n  ${x}\n", at("/a", 4, 8), "${x}", 3, 3},
      {"a: |2-\n    one\n\n  ${x}\n", at("/a", 7, 11), "${x}", 4, 3},
      {"a: >\n  one\n  two\n\n  ${x}\n", at("/a", 8, 12), "${x}", 5, 3},
      {"a: one\n  two\n\n  ${x}\n", at("/a", 8, 12), "${x}", 4, 3},
      {"a: \"one\\\n   two ${x}\"", at("/a", 7, 11), "${x}", 2, 8},
      {"a: 1\n---\nb: 2\n", at("/b", 0, 0, 1), "2", 3, 4},
      {"x: &x {b: 7}\na: *x\n", at("/a/b"), "7", 1, 11},
      {"x: &x {b: 7}\na:\n  <<: *x\n", at("/a/b"), "7", 1, 11},
      {"a/b: {c~d: 5}", at("/a~1b/c~0d"), "5", 1, 12},
      {"n: 5", at("/false"), "5", 1, 4},
      {"a:\n", at("/a"), "a", 1, 1},
      {"\xef\xbb\xbf"
       "a: 1",
       at("/a"), "1", 1, 4},
  };
  for (const PlaceCase& c : cases) {
    const Location found = Locate(c.yaml, c.place);
    EXPECT_TRUE(found.exact) << c.yaml;
    EXPECT_EQ(std::string_view(c.yaml).substr(found.begin, found.end - found.begin), c.text)
        << c.yaml;
    EXPECT_EQ(found.line, c.line) << c.yaml;
    EXPECT_EQ(found.column, c.column) << c.yaml;
  }
  const Location nearest = Locate("a:\n  b: 1\n", at("/a/c/d"));
  EXPECT_FALSE(nearest.exact);
  EXPECT_EQ(nearest.line, 1u);
}

// Message and hint of the one error, with the line it is at.
std::string Words(std::string_view text) {
  base::Arena arena;
  const ReadResult result = Read(text, arena);
  if (result.errors.size() != 1) return std::to_string(result.errors.size()) + " errors";
  const base::Diagnostic& error = result.errors[0];
  return std::to_string(Locate(text, error.place).line) + ": " +
         error.message.substr(0, error.message.find(": ")) + " | " + error.hint;
}

TEST(ReadTest, ErrorsAreInPeoplesWords) {
  const Case cases[] = {
      {"a:\n\tb: 1\n", "2: a tab indents this line | indent with spaces; YAML takes no tabs"},
      {"a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\n",
       "2: a merge conflict is left in the file | settle it, and take out the lines that begin "
       "with "
       "<<<<<<<, ======= and >>>>>>>"},
      {"apiVersion: v1\nkind: A\napiVersion: v1\nkind: B\n",
       "3: a second object begins here without a line --- before it | put --- on a line of its own "
       "between the two objects"},
      {"a: \"x\nb: 1\nc: 2\n", "1: a quote is opened here and not closed | close the quote"},
      {"a: 'x\n---\nb: 1\n", "1: a quote is opened here and not closed | close the quote"},
      {"a: b: c\n",
       "1: a second \" | put a value that holds \": \" in quotes; begin every key on a line of its "
       "own, below its neighbours"},
      {"a:\n  b: 1\n c: 2\n",
       "3: this line is indented otherwise than its neighbours | begin it in the column of the "
       "other "
       "keys of its map"},
      {"a: {{ .x }}\n",
       "1: this is a template, not YAML yet | leave it out with --exclude, or put {{ … }} in "
       "quotes"},
      {"a: @b\n", "1: a value may not begin with @ | put the value in quotes"},
      {"a: [1, 2\nb: 3\n",
       "2: a bracket before this is not closed | close it, with commas between what it holds"},
      {"a: 1\na: 2\n", "2: duplicate key \"a\" | keep one of the two"},
  };
  for (const Case& c : cases) EXPECT_EQ(Words(c.yaml), c.want) << c.yaml;
}

}  // namespace
}  // namespace openchoreo::yaml
