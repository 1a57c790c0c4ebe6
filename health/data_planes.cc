#include "health/data_planes.h"

#include "common/base/base64.h"
#include "common/value/json_reader.h"

namespace openchoreo::mapper {

using value::Value;

namespace {

// A key of a Secret's data, decoded; "" if it is not there or no base64.
std::string Decoded(const Value& secret, std::string_view key) {
  std::string text;
  if (!base::DecodeBase64(secret.Get("data", key).string_or_empty(), text)) return "";
  return text;
}

std::string Pem(const Value& tls, std::string_view key) {
  std::string text;
  base::DecodeBase64(tls.Get(key).string_or_empty(), text);
  return text;
}

// Argo CD's form: name, server, config as JSON.
base::Result<DataPlane> ReadArgoCluster(const Value& secret) {
  DataPlane plane;
  plane.name = Decoded(secret, "name");
  plane.access.server = Decoded(secret, "server");
  if (plane.name.empty() || plane.access.server.empty()) {
    return base::Fail(base::ErrorCode::kUsage, "the Secret has no name or no server");
  }
  base::Arena arena;
  const auto config = value::ReadJson(Decoded(secret, "config"), arena);
  if (!config) return base::Fail(base::ErrorCode::kUsage, "the Secret's config is no JSON");
  if (config->Find("execProviderConfig") || config->Find("awsAuthConfig")) {
    return base::Fail(base::ErrorCode::kUsage,
                      "programs that make credentials are not run: use a token or a certificate");
  }
  const auto text = [&](std::string_view key) {
    return std::string(config->Get(key).string_or_empty());
  };
  plane.access.token = text("bearerToken");
  plane.access.user = text("username");
  plane.access.password = text("password");
  const Value tls = config->Get("tlsClientConfig");
  plane.access.tls.authorities = Pem(tls, "caData");
  plane.access.tls.certificate = Pem(tls, "certData");
  plane.access.tls.key = Pem(tls, "keyData");
  plane.access.tls.server_name = tls.Get("serverName").string_or_empty();
  const Value insecure = tls.Get("insecure");
  plane.access.tls.skip_verification = insecure.is_bool() && insecure.as_bool();
  return plane;
}

kube::Selector SecretSelector(const std::string& ns, std::string labels) {
  kube::Selector selector;
  selector.ns = ns;
  selector.labels = std::move(labels);
  return selector;
}

base::Result<DataPlane> ReadNamed(const Value& secret) {
  const Value labels = secret.Get("metadata", "labels");
  const std::string_view name = labels.Get(kDataPlaneLabel).string_or_empty();
  if (name.empty()) return ReadArgoCluster(secret);
  for (const std::string_view key : {"kubeconfig", "value", "config"}) {
    const std::string text = Decoded(secret, key);
    if (text.empty()) continue;
    OC_TRY(kube::Access access, kube::KubeconfigAccess(text, "/"));
    // A file it names would be one of this pod, not of whoever wrote the Secret.
    if (!access.token_file.empty() || !access.authorities_file.empty() ||
        !access.certificate_file.empty() || !access.key_file.empty()) {
      return base::Fail(base::ErrorCode::kUsage,
                        "the kubeconfig names files: put their content into it");
    }
    return DataPlane{std::string(name), std::move(access)};
  }
  return base::Fail(base::ErrorCode::kUsage, "the Secret has no key kubeconfig");
}

}  // namespace

base::Result<DataPlane> ReadDataPlane(const Value& secret) {
  OC_TRY(DataPlane plane, ReadNamed(secret));
  if (plane.name != kHome) return plane;
  return base::Fail(base::ErrorCode::kUsage,
                    "a data plane cannot be called as the home cluster is");
}

DataPlanes::DataPlanes(kube::Client& home, http::Client& http, Mapper& mapper, Options options)
    : http_(http), mapper_(mapper), options_(std::move(options)) {
  const auto changed = [this](const kube::Key& key, const kube::Live& before,
                              const kube::Live& now) { Changed(key, before, now); };
  ours_ = std::make_unique<KindWatch>(home, KindName{"v1", "Secret"},
                                      SecretSelector(options_.ns, std::string(kDataPlaneLabel)),
                                      changed, options_.watch);
  if (!options_.argo) return;
  argo_ = std::make_unique<KindWatch>(
      home, KindName{"v1", "Secret"},
      SecretSelector(options_.ns, "argocd.argoproj.io/secret-type=cluster"), changed,
      options_.watch);
}

bool DataPlanes::known() const {
  return !ours_->standing("home").starting && !(argo_ && argo_->standing("home").starting);
}

void DataPlanes::Changed(const kube::Key& key, const kube::Live& before, const kube::Live& now) {
  const auto tell = [&](const std::string& what) {
    if (options_.log) options_.log("Secret " + kube::Text(key) + ": " + what);
  };
  std::string former;
  if (before) {
    if (const auto plane = ReadDataPlane(before.object())) former = plane->name;
  }
  if (!now) {
    if (!former.empty()) mapper_.RemoveCluster(former);
    return;
  }
  auto plane = ReadDataPlane(now.object());
  if (!plane) {
    tell(plane.error().message);
    if (!former.empty()) mapper_.RemoveCluster(former);
    return;
  }
  if (!former.empty() && former != plane->name) mapper_.RemoveCluster(former);
  auto client = kube::Client::Connect(plane->access, http_, options_.client);
  if (!client) {
    tell(client.error().message);
    return;
  }
  mapper_.AddCluster(plane->name, *std::move(client));
  tell("cluster " + plane->name);
}

}  // namespace openchoreo::mapper
