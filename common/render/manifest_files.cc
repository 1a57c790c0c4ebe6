#include "common/render/manifest_files.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/base/ascii.h"
#include "common/emit/plain_scalar.h"

namespace openchoreo::render {
namespace {

// One stream of objects: what stands before each and after the last.
class Stream {
 public:
  explicit Stream(Format format) : yaml_(format == Format::kYaml) {}

  void Add(const Group& group, std::vector<std::string_view>& pieces) {
    for (std::size_t i = 0; i < group.size(); ++i) {
      pieces.push_back(yaml_ ? "---\n" : empty_ ? "[\n" : ",\n");
      pieces.push_back(group.object(i));
      empty_ = false;
    }
  }

  void Finish(std::vector<std::string_view>& pieces) const {
    if (!yaml_) pieces.push_back(empty_ ? "[]\n" : "\n]\n");
  }

 private:
  bool yaml_;
  bool empty_ = true;
};

// Of a file, by those of its groups.
class FileIdentity {
 public:
  explicit FileIdentity(Format format) { hash_.Update(format == Format::kYaml ? "yaml" : "json"); }

  void Add(const Group& group) {
    known_ = known_ && group.identity;
    if (known_)
      hash_.Update({reinterpret_cast<const char*>(group.identity->data()), group.identity->size()});
  }

  std::optional<base::Sha256Digest> Finish() {
    return known_ ? std::optional(hash_.Finish()) : std::nullopt;
  }

 private:
  base::Sha256Stream hash_;
  bool known_ = true;
};

std::string PathOf(const Group& group, Format format) {
  const auto part = [](const std::string& name) { return name.empty() ? std::string("-") : name; };
  const std::string extension = format == Format::kYaml ? ".yaml" : ".json";
  const std::string folder = part(group.environment) + "/" + part(group.project) + "/";
  if (group.kind == "Namespace") return folder + "namespaces" + extension;
  return folder + base::AsciiLower(group.kind) + "-" + group.name + extension;
}

}  // namespace

std::size_t ManifestFile::size() const {
  std::size_t bytes = 0;
  for (const std::string_view piece : pieces) bytes += piece.size();
  return bytes;
}

std::string ManifestFile::Content() const {
  std::string content;
  content.reserve(size());
  for (const std::string_view piece : pieces) content += piece;
  return content;
}

std::vector<ManifestFile> LayOut(std::span<const Group> groups, Format format) {
  std::vector<const Group*> pointers;
  pointers.reserve(groups.size());
  for (const Group& group : groups) pointers.push_back(&group);
  return LayOut(pointers, format);
}

std::vector<ManifestFile> LayOut(std::span<const Group* const> groups, Format format) {
  std::vector<std::pair<std::string, const Group*>> placed;
  placed.reserve(groups.size());
  for (const Group* group : groups) {
    if (!group->ends.empty()) placed.emplace_back(PathOf(*group, format), group);
  }
  // Stable: groups of one file keep their order.
  std::stable_sort(placed.begin(), placed.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<ManifestFile> files;
  files.reserve(placed.size());
  for (std::size_t i = 0; i < placed.size();) {
    ManifestFile file{std::move(placed[i].first), {}, {}};
    Stream stream(format);
    FileIdentity identity(format);
    for (std::size_t first = i; i == first || (i < placed.size() && placed[i].first == file.path);
         ++i) {
      stream.Add(*placed[i].second, file.pieces);
      identity.Add(*placed[i].second);
    }
    stream.Finish(file.pieces);
    file.identity = identity.Finish();
    files.push_back(std::move(file));
  }
  return files;
}

bool IsManifestPath(std::string_view path) {
  std::vector<std::string_view> parts;
  for (std::string_view rest = path;;) {
    const std::size_t slash = rest.find('/');
    const std::string_view part = rest.substr(0, slash);
    if (part.empty() || part == "." || part == "..") return false;
    parts.push_back(part);
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  std::string_view name = parts.back();
  if (parts.size() != 3 || !(name.ends_with(".yaml") || name.ends_with(".json"))) return false;
  name.remove_suffix(std::string_view(".yaml").size());
  if (name == "namespaces") return true;
  // "<lower kind>-<name>"; kinds are letters.
  const std::size_t kind = name.find_first_not_of("abcdefghijklmnopqrstuvwxyz");
  return kind != std::string_view::npos && kind > 0 && name[kind] == '-' && kind + 1 < name.size();
}

std::map<std::string, std::string> ToFiles(std::span<const Group> groups, Format format) {
  std::map<std::string, std::string> files;
  for (ManifestFile& file : LayOut(groups, format))
    files.emplace_hint(files.end(), std::move(file.path), file.Content());
  return files;
}

std::map<std::string, std::string> KustomizationsOf(std::span<const std::string_view> paths) {
  std::map<std::string, std::set<std::string_view>> folders;  // "" or "a/b/" → what is in it
  folders[""];
  for (const std::string_view path : paths) {
    std::size_t begin = 0;
    for (std::size_t slash; (slash = path.find('/', begin)) != std::string_view::npos;
         begin = slash + 1) {
      folders[std::string(path.substr(0, begin))].insert(path.substr(begin, slash - begin));
    }
    folders[std::string(path.substr(0, begin))].insert(path.substr(begin));
  }
  std::map<std::string, std::string> made;
  for (const auto& [folder, names] : folders) {
    std::string text =
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:";
    text += names.empty() ? " []\n" : "\n";
    // A folder may be named 1 or true, which must stay a text.
    for (const std::string_view name : names) {
      const bool plain = emit::StyleOf(name) == emit::ScalarStyle::kPlain;
      text.append(plain ? "- " : "- '").append(name).append(plain ? "\n" : "'\n");
    }
    made.emplace(folder + "kustomization.yaml", std::move(text));
  }
  return made;
}

void AddKustomizations(std::map<std::string, std::string>& files) {
  std::vector<std::string_view> paths;
  paths.reserve(files.size());
  for (const auto& [path, content] : files) paths.push_back(path);
  std::map<std::string, std::string> made = KustomizationsOf(paths);
  files.merge(made);
}

std::vector<std::string_view> StreamOf(std::span<const Group> groups, Format format) {
  std::vector<std::string_view> pieces;
  Stream stream(format);
  for (const Group& group : groups) stream.Add(group, pieces);
  stream.Finish(pieces);
  return pieces;
}

}  // namespace openchoreo::render
