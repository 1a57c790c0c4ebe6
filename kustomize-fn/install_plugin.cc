#include "kustomize-fn/install_plugin.h"

#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "common/base/ascii.h"

namespace openchoreo::kustomize_fn {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kKinds[] = {"OpenChoreoRender", "OpenChoreoValidate"};

std::string Environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

}  // namespace

std::string DefaultPluginHome() {
  if (std::string home = Environment("KUSTOMIZE_PLUGIN_HOME"); !home.empty()) return home;
  if (const std::string config = Environment("XDG_CONFIG_HOME"); !config.empty())
    return config + "/kustomize/plugin";
  if (const std::string home = Environment("HOME"); !home.empty())
    return home + "/.config/kustomize/plugin";
  return {};
}

base::Result<std::vector<std::string>> InstallPlugin(const std::string& program,
                                                     const std::string& home) {
  std::vector<std::string> written;
  for (const std::string_view kind : kKinds) {
    const fs::path place =
        fs::path(home) / "gitops.openchoreo.dev/v1alpha1" / base::AsciiLower(kind) / kind;
    fs::path fresh = place;
    fresh += ".new";
    std::error_code failed;
    fs::create_directories(place.parent_path(), failed);
    if (!failed) fs::copy_file(program, fresh, fs::copy_options::overwrite_existing, failed);
    constexpr fs::perms kForAll = static_cast<fs::perms>(0755);
    if (!failed) fs::permissions(fresh, kForAll, failed);
    if (!failed) fs::rename(fresh, place, failed);
    if (failed) {
      return base::Fail(base::ErrorCode::kUnreadableSource,
                        "cannot write " + place.string() + ": " + failed.message());
    }
    written.push_back(place.string());
  }
  return written;
}

}  // namespace openchoreo::kustomize_fn
