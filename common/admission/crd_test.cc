#include "common/admission/crd.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace openchoreo::admission {
namespace {

using names::Dialect;
using names::Kind;
using value::Value;

Value Schema(const Value& crd) {
  return crd.Get("spec", "versions").as_list()[0].Get("schema", "openAPIV3Schema");
}

std::set<std::string_view> Properties(const Value& schema) {
  std::set<std::string_view> names;
  for (const value::MapEntry& property : schema.Get("properties").as_map()) {
    names.insert(property.key.as_string());
  }
  return names;
}

// A structural schema: every node below the root has a type or keeps what it does not know.
void ExpectStructural(const Value& schema, const std::string& path) {
  const Value open = schema.Get("x-kubernetes-preserve-unknown-fields");
  const bool typed = schema.Get("type").is_string();
  EXPECT_TRUE(typed || (open.is_bool() && open.as_bool())) << path;
  EXPECT_FALSE(schema.Find("properties") && schema.Find("additionalProperties")) << path;
  if (const Value required = schema.Get("required"); required.is_list()) {
    for (const Value& name : required.as_list()) {
      EXPECT_NE(schema.Get("properties").Find(name.as_string()), nullptr) << path;
    }
  }
  if (const Value properties = schema.Get("properties"); properties.is_map()) {
    for (const value::MapEntry& property : properties.as_map()) {
      ExpectStructural(property.value, path + "." + std::string(property.key.as_string()));
    }
  }
  if (schema.Find("additionalProperties")) {
    ExpectStructural(schema.Get("additionalProperties"), path + ".*");
  }
  if (schema.Get("type").string_or_empty() == "array") {
    ASSERT_NE(schema.Find("items"), nullptr) << path;
    ExpectStructural(schema.Get("items"), path + "[]");
  }
}

TEST(Crd, IsStructuralForEveryKindAndDialect) {
  for (int i = 0; i < names::kKindCount; ++i) {
    const Kind kind = static_cast<Kind>(i);
    for (const auto dialect :
         {std::optional<Dialect>(), std::optional(Dialect::kV1), std::optional(Dialect::kV012)}) {
      base::Arena arena;
      const Value crd = MakeCrd(kind, dialect, arena);
      const std::string name(names::NameOf(kind));
      EXPECT_EQ(crd.Get("spec", "names", "kind").as_string(), name);
      ExpectStructural(Schema(crd), name);
    }
  }
}

TEST(Crd, OfABindingShowsItsHealth) {
  base::Arena arena;
  const Value crd = MakeCrd(Kind::kReleaseBinding, std::nullopt, arena);
  std::vector<std::string> columns;
  const Value version = crd.Get("spec", "versions").as_list()[0];
  for (const Value& column : version.Get("additionalPrinterColumns").as_list()) {
    columns.emplace_back(column.Get("name").as_string());
  }
  EXPECT_EQ(columns, (std::vector<std::string>{"Project", "Component", "Environment", "Ready",
                                               "Reason", "Release", "Age"}));
  const Value status = Schema(crd).Get("properties", "status");
  EXPECT_EQ(status.Get("properties", "conditions").Find("x-kubernetes-list-type"), nullptr)
      << "upstream's list of conditions is atomic";
  const Value project = Schema(MakeCrd(Kind::kProjectReleaseBinding, std::nullopt, arena));
  EXPECT_EQ(project.Get("properties", "status", "properties", "conditions")
                .Get("x-kubernetes-list-type")
                .string_or_empty(),
            "map");
}

TEST(Crd, TakesBothDialectsUnlessToldWhich) {
  base::Arena arena;
  const auto fields = [&](std::optional<Dialect> dialect) {
    return Properties(
        Schema(MakeCrd(Kind::kReleaseBinding, dialect, arena)).Get("properties", "spec"));
  };
  const auto both = fields(std::nullopt), today = fields(Dialect::kV1),
             old = fields(Dialect::kV012);
  EXPECT_TRUE(both.contains("componentTypeEnvOverrides"));
  EXPECT_TRUE(both.contains("componentTypeEnvironmentConfigs"));
  EXPECT_FALSE(today.contains("componentTypeEnvOverrides"));
  EXPECT_FALSE(old.contains("componentTypeEnvironmentConfigs"));
}

TEST(Crd, AnOldBindingGetsNoStateItDidNotHave) {
  base::Arena arena;
  const auto fallback = [&](std::optional<Dialect> dialect) {
    return Schema(MakeCrd(Kind::kReleaseBinding, dialect, arena))
        .Get("properties", "spec", "properties", "state")
        .Get("default")
        .string_or_empty();
  };
  EXPECT_EQ(fallback(Dialect::kV012), "");
  EXPECT_EQ(fallback(Dialect::kV1), "Active");
  EXPECT_EQ(fallback(std::nullopt), "Active");
}

TEST(Crd, WhatTheDialectsDisagreeOnIsOpen) {
  base::Arena arena;
  // A text in v0.12, {kind, name} since.
  const Value spec =
      Schema(MakeCrd(Kind::kEnvironment, std::nullopt, arena)).Get("properties", "spec");
  EXPECT_TRUE(spec.Get("properties", "dataPlaneRef").Find("x-kubernetes-preserve-unknown-fields"));
  EXPECT_FALSE(spec.Get("properties", "dataPlaneRef").Find("type"));
}

}  // namespace
}  // namespace openchoreo::admission
