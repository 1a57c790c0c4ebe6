#include "common/base/printable.h"

#include <gtest/gtest.h>

namespace openchoreo::base {
namespace {

constexpr const char* kReplaced = "\xef\xbf\xbd";

TEST(PrintableTest, NothingSteersATerminalOrBeginsALine) {
  const std::string r = kReplaced;

  const struct {
    const char* name;
    std::string text, want;
  } cases[] = {
      {"plain", "grüße, 日本 🎉", "grüße, 日本 🎉"},
      {"a workflow command", "x\n::error file=a::made up", "x\\n::error file=a::made up"},
      {"carriage return", "safe\rx", "safe\\rx"},
      {"escape sequences", "\x1b[31mred\x07", r + "[31mred" + r},
      {"C1 in UTF-8",
       "\xc2\x9b"
       "31m",
       r + "31m"},
      {"C1 as a byte",
       "\x9b"
       "31m",
       r + "31m"},
      {"direction",
       "a\xe2\x80\xae"
       "b\xe2\x81\xa6",
       "a" + r + "b" + r},
      {"line and paragraph separators",
       "a\xe2\x80\xa8"
       "b\xe2\x80\xa9",
       "a" + r + "b" + r},
      {"tags that nobody sees", "a\xf3\xa0\x81\x81", "a" + r},
      {"tab", "a\tb", "a b"},
      {"NUL and DEL", std::string("a\0b\x7f", 4), "a" + r + "b" + r},
      {"not UTF-8", "a\xff\xfe", "a" + r + r},
  };

  for (const auto& test : cases) {
    EXPECT_EQ(Printable(test.text), test.want) << test.name;
  }
}

TEST(PrintableTest, MessagesKeepTheirExcerpts) {
  const std::string message = "ERROR: <input>:1:1: no x\n | x.y\n | ^\nERROR: <input>:1:3: no y";
  EXPECT_EQ(Printable(message, LineBreaks::kKeepQuoted), message);
  EXPECT_EQ(Printable("a\n::error::b\n | c", LineBreaks::kKeepQuoted), "a\\n::error::b\n | c");
  EXPECT_EQ(Printable("a\n\nb\x1b", LineBreaks::kKeep), std::string("a\n\nb") + kReplaced);
}

TEST(PrintableTest, QuotesAnotherProgramsLines) {
  EXPECT_EQ(QuotedLines("Error: one\n::warning::two\n\n"), "\n | Error: one\n | ::warning::two");
  EXPECT_EQ(QuotedLines(""), "");
}

TEST(PrintableTest, ShownTextHoldsNoSecrets) {
  EXPECT_EQ(Shown("https://me:pass@host/x\ny"), "https://***@host/x\\ny");
  EXPECT_EQ(Shown("a\n | b\x1b", LineBreaks::kKeepQuoted), "a\n | b\xef\xbf\xbd");
}

}  // namespace
}  // namespace openchoreo::base
