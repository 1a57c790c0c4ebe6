#include "common/resource/compact_values.h"

#include <gtest/gtest.h>

#include <string>

#include "common/resource/parsed_file.h"
#include "common/value/unbudgeted.h"
#include "common/yaml/reader.h"

namespace openchoreo::resource {
namespace {

using value::Value;

std::string Repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

// What a release and its like have in common: well over what is worth sharing.
std::string Type() { return "{a: [" + Repeated("{name: x, number: 1, on: true}, ", 20) + "b]}"; }

struct Compact {
  explicit Compact(const std::string& text, SharedParts* parts) : copies(parts) {
    base::Arena read;
    const yaml::ReadResult result = yaml::Read(text, read);
    const Value root = result.documents.at(0).root;
    json = value::ToJson(root);
    EXPECT_TRUE(copies.Add(root));
    arena = std::make_unique<base::Arena>(copies.bytes());
    copies.Begin(*arena);
    value = copies.Copy(root);
    held = copies.TakeParts();
  }

  CompactValues copies;
  std::unique_ptr<base::Arena> arena;
  std::vector<SharedParts::PartPointer> held;
  Value value;
  std::string json;
};

TEST(CompactValues, AreTheSameInOneBlock) {
  for (const char* text :
       {"{}", "[]", "a", "''", "1", "{a: ''}", "{a: 1, b: 1.0, c: '1', d: true, e: null, f: ''}",
        "{a: &x {b: [1, 2, {c: d}]}, e: *x, f: [*x, [*x]]}", "[[], {}, [[]], {a: {}}]"}) {
    const Compact compact(text, nullptr);
    EXPECT_EQ(value::ToJson(compact.value), compact.json) << text;
    EXPECT_LE(compact.arena->bytes(), compact.copies.bytes() + 8) << text;
  }
}

TEST(CompactValues, ShareWhatTheOriginalsShare) {
  const Compact compact("{a: &x {b: [1, 2]}, e: *x}", nullptr);
  EXPECT_EQ(compact.value.Get("a").as_map().data(), compact.value.Get("e").as_map().data());
}

// Forty anchors, each twice in the next: 2^40 leaves if written out.
TEST(CompactValues, TakeWhatRepeatsItselfAsItIs) {
  std::string text = "x0: &x0 {a: b}\n";
  for (int i = 1; i <= 40; ++i) {
    const std::string name = "x" + std::to_string(i), former = "*x" + std::to_string(i - 1);
    text += name + ": &" + name + " [" + former + ", " + former + "]\n";
  }
  base::Arena read, arena;
  const yaml::ReadResult result = yaml::Read(text, read);
  if (result.documents.empty()) return;  // its reader bounds it already
  SharedParts parts(1 << 20);
  for (int i = 0; i < 3; ++i) {
    CompactValues copies(&parts);
    ASSERT_TRUE(copies.Add(result.documents.front().root));
    EXPECT_LT(copies.bytes(), 10'000u);
  }
}

TEST(SharedParts, HoldOnceWhatSeveralHave) {
  SharedParts parts(1 << 20);
  const Compact first("{one: 1, type: " + Type() + "}", &parts);
  EXPECT_TRUE(first.held.empty());
  EXPECT_EQ(parts.bytes(), 0u);
  {
    const Compact second("{two: 2, type: " + Type() + "}", &parts),
        third("{three: 3, type: " + Type() + "}", &parts);
    ASSERT_EQ(second.held.size(), 1u);
    EXPECT_EQ(second.held, third.held);
    EXPECT_EQ(third.value.Get("type").as_map().data(), second.value.Get("type").as_map().data());
    EXPECT_LT(third.arena->bytes(), 200u);
    EXPECT_GT(parts.bytes(), 500u);
    for (const Compact* one : {&first, &second, &third})
      EXPECT_EQ(value::ToJson(one->value), one->json);
  }
  EXPECT_EQ(parts.bytes(), 0u);
}

// The same JSON, but not the same value.
TEST(SharedParts, TellNumbersApart) {
  SharedParts parts(1 << 20);
  const Value one[] = {Value::Int(1)}, other[] = {Value::Double(1)};
  EXPECT_EQ(parts.Share(7, Value::List(one)), nullptr);
  const auto made = parts.Share(7, Value::List(one));
  ASSERT_NE(made, nullptr);
  EXPECT_EQ(parts.Share(7, Value::List(one)), made);
  EXPECT_EQ(parts.Share(7, Value::List(other)), nullptr);
}

TEST(SharedParts, AskedForWithAnHashThatIsAnothers) {
  SharedParts parts(1 << 20);
  base::Arena arena;
  const Value one = yaml::Read("{a: b}", arena).documents[0].root,
              other = yaml::Read("{a: c}", arena).documents[0].root;
  EXPECT_EQ(parts.Share(7, one), nullptr);
  const auto made = parts.Share(7, one);
  ASSERT_NE(made, nullptr);
  EXPECT_EQ(parts.Share(7, other), nullptr);
  EXPECT_EQ(parts.Share(7, one), made);
}

TEST(SharedParts, AreBounded) {
  SharedParts parts(1);
  const Compact first("{type: " + Type() + "}", &parts),
      second("{b: 1, type: " + Type() + "}", &parts),
      other("{c: 1, x: {type: " + Type() + "}}", &parts);
  EXPECT_EQ(second.held.size(), 1u);  // the first there is room for
  const std::string more = "{a: [" + Repeated("{name: y}, ", 50) + "]}";
  const Compact third(more, &parts), fourth("{d: 1, x: " + more + "}", &parts);
  EXPECT_TRUE(fourth.held.empty());
}

TEST(CompactedFile, SaysTheSameInLess) {
  const std::string text =
      "apiVersion: openchoreo.dev/v1alpha1\nkind: ReleaseBinding\nmetadata: {name: cart-dev, "
      "namespace: acme}\nspec:\n  owner: {project: shop, componentName: cart}\n  environment: dev\n"
      "  releaseName: cart-1\n  componentTypeEnvOverrides: {a: 1}\n  bogus: 1\n---\nkind: "
      "Environment\napiVersion: openchoreo.dev/v1alpha1\nmetadata: {name: dev}\nspec: {}\n";
  SharedParts parts(1 << 20);
  const auto plain = ParseFile(text, {});
  const auto compact = Compacted(ParseFile(text, {}), parts);
  EXPECT_LT(compact->bytes(), plain->bytes());
  ASSERT_EQ(compact->objects.size(), plain->objects.size());
  EXPECT_EQ(compact->findings.size(), plain->findings.size());
  EXPECT_EQ(compact->unused.size(), plain->unused.size());
  for (std::size_t i = 0; i < plain->objects.size(); ++i) {
    const ParsedObject &a = plain->objects[i], &b = compact->objects[i];
    EXPECT_EQ(a.name, b.name);
    EXPECT_EQ(a.ns, b.ns);
    EXPECT_EQ(a.dialect_evidence, b.dialect_evidence);
    EXPECT_EQ(value::ToJson(a.root), value::ToJson(b.root));
    EXPECT_EQ(value::ToJson(a.written), value::ToJson(b.written));
  }
}

}  // namespace
}  // namespace openchoreo::resource
