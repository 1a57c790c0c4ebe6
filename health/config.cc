#include "health/config.h"

#include <fstream>
#include <sstream>

#include "common/platform/service/clock.h"
#include "common/yaml/reader.h"

namespace openchoreo::mapper {

using value::Value;

namespace {

base::Result<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return base::Fail(base::ErrorCode::kUnreadableSource, "cannot read " + path);
  return text.str();
}

}  // namespace

base::Result<health::OwnRules> ReadConfig(const std::string& path) {
  OC_TRY(const std::string text, ReadFile(path));
  base::Arena arena;
  const yaml::ReadResult read = yaml::Read(text, arena);
  if (!read.errors.empty()) return base::Wrap(path + ": ", read.errors.front());
  if (read.documents.size() != 1 || !read.documents[0].root.is_map()) {
    return base::Fail(base::ErrorCode::kUsage, path + ": want one document, a map");
  }
  const Value root = read.documents[0].root;
  for (const value::MapEntry& entry : root.as_map()) {
    if (entry.key.as_string() == "healthCheckExprs") continue;
    return base::Fail(base::ErrorCode::kUsage,
                      path + ": unknown key " + std::string(entry.key.as_string()));
  }
  auto rules = health::OwnRules::Read(root.Get("healthCheckExprs"));
  if (!rules) return base::Wrap(path + ": ", std::move(rules).error());
  return rules;
}

int RunCheck(const std::string& config, const std::string& objects, std::ostream& out,
             std::ostream& err) {
  const auto rules = ReadConfig(config);
  const auto text =
      rules ? ReadFile(objects) : base::Result<std::string>(base::Fail(rules.error()));
  if (!text) {
    err << "error: " << text.error().message << '\n';
    return 2;
  }
  base::Arena arena;
  const yaml::ReadResult read = yaml::Read(*text, arena);
  for (const base::Diagnostic& error : read.errors) {
    err << "error: " << objects << ": " << error.message << '\n';
  }
  health::Terms terms;
  terms.now = base::ParseRfc3339(service::Rfc3339(std::chrono::system_clock::now()));
  for (const yaml::Document& document : read.documents) {
    const Value& object = document.root;
    if (!object.is_map()) continue;
    const std::string_view kind = object.Get("kind").string_or_empty();
    const health::Judgement verdict =
        rules->Judge(object.Get("apiVersion").string_or_empty(), kind, object, terms, arena, {});
    out << kind << ' ' << object.Get("metadata", "name").string_or_empty() << ": "
        << health::StateName(verdict.state) << ": " << verdict.why << '\n';
  }
  return read.errors.empty() ? 0 : 1;
}

}  // namespace openchoreo::mapper
