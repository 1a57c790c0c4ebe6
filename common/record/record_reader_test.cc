#include <gtest/gtest.h>

#include <string>

#include "common/record/record.h"
#include "common/value/json_writer.h"

namespace openchoreo::record {
namespace {

constexpr char kVersion1[] =
    R"({"binding":{"kind":"ReleaseBinding","name":"api-dev","namespace":"acme"},"endpoints":[],
    "environment":"dev","owner":{"componentName":"api","projectName":"shop"},"release":"api-v1",
    "resources":[{"apiVersion":"apps/v1","digest":"ab","id":"deployment-api","kind":"Deployment",
    "name":"api","namespace":"dp-x"}],"version":1})";

constexpr char kVersion2[] =
    "{\n\"binding\":{\"kind\":\"ResourceReleaseBinding\",\"name\":\"db-dev\",\"namespace\":"
    "\"acme\"},"
    "\n\"context\":{\"metadata\":{\"name\":\"db\"}},\n\"endpoints\":[],"
    "\n\"entries\":[{\"id\":\"claim\",\"readyWhen\":\"${applied.claim.status.ok}\"},{\"id\":"
    "\"user\"}],"
    "\n\"environment\":\"dev\",\n\"outputs\":[{\"name\":\"host\",\"value\":\"${applied.claim.x}\"}]"
    ","
    "\n\"owner\":{},\n\"release\":\"db-r1\",\n\"resources\":[\n{\"apiVersion\":\"v1\",\"digest\":"
    "\"cd\","
    "\"id\":\"claim\",\"kind\":\"ConfigMap\",\"name\":\"c\",\"namespace\":\"dp-x\"}\n],"
    "\n\"version\":2\n}\n";

TEST(ReadRecord, TakesVersion1) {
  base::Arena arena;
  const auto record = ReadRecord(kVersion1, arena);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->version, 1);
  EXPECT_EQ(record->binding.name, "api-dev");
  EXPECT_EQ(record->component_type, "");
  ASSERT_EQ(record->resources.size(), 1u);
  EXPECT_EQ(record->resources[0].kind, "Deployment");
  EXPECT_EQ(record->resources[0].ns, "dp-x");
}

TEST(ReadRecord, IsTheInverseOfAppendRecord) {
  const std::string workload =
      "{\n\"binding\":{\"kind\":\"ReleaseBinding\",\"name\":\"a\",\"namespace\":\"n\"},"
      "\n\"componentType\":\"deployment/web\",\n\"connections\":[{\"component\":\"c\",\"endpoint\":"
      "\"e\",\"project\":\"p\",\"visibility\":\"project\"},{\"component\":\"d\",\"endpoint\":\"e\","
      "\"project\":\"p\",\"url\":{\"host\":\"d.n\"},\"visibility\":\"project\"}],"
      "\n\"endpoints\":[{\"name\":\"http\"}],"
      "\n\"environment\":\"dev\",\n\"owner\":{\"componentName\":\"api\"},\n\"pending\":{"
      "\"connections\":"
      "[{\"component\":\"c\",\"endpoint\":\"e\",\"namespace\":\"n\",\"project\":\"p\",\"reason\":"
      "\"r\"}],"
      "\"resources\":[{\"namespace\":\"n\",\"project\":\"p\",\"reason\":\"r\",\"resourceName\":"
      "\"d\"}]},"
      "\n\"release\":\"r1\",\n\"resolved\":{\"connections\":1,\"resources\":3},"
      "\n\"resourceDependencies\":"
      "[\"d\",\"x\"],\n\"resources\":[],\n\"secretReferences\":[\"s\"],"
      "\n\"version\":2\n}\n";
  for (const std::string& text : {std::string(kVersion2), workload}) {
    base::Arena arena;
    const auto record = ReadRecord(text, arena);
    ASSERT_TRUE(record) << record.error().message;
    std::string written;
    ASSERT_TRUE(AppendRecord(written, *record, arena.budget()));
    EXPECT_EQ(written, text);
  }
}

TEST(ReadRecord, NamesWhatIsWrong) {
  struct Case {
    const char* json;
    const char* message;
  };

  for (const Case& c : {
           Case{"", "a release record that is no JSON: "},
           Case{"[]", "a release record that is no map"},
           Case{"{}", "no release record: version is neither 1 nor 2"},
           Case{R"({"version":3})", "no release record: version is neither 1 nor 2"},
           Case{R"({"version":2})", "no release record: kind is missing"},
           Case{R"({"version":2,"binding":[]})", "no release record: binding is no map"},
           Case{R"({"version":2,"binding":{"kind":1}})", "no release record: kind is no text"},
           Case{R"({"version":2,"binding":{"kind":"K","namespace":"n","name":"b"},"resources":{}})",
                "no release record: resources is no list"},
           Case{
               R"({"version":2,"binding":{"kind":"K","namespace":"n","name":"b"},"resources":[1]})",
               "no release record: id stands in no map"},
           Case{R"({"version":2,"binding":{"kind":"K","namespace":"n","name":"b"},
                "resolved":{"connections":-1}})",
                "no release record: connections is no number of things"},
           Case{R"({"version":2,"binding":{"kind":"K","namespace":"n","name":"b"},
                "connections":[{"url":"http://a"}]})",
                "no release record: url is no map"},
           Case{R"({"version":2,"binding":{"kind":"K","namespace":"n","name":"b"},
                "secretReferences":["a",1]})",
                "no release record: secretReferences holds what is no text"},
       }) {
    base::Arena arena;
    const auto record = ReadRecord(c.json, arena);
    ASSERT_FALSE(record) << c.json;
    EXPECT_TRUE(record.error().message.starts_with(c.message)) << record.error().message;
  }
}

TEST(ReadRecord, HasASize) {
  base::Arena arena;
  const auto record = ReadRecord(std::string(kMaxBytes + 1, ' '), arena);
  ASSERT_FALSE(record);
  EXPECT_EQ(record.error().code, base::ErrorCode::kLimit);
}

}  // namespace
}  // namespace openchoreo::record
