// Archives of sources, by Flux's rules: any bytes end in an answer, nothing outside the rules comes
// through, and what was kept is written and read again unchanged.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/artifact/tar_reader.h"
#include "common/artifact/tar_writer.h"
#include "test/fuzz/require.h"

namespace {

namespace artifact = openchoreo::artifact;
namespace base = openchoreo::base;

base::Result<artifact::TarSummary> Read(std::string_view bytes, artifact::Files& files) {
  artifact::TarLimits limits;
  limits.rules = artifact::TarRules::kFlux;
  limits.max_entries = 1000;
  limits.max_file_bytes = 1 << 20;
  limits.max_kept_bytes = 4 << 20;
  limits.max_inflated_bytes = 16 << 20;
  const artifact::TarVisitor visitor{
      [](std::string_view, std::uint64_t) { return true; },
      [&](std::string name, std::string content) { files[std::move(name)] = std::move(content); }};
  const artifact::ByteSource pieces = [&]() -> base::Result<std::string_view> {
    const std::string_view piece = bytes.substr(0, 777);
    bytes.remove_prefix(piece.size());
    return piece;
  };
  return artifact::ReadTar(pieces, limits, visitor);
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
