#include "health/crd_dialect.h"

#include "common/value/json_reader.h"

namespace openchoreo::mapper {

using value::Value;

std::optional<health::Version> VersionOf(const Value& openapi) {
  const Value schema =
      openapi.Get("components", "schemas", "dev.openchoreo.v1alpha1.ReleaseBinding");
  if (!schema.is_map()) return std::nullopt;
  const Value status = schema.Get("properties", "status", "properties");
  return status.Find("observedGeneration") ? health::Version::kV1 : health::Version::kV012;
}

base::Result<health::Version> FindVersion(kube::Client& client, const base::Cancel& cancel) {
  OC_TRY(const std::string text, client.GetRaw("/openapi/v3/apis/openchoreo.dev/v1alpha1", cancel));
  base::Arena arena;
  const auto document = value::ReadJson(text, arena);
  const auto version = document ? VersionOf(*document) : std::nullopt;
  if (!version) return base::Fail(base::ErrorCode::kNotFound, "no ReleaseBinding is described");
  return *version;
}

}  // namespace openchoreo::mapper
