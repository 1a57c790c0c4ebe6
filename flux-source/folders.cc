#include "flux-source/folders.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <vector>

#include "common/artifact/tar_reader.h"

namespace openchoreo::flux {

namespace {

constexpr std::size_t kMaxNamed = 20;

void AddFoldersOf(std::string_view path, Folders& folders) {
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/', slash + 1)) {
    folders.emplace(path.substr(0, slash));
  }
}

}  // namespace

Folders FoldersOf(const artifact::FileViews& files) {
  Folders folders;
  for (const auto& [path, content] : files) AddFoldersOf(path, folders);
  return folders;
}

std::optional<Folders> FoldersInStore(Store& store, std::string_view path) {
  const auto opened = store.OpenVerified(path);
  if (!opened) return std::nullopt;
  const process::Descriptor file(opened->descriptor);
  std::array<char, 65'536> buffer;
  const artifact::ByteSource pieces = [&]() -> base::Result<std::string_view> {
    for (;;) {
      const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
      if (got >= 0) return std::string_view(buffer.data(), static_cast<std::size_t>(got));
      if (errno != EINTR) return base::Fail(base::ErrorCode::kUnreadableSource, "read failed");
    }
  };
  Folders folders;
  artifact::TarVisitor visitor;
  visitor.wanted = [&folders](std::string_view name, std::uint64_t) {
    AddFoldersOf(name, folders);
    return false;
  };
  artifact::TarLimits limits;
  limits.rules = artifact::TarRules::kFlux;
  if (!artifact::ReadTar(pieces, limits, visitor)) return std::nullopt;
  return folders;
}

std::string TextOfVanished(const std::string& name, const Folders& former, const Folders& now) {
  std::vector<std::string> gone;
  std::set_difference(former.begin(), former.end(), now.begin(), now.end(),
                      std::back_inserter(gone));
  if (gone.empty()) return "";
  // First what it means: an Event's message is cut.
  std::string text =
      name +
      " has lost paths. A Kustomization that points at one fails and prunes nothing: "
      "what it applied stays until that Kustomization is deleted. Gone: ";
  for (std::size_t i = 0; i < gone.size() && i < kMaxNamed; ++i) {
    text += (i == 0 ? "./" : ", ./") + gone[i];
  }
  if (gone.size() > kMaxNamed) {
    text += ", … and " + std::to_string(gone.size() - kMaxNamed) + " more";
  }
  return text;
}

}  // namespace openchoreo::flux
