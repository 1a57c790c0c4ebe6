#include "common/source/path_filter.h"

#include <algorithm>
#include <unordered_set>

#include "common/source/ignore_rules.h"

namespace openchoreo::source {

namespace {

std::string_view BaseName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// With its trailing '/', or "".
std::string_view Folder(std::string_view path) { return path.substr(0, path.rfind('/') + 1); }

bool InHiddenFolder(std::string_view path) {
  for (std::size_t begin = 0;;) {
    std::size_t slash = path.find('/', begin);
    if (slash == std::string_view::npos) return false;
    if (path[begin] == '.') return true;
    begin = slash + 1;
  }
}

bool HoldsResources(std::string_view path) {
  return path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json");
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
  return (HoldsResources(path) || BaseName(path) == kSourceIgnore) && !InHiddenFolder(path);
}

base::Result<std::vector<std::string>> SelectFiles(
    std::vector<std::string> paths,
    const std::function<base::Result<FileContent>(std::string_view)>& read,
    const DirectoryOptions& options) {
  std::sort(paths.begin(), paths.end());
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
  for (const std::string& pattern : options.exclude) rules.AddPattern(pattern);
  std::erase_if(paths, [&](const std::string& path) {
    return !HoldsResources(path) || InHiddenFolder(path) || charts.Holds(path) ||
           rules.Ignores(path);
  });
  return paths;
}

}  // namespace openchoreo::source
