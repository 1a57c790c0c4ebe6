#include "health/sights.h"

#include "common/health/rules.h"
#include "common/names/k8s_name.h"
#include "common/names/labels.h"

namespace openchoreo::mapper {

namespace labels = names::labels;
using value::Value;

namespace {

std::string LabelOf(std::string_view name) {
  return name.size() <= names::kMaxLabelName ? std::string(name)
                                             : names::GenerateK8sName(names::kMaxLabelName, {name});
}

}  // namespace

Sight SightOf(const record::RecordedObject& object, const Value& live,
              const health::OwnRules* rules, const health::Terms& terms) {
  Sight sight;
  sight.kind = Sight::Kind::kSeen;
  sight.object = live;
  if (rules) {
    base::Arena arena;
    base::RenderLimits limits;
    limits.max_cel_steps = 1'000'000;
    limits.max_cel_bytes = 8u << 20;
    sight.judgement =
        rules->Judge(object.api_version, object.kind, sight.object, terms, arena, limits);
  } else {
    sight.judgement = health::JudgeObject(object.api_version, object.kind, sight.object, terms);
  }
  sight.digest = sight.object.Get("metadata", "annotations", labels::kDigest).string_or_empty();
  return sight;
}

ReleaseLabels::ReleaseLabels(std::string_view release, std::string_view ns)
    : name_(LabelOf(release)), ns_(LabelOf(ns)) {}

bool ReleaseLabels::AreOn(const Value& live) const {
  const Value given = live.Get("metadata", "labels");
  const auto are = [&](std::string_view name_key, std::string_view ns_key) {
    return given.Get(name_key).string_or_empty() == name_ &&
           given.Get(ns_key).string_or_empty() == ns_;
  };
  return are(labels::kReleaseName, labels::kReleaseNamespace) ||
         are(labels::kOldReleaseName, labels::kOldReleaseNamespace);
}

}  // namespace openchoreo::mapper
