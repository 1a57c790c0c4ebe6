#include "common/render/foreign_objects.h"

#include <algorithm>
#include <memory>
#include <string>
#include <tuple>
#include <utility>

#include "common/base/arena.h"
#include "common/names/api_version.h"
#include "common/render/binding_output.h"
#include "common/value/value.h"
#include "common/yaml/reader.h"

namespace openchoreo::render {
namespace {

using value::Value;

constexpr std::string_view kOpenChoreo = "openchoreo.dev";
constexpr int kMaxListNesting = 8;

bool IsForTools(const Value& root, std::string_view group) {
  return group == "kustomize.config.k8s.io" || group == "config.kubernetes.io" ||
         root.Get("metadata", "annotations", "config.kubernetes.io/local-config")
                 .string_or_empty() == "true";
}

class Finder {
 public:
  explicit Finder(const Options& options) : options_(options) {}

  void Read(source::FileTree& tree) {
    auto paths = tree.List();
    if (!paths) return;  // loading has said so
    for (const std::string& path : *paths) {
      if (options_.cancel.is_set()) return;
      const auto content = tree.Read(path);
      if (!content || !*content || (*content)->size() > options_.limits.max_file_bytes) continue;
      ReadFile(std::string(tree.display_name()) + path, **content);
    }
  }

  ForeignObjects Finish() && {
    std::stable_sort(found_.groups.begin(), found_.groups.end(),
                     [](const Group& a, const Group& b) {
                       return std::tie(a.kind, a.ns, a.name) < std::tie(b.kind, b.ns, b.name);
                     });
    return std::move(found_);
  }

 private:
  void ReadFile(const std::string& path, const std::string& text) {
    if (text.find("apiVersion") == std::string::npos) return;
    base::Arena arena;
    const yaml::ReadResult read = yaml::Read(text, arena, options_.limits);
    for (const yaml::Document& document : read.documents) Take(document.root, 0);
    // Files that hold OpenChoreo documents are loading's to judge.
    if (!read.errors.empty() && options_.passthrough && text.find(kOpenChoreo) == std::string::npos)
      Refuse(path, read.errors.front());
  }

  void Take(const Value& root, int nesting) {
    const std::string_view api_version = root.Get("apiVersion").string_or_empty(),
                           kind = root.Get("kind").string_or_empty();
    const Value items = root.Get("items");
    if (items.is_list() && kind.ends_with("List") && nesting < kMaxListNesting) {
      for (const Value& item : items.as_list()) Take(item, nesting + 1);
      return;
    }
    const Value metadata = root.Get("metadata");
    const std::string_view group = names::GroupOf(api_version),
                           name = metadata.Get("name").string_or_empty();
    // Without a name it is a tool's file, of a form that only looks like an object.
    if (api_version.empty() || kind.empty() || name.empty() || group == kOpenChoreo ||
        group.ends_with(".openchoreo.dev") || IsForTools(root, group)) {
      return;
    }
    ++found_.count;
    if (!options_.passthrough) return;
    Group made;
    made.kind = kind;
    made.ns = metadata.Get("namespace").string_or_empty();
    made.name = name;
    auto text = std::make_shared<std::string>();
    base::Budget budget(options_.limits);
    if (AppendObject(*text, root, options_.format, budget)) made.ends.push_back(text->size());
    made.text = std::move(text);
    found_.groups.push_back(std::move(made));
  }

  void Refuse(const std::string& path, const base::Diagnostic& cause) {
    base::Diagnostic error;
    error.code = cause.code;
    error.message = path + " cannot be passed through: " + cause.message;
    error.hint = "mend it, or leave the file out (--exclude)";
    found_.errors.push_back(std::move(error));
  }

  const Options& options_;
  ForeignObjects found_;
};

}  // namespace

ForeignObjects FindForeignObjects(std::span<source::FileTree* const> trees,
                                  const Options& options) {
  Finder finder(options);
  for (std::size_t i = 0; i < trees.size() && i < options.emitted_trees; ++i)
    finder.Read(*trees[i]);
  return std::move(finder).Finish();
}

}  // namespace openchoreo::render
