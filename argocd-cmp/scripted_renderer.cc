// A stand-in for common/render in the server's tests: files say what "rendering" does, so that
// deadlines, failures and huge answers can be made at will. A file's first line decides:
//   fail: TEXT        one error with that text
//   warn: TEXT        one warning
//   sleep: MS         takes that long, asking now and then whether to go on
//   objects: N BYTES  N objects of that size
//   (anything else)   one object with path and content
#include <chrono>
#include <cstdlib>

#include "common/render/renderer.h"
#include "common/resource/repository.h"
#include "common/value/json_writer.h"

namespace openchoreo::render {

struct Renderer::State {};

Renderer::Renderer(std::size_t) : state_(std::make_unique<State>()) {}

Renderer::~Renderer() = default;

Renderer::CacheStats Renderer::cache_stats() const { return {}; }

Inventory Renderer::TakeInventory(std::span<source::FileTree* const> trees, const Options&) {
  Inventory inventory;
  for (source::FileTree* tree : trees) {
    auto paths = tree->List();
    if (paths)
      inventory.environments.insert(inventory.environments.end(), paths->begin(), paths->end());
  }
  return inventory;
}

Output Renderer::Render(std::span<source::FileTree* const> trees, const Options& options) {
  Output output;
  auto problem = [&](base::Severity severity, base::ErrorCode code, std::string text) {
    base::Diagnostic diagnostic;
    diagnostic.severity = severity;
    diagnostic.code = code;
    diagnostic.message = std::move(text);
    output.diagnostics.push_back(std::move(diagnostic));
    output.failed = output.failed || severity == base::Severity::kError;
  };
  auto emit = [&](std::string text) {
    Group group;
    group.ends = {text.size()};
    group.text = std::make_shared<const std::string>(std::move(text));
    output.groups.push_back(std::move(group));
    ++output.selected_bindings;
  };
  for (source::FileTree* tree : trees) {
    auto paths = tree->List();
    for (const std::string& path : *paths) {
      std::string text = **tree->Read(path);
      std::string line = text.substr(0, text.find('\n'));
      std::string shown = std::string(tree->display_name()) + path;
      if (line.starts_with("fail: ")) {
        problem(base::Severity::kError, base::ErrorCode::kRender, shown + ":1: " + line.substr(6));
      } else if (line.starts_with("warn: ")) {
        problem(base::Severity::kWarning, base::ErrorCode::kPending,
                shown + ":1: " + line.substr(6));
        emit("{}");
      } else if (line.starts_with("sleep: ")) {
        options.cancel.WaitFor(std::chrono::milliseconds(std::atoi(line.c_str() + 7)));
        emit("{}");
      } else if (line.starts_with("objects: ")) {
        char* rest = nullptr;
        long count = std::strtol(line.c_str() + 9, &rest, 10);
        auto size = static_cast<std::size_t>(std::strtol(rest, nullptr, 10));
        for (long i = 0; i < count; ++i) emit("\"" + std::string(size - 2, 'x') + "\"");
      } else {
        std::string object = "{\"file\":";
        value::AppendJsonString(object, shown);
        object += ",\"namespace\":";
        value::AppendJsonString(object, options.default_namespace);
        object += ",\"text\":";
        value::AppendJsonString(object, text);
        emit(object + "}");
      }
    }
  }
  if (output.groups.empty() && !output.failed && !options.allow_empty) {
    problem(base::Severity::kError, base::ErrorCode::kEmptyResult, "no binding in the tree");
  }
  if (output.failed) output.groups.clear();
  return output;
}

}  // namespace openchoreo::render
