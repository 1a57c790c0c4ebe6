#include "common/platform/kube/answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/platform/kube/json_scan.h"
#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"

namespace openchoreo::kube {
namespace {

using base::ErrorCode;
using testing::ElementsAre;
using testing::HasSubstr;

const Resource kThings{"g.io", "v1", "things", "Thing", true};

// What a sink was told, one line each.
class Told final : public WatchSink {
 public:
  void Changed(const value::Value& object) override {
    lines.push_back("+" + value::ToJson(object));
  }

  void Gone(const value::Value& object) override { lines.push_back("-" + value::ToJson(object)); }

  void Reached(std::string_view version) override { lines.push_back("@" + std::string(version)); }

  std::vector<std::string> lines;
};

TEST(JsonScan, FindsTheParts) {
  struct Case {
    const char* text;
    const char* want;
    bool ok;
  };

  const Case cases[] = {
      {"{}", "", true},
      {" { } \n", "", true},
      {R"({"a":1})", "a=1;", true},
      {R"( {"a" : {"b":["}",{"\"":2}]} , "c":"x\\" , "d":null } )",
       R"(a={"b":["}",{"\"":2}]};c="x\\";d=null;)", true},
      {"{\"a\":1", "a=1;", false},
      {"{\"a\":1}}", "a=1;", false},
      {"{\"a\":[1}", "a=[1};", false},
      {"{\"a\":", "", false},
      {"{\"a\" 1}", "", false},
      {"{\"a", "", false},
      {"{a:1}", "", false},
      {"{\"a\":1,}", "a=1;", false},
      {"[1]", "", false},
      {"", "", false},
  };
  for (const Case& c : cases) {
    MapScan map(c.text);
    std::string got;
    while (map.Next()) got.append(map.key()).append("=").append(map.value()).append(";");
    EXPECT_EQ(got, c.want) << c.text;
    EXPECT_EQ(map.ok(), c.ok) << c.text;
  }
  ListScan list(R"([1, {"a":[2]},"]" ])");
  std::vector<std::string> items;
  while (list.Next()) items.emplace_back(list.value());
  EXPECT_TRUE(list.ok());
  EXPECT_THAT(items, ElementsAre("1", R"({"a":[2]})", R"("]")"));
}

TEST(Answer, ErrorsHaveTheServersWordsAndOurCodes) {
  struct Case {
    int status;
    const char* body;
    ErrorCode code;
    const char* message;
  };

  const Case cases[] = {
      {404, R"({"kind":"Status","message":"things \"x\" not found"})", ErrorCode::kNotFound,
       "GET things x: things \"x\" not found"},
      {409, R"({"kind":"Status","message":"modified"})", ErrorCode::kConflict,
       "GET things x: modified"},
      {410, "", ErrorCode::kExpired, "GET things x: the API server answered 410"},
      {401, "Unauthorized\nmore", ErrorCode::kDenied, "GET things x: Unauthorized"},
      {403, R"({"message":"not a Status"})", ErrorCode::kDenied,
       R"(GET things x: {"message":"not a Status"})"},
      {422, "", ErrorCode::kInvalidResource, "GET things x: the API server answered 422"},
      {413, "", ErrorCode::kLimit, "GET things x: the API server answered 413"},
      {429, "", ErrorCode::kUnavailable, "GET things x: the API server answered 429"},
      {503, "", ErrorCode::kUnavailable, "GET things x: the API server answered 503"},
      {307, "", ErrorCode::kUnavailable, "GET things x: the API server answered 307"},
  };
  for (const Case& c : cases) {
    http::Reply reply;
    reply.status = c.status;
    reply.body = c.body;
    const base::Error error = ErrorOf(reply, "GET things x: ");
    EXPECT_EQ(error.code, c.code) << c.status;
    EXPECT_EQ(error.message, c.message);
  }
}

TEST(Answer, RetryAfter) {
  const auto after = [](int status, const char* header) {
    http::Reply reply;
    reply.status = status;
    if (*header) reply.headers.emplace_back("retry-after", header);
    return RetryAfter(reply).count();
  };
  EXPECT_EQ(after(429, "3"), 3000);
  EXPECT_EQ(after(429, "0"), 1000);
  EXPECT_EQ(after(429, ""), 1000);
  EXPECT_EQ(after(429, "Wed, 21 Oct 2026 07:28:00 GMT"), 1000);
  EXPECT_EQ(after(503, "7"), 7000);
  EXPECT_EQ(after(503, "99999999"), 3'600'000);
  EXPECT_EQ(after(503, "99999999999999999999"), -1);
  EXPECT_EQ(after(500, ""), -1);
  EXPECT_EQ(after(404, "5"), -1);
}

TEST(Answer, ListsAreReadItemByItemAndCompleted) {
  const std::string text =
      R"({"kind":"ThingList","metadata":{"resourceVersion":"12","continue":"more"},"items":[)"
      R"({"metadata":{"name":"a","managedFields":[{"x":1}]},"spec":{"s":1}},)"
      R"({"apiVersion":"g.io/v1","kind":"Thing","metadata":{"name":"b"}}]})";
  std::vector<std::string> items;
  const auto take = [&](const value::Value& item) { items.push_back(value::ToJson(item)); };
  auto page = ReadList(text, kThings, MaskOf({}), take);
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(page->resource_version, "12");
  EXPECT_EQ(page->next, "more");
  EXPECT_THAT(
      items,
      ElementsAre(
          R"({"apiVersion":"g.io/v1","kind":"Thing","metadata":{"name":"a"},"spec":{"s":1}})",
          R"({"apiVersion":"g.io/v1","kind":"Thing","metadata":{"name":"b"}})"));
  items.clear();
  Selector selector;
  selector.keep = std::make_shared<value::FieldMask>(value::FieldMask::Only({"/status"}));
  ASSERT_TRUE(ReadList(text, kThings, MaskOf(selector), take));
  EXPECT_EQ(items[0], R"({"apiVersion":"g.io/v1","kind":"Thing","metadata":{"name":"a"}})");
  auto empty =
      ReadList(R"({"metadata":{"resourceVersion":"1"},"items":null})", kThings, MaskOf({}), take);
  EXPECT_TRUE(empty);
}

TEST(Answer, AListThatIsCutIsAnError) {
  const std::string text =
      R"({"metadata":{"resourceVersion":"12"},"items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]})";
  for (std::size_t length = 0; length < text.size(); ++length) {
    auto page = ReadList(text.substr(0, length), kThings, MaskOf({}), [](const value::Value&) {});
    ASSERT_FALSE(page) << length;
    EXPECT_EQ(page.error().code, ErrorCode::kUnavailable);
  }
  for (const char* bad : {R"({"metadata":{}})", R"({"items":{}})", R"({"items":[1]})",
                          R"({"items":[{"a":tru}]})", R"([])", "<html>"}) {
    EXPECT_FALSE(ReadList(bad, kThings, MaskOf({}), [](const value::Value&) {})) << bad;
  }
}

TEST(WatchReader, ReadsEventsHoweverTheyAreCut) {
  const std::string text =
      R"({"type":"ADDED","object":{"kind":"Thing","metadata":{"name":"a","resourceVersion":"1","managedFields":[]}}})"
      "\n\n"
      R"({"object":{"kind":"Thing","metadata":{"name":"a","resourceVersion":"2"}},"type":"DELETED"})"
      "\r\n"
      R"({"type":"BOOKMARK","object":{"kind":"Thing","metadata":{"resourceVersion":"9"}}})"
      "\n";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    Told told;
    const value::FieldMask mask = MaskOf({});
    WatchReader reader(kThings, mask, 1000, told);
    for (std::size_t at = 0; at < text.size(); at += piece)
      ASSERT_TRUE(reader.Take(std::string_view(text).substr(at, piece))) << reader.error().message;
    EXPECT_THAT(
        told.lines,
        ElementsAre(R"(+{"kind":"Thing","metadata":{"name":"a","resourceVersion":"1"}})", "@1",
                    R"(-{"kind":"Thing","metadata":{"name":"a","resourceVersion":"2"}})", "@2",
                    "@9"));
  }
}

TEST(WatchReader, HalfALineIsNoEvent) {
  Told told;
  const value::FieldMask mask = MaskOf({});
  WatchReader reader(kThings, mask, 1000, told);
  EXPECT_TRUE(
      reader.Take(R"({"type":"ADDED","object":{"metadata":{"name":"a"}}})"));  // no line end
  EXPECT_TRUE(told.lines.empty());
}

TEST(WatchReader, EndsOnErrorsAndOnNonsense) {
  struct Case {
    const char* name;
    std::string line;
    bool expired;
    ErrorCode code;
    const char* message;
  };

  const Case cases[] = {
      {"410", R"({"type":"ERROR","object":{"kind":"Status","code":410,"message":"too old"}})", true,
       ErrorCode::kNone, ""},
      {"another error",
       R"({"type":"ERROR","object":{"kind":"Status","code":403,"message":"no more"}})", false,
       ErrorCode::kDenied, "watch: no more"},
      {"an error without a code", R"({"type":"ERROR","object":{}})", false, ErrorCode::kUnavailable,
       "watch: "},
      {"no JSON", "<html>", false, ErrorCode::kUnavailable, "it is no JSON object"},
      {"no object", R"({"type":"ADDED"})", false, ErrorCode::kUnavailable, "unexpected end"},
      {"object is text", R"({"type":"ADDED","object":"x"})", false, ErrorCode::kUnavailable,
       "it has no object"},
      {"no name", R"({"type":"ADDED","object":{}})", false, ErrorCode::kUnavailable,
       "it names no object"},
      {"unknown type", R"({"type":"MOVED","object":{"metadata":{"name":"a"}}})", false,
       ErrorCode::kUnavailable, "its type is unknown"},
      {"too long", std::string(2000, 'x'), false, ErrorCode::kLimit, "larger than 1000 bytes"},
  };
  for (const Case& c : cases) {
    Told told;
    const value::FieldMask mask = MaskOf({});
    WatchReader reader(kThings, mask, 1000, told);
    EXPECT_FALSE(reader.Take(c.line + "\n")) << c.name;
    EXPECT_EQ(reader.expired(), c.expired) << c.name;
    EXPECT_EQ(reader.error().code, c.code) << c.name;
    EXPECT_THAT(reader.error().message, HasSubstr(c.message)) << c.name;
    EXPECT_TRUE(told.lines.empty()) << c.name;
  }
}

}  // namespace
}  // namespace openchoreo::kube
