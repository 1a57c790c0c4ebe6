#include "common/source/path_filter.h"

#include <algorithm>
#include <unordered_set>

#include "common/base/ascii.h"
#include "common/source/ignore_rules.h"

namespace openchoreo::source {

namespace {

std::string_view BaseName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// With its trailing '/', or "".
std::string_view Folder(std::string_view path) { return path.substr(0, path.rfind('/') + 1); }

// The first hidden folder on the way to a file, or "".
std::string_view HiddenFolder(std::string_view path) {
  for (std::size_t begin = 0;;) {
    std::size_t slash = path.find('/', begin);
    if (slash == std::string_view::npos) return {};
    if (path[begin] == '.') return path.substr(0, slash);
    begin = slash + 1;
  }
}

bool InHiddenFolder(std::string_view path) { return !HiddenFolder(path).empty(); }

// "Kustomization" is one of the names kustomize looks for.
bool HoldsResources(std::string_view path) {
  return path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json") ||
         BaseName(path) == "Kustomization";
}

// Whether a file's ending was meant to be one that is read.
bool ResemblesResources(std::string_view path) {
  std::string_view base = BaseName(path);
  if (HoldsResources(path)) return false;
  // What editors and file managers leave behind an ending: "a.yaml.txt", "a.yaml ".
  constexpr std::string_view kText = ".txt";
  const bool text = base.ends_with(kText);
  if (text) base.remove_suffix(kText.size());
  while (base.ends_with(' ') || base.ends_with('.')) base.remove_suffix(1);
  const std::size_t dot = base.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  const std::string ending = base::AsciiLower(base.substr(dot + 1));
  constexpr std::string_view kMeant[] = {"yaml", "yml", "json",  "yam",   "yal",   "ymal", "ymla",
                                         "yalm", "ylm", "yamll", "yaaml", "yymal", "ym",   "ymll"};
  return std::find(std::begin(kMeant), std::end(kMeant), ending) != std::end(kMeant);
}

class ChartFolders {
 public:
  void Add(std::string_view chart_file) {
    folders_.insert(std::string(Folder(chart_file)) + "templates/");
  }

  bool Holds(std::string_view path) const {
    if (folders_.empty()) return false;
    for (std::size_t slash = path.find('/'); slash != std::string_view::npos;
         slash = path.find('/', slash + 1)) {
      std::string_view folder = path.substr(0, slash + 1);
      if (folder.ends_with("templates/") && folders_.contains(std::string(folder))) return true;
    }
    return false;
  }

 private:
  std::unordered_set<std::string> folders_;
};

}  // namespace

bool MayMatter(std::string_view path) {
  return (HoldsResources(path) || BaseName(path) == kSourceIgnore || ResemblesResources(path)) &&
         !InHiddenFolder(path);
}

base::Result<std::vector<std::string>> SelectFiles(
    std::vector<std::string> paths,
    const std::function<base::Result<FileContent>(std::string_view)>& read,
    const DirectoryOptions& options, std::vector<LeftOut>& left_out) {
  if (!std::is_sorted(paths.begin(), paths.end())) std::sort(paths.begin(), paths.end());
  IgnoreRules rules;
  ChartFolders charts;
  // Parents before children, so that the nearer file has the last word.
  std::vector<std::string_view> ignore_files;
  for (const std::string& path : paths) {
    if (!MayMatter(path)) continue;
    std::string_view base = BaseName(path);
    if (base == kChartMarker) charts.Add(path);
    if (base == kSourceIgnore) ignore_files.push_back(path);
  }
  std::stable_sort(
      ignore_files.begin(), ignore_files.end(), [](std::string_view a, std::string_view b) {
        return std::count(a.begin(), a.end(), '/') < std::count(b.begin(), b.end(), '/');
      });
  for (std::string_view path : ignore_files) {
    OC_TRY(FileContent content, read(path));
    rules.AddFile(Folder(path), *content);
  }
  IgnoreRules excludes;
  for (const std::string& pattern : options.exclude) {
    rules.AddPattern(pattern);
    excludes.AddPattern(pattern);
  }
  const auto why_ignored = [&](std::string_view path) {
    return excludes.Ignores(path) ? LeftOutReason::kExcluded : LeftOutReason::kIgnored;
  };
  for (LeftOut& left : left_out) {
    const bool folder = left.reason == LeftOutReason::kUnreadableFolder ||
                        left.reason == LeftOutReason::kHiddenFolder;
    const std::string asked = folder ? left.path + "/a.yaml" : left.path;
    if (rules.Ignores(asked)) left.reason = why_ignored(asked);
  }
  std::erase_if(paths, [&](std::string& path) {
    const bool holds_resources = HoldsResources(path);
    if (!holds_resources && !ResemblesResources(path)) return true;
    LeftOutReason reason = LeftOutReason::kFileEnding;
    if (const std::string_view hidden = HiddenFolder(path); !hidden.empty()) {
      if (left_out.empty() || left_out.back().path != hidden)
        left_out.push_back({std::string(hidden), LeftOutReason::kHiddenFolder});
      return true;
    }
    if (rules.Ignores(path)) {
      reason = why_ignored(path);
    } else if (charts.Holds(path)) {
      reason = LeftOutReason::kChartTemplate;
    } else if (holds_resources) {
      return false;
    }
    left_out.push_back({std::move(path), reason});
    return true;
  });
  std::sort(left_out.begin(), left_out.end(),
            [](const LeftOut& a, const LeftOut& b) { return a.path < b.path; });
  left_out.erase(std::unique(left_out.begin(), left_out.end()), left_out.end());
  return paths;
}

}  // namespace openchoreo::source
