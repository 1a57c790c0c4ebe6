// Archives of sources, by Flux's rules: any bytes end in an answer, nothing outside the rules comes
// through, what was kept is written and read again unchanged, and what a former archive held
// changes nothing of what is read.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/artifact/tar_reader.h"
#include "common/artifact/tar_writer.h"
#include "test/fuzz/require.h"

namespace {

namespace artifact = openchoreo::artifact;
namespace base = openchoreo::base;

base::Result<artifact::TarSummary> Read(std::string_view bytes, artifact::Files& files,
                                        const artifact::Files* former = nullptr) {
  artifact::TarLimits limits;
  limits.rules = artifact::TarRules::kFlux;
  limits.max_entries = 1000;
  limits.max_file_bytes = 4096;
  limits.keep_start_of_large = true;
  limits.max_kept_bytes = 4 << 20;
  limits.max_inflated_bytes = 16 << 20;
  artifact::TarVisitor visitor;
  visitor.wanted = [](std::string_view, std::uint64_t) { return true; };
  visitor.file = [&](std::string name, std::string content) {
    files[std::move(name)] = std::move(content);
  };
  std::string asked;
  if (former != nullptr) {
    visitor.earlier = [&](std::string_view name) -> std::optional<std::string_view> {
      asked = name;
      const auto found = former->find(asked);
      if (found == former->end()) return std::nullopt;
      return found->second;
    };
    visitor.same = [&](std::string name) {
      openchoreo::Require(name == asked, "what is the same was not asked for");
      files[name] = former->at(name);
    };
  }
  const artifact::ByteSource pieces = [&]() -> base::Result<std::string_view> {
    const std::string_view piece = bytes.substr(0, 777);
    bytes.remove_prefix(piece.size());
    return piece;
  };
  return artifact::ReadTar(pieces, limits, visitor);
}

// Files as they may have been before: the same, of other bytes, shorter, longer or not there.
artifact::Files Formerly(const artifact::Files& files) {
  artifact::Files former = files;
  std::size_t i = 0;
  for (auto& [name, content] : former) {
    switch (i++ % 5) {
      case 1:
        if (!content.empty()) content[content.size() / 2] ^= 1;
        break;
      case 2:
        content.resize(content.size() / 2);
        break;
      case 3:
        content += "x";
        break;
      default:
        break;
    }
  }
  std::erase_if(former, [i = std::size_t{0}](const auto&) mutable { return i++ % 5 == 4; });
  return former;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  artifact::Files files;
  const auto read = Read({reinterpret_cast<const char*>(data), size}, files);
  for (const auto& [name, content] : files) {
    openchoreo::Require(!name.empty() && name[0] != '/' && name.find("../") == std::string::npos &&
                            name.find('\\') == std::string::npos,
                        "a name that Flux refuses");
  }
  const artifact::Files former = Formerly(files);
  artifact::Files beside;
  openchoreo::Require(
      Read({reinterpret_cast<const char*>(data), size}, beside, &former).has_value() ==
              read.has_value() &&
          beside == files,
      "a former archive changed what is read");
  if (!read) return 0;
  const auto packed = artifact::Pack(artifact::ViewsOf(files), {64 << 20});
  if (!packed) return 0;  // a name that is both file and folder
  artifact::Files again;
  openchoreo::Require(Read(packed->bytes, again).has_value(), "our own archive cannot be read");
  openchoreo::Require(again == files, "other files came back");
  const artifact::FileViews views = artifact::ViewsOf(files);
  openchoreo::Require(artifact::Packer::Of(views, nullptr)->TarDigest() == packed->tar_digest,
                      "two digests of one tar");
  return 0;
}
