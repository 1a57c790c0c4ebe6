// Which files of a tree may hold resources: the one rule for folders, archives and fetched
// repositories.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/source/file_tree.h"

namespace openchoreo::source {

// Base names a source must offer to SelectFiles besides resources, for they decide about others.
inline constexpr std::string_view kSourceIgnore = ".sourceignore";
inline constexpr std::string_view kChartMarker = "Chart.yaml";

// *.yaml, *.yml, *.json, Kustomization, what was meant to be one of them (*.YAML, *.ymal), and
// .sourceignore; no hidden folder on the way. A source may forget other paths.
bool MayMatter(std::string_view path);

// Of all paths of a tree, those to read, sorted: *.yaml, *.yml, *.json and Kustomization, without
// hidden folders, templates/ folders beside a Chart.yaml, and what .sourceignore files or
// `options.exclude` name. An exclude pattern is a line of gitignore syntax: "*.tmp.yaml" and
// "vendor" match at any depth, "charts/*" from the root. `read` gives the content of a
// .sourceignore file; its errors are returned. `left_out` holds what the source itself has left
// out, and is completed: sorted, a hidden folder once, and what ignore files and excludes name with
// that as its reason.
base::Result<std::vector<std::string>> SelectFiles(
    std::vector<std::string> paths,
    const std::function<base::Result<FileContent>(std::string_view)>& read,
    const DirectoryOptions& options, std::vector<LeftOut>& left_out);

}  // namespace openchoreo::source
