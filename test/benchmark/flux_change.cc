// From one archive of a source after the other to its artifact, as the Flux source does it, without
// a cluster: what a commit costs.
//
//   flux_change CACHE_MIB ARCHIVE.tar.gz...
//
// For each archive a line of milliseconds, CPU of the whole process and wall: reading the archive,
// loading and rendering, laying out, the digest, packing, giving back; then the memory at most, in
// MiB, and the artifact's digests. First the floor: inflating and hashing an archive, the smallest
// of three.
#include <sys/resource.h>
#include <zlib.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/artifact/tar_writer.h"
#include "common/base/sha256.h"
#include "common/base/usable_cpus.h"
#include "common/platform/service/heap.h"
#include "common/render/renderer.h"
#include "common/source/memory_tree.h"
#include "flux-source/build.h"
#include "flux-source/folders.h"
#include "flux-source/source_archive.h"

namespace {

using namespace openchoreo;

double WallMs() {
  return std::chrono::duration<double, std::milli>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

double CpuMs() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  const auto ms = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3;
  };
  return ms(use.ru_utime) + ms(use.ru_stime);
}

long PeakMiB() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  return use.ru_maxrss / 1024;
}

double FloorMs(const std::string& archive) {
  const double begin = CpuMs();
  base::Sha256(archive);
  z_stream stream{};
  if (inflateInit2(&stream, 31) != Z_OK) std::abort();
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(archive.data()));
  stream.avail_in = static_cast<uInt>(archive.size());
  std::vector<char> buffer(256 << 10);
  for (int status = Z_OK; status == Z_OK;) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    status = inflate(&stream, Z_NO_FLUSH);
  }
  inflateEnd(&stream);
  return CpuMs() - begin;
}

int Fail(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return Fail("flux_change CACHE_MIB ARCHIVE.tar.gz...");
  render::Renderer renderer(std::strtoull(argv[1], nullptr, 10) << 20);
  source::ContentStore contents;
  artifact::PieceCache pieces(32u << 20);
  std::shared_ptr<const flux::SourceFiles> files;
  std::string former;  // the tar's digest
  std::printf("CPU/wall:\n%11s %11s %11s %11s %11s %11s %11s | MiB\n", "read", "render", "layout",
              "digest", "pack", "give", "all");
  for (int a = 2; a < argc; ++a) {
    std::ifstream in(argv[a], std::ios::binary);
    const std::string archive{std::istreambuf_iterator<char>(in), {}};
    if (a == 2) {
      double floor = FloorMs(archive);
      for (int i = 0; i < 2; ++i) floor = std::min(floor, FloorMs(archive));
      std::printf("%11.0f floor (CPU)\n", floor);
    }
    std::vector<std::pair<double, double>> at;
    const auto note = [&at] { at.emplace_back(CpuMs(), WallMs()); };
    note();
    std::string digest;
    {
      const service::HeapGivenBack heap;
      auto read = flux::ReadSourceArchive(archive, files.get(), contents,
                                          {std::uint64_t{1} << 31, 100'000});
      if (!read) return Fail(read.error().message);
      files = *std::move(read);
      note();
      source::MemoryTree tree(source::MemoryTree::Files(files, &files->files), "", "", {});
      source::FileTree* const trees[] = {&tree};
      render::Options options;
      options.jobs = base::UsableCpus();
      const flux::Build build = flux::Build::Run(renderer, trees, {}, "app", options);
      if (!build.failure().empty()) return Fail(build.failure());
      note();
      const flux::PartFiles made = build.FilesOf(build.parts().front());
      const flux::Folders folders = flux::FoldersOf(made.files());
      note();
      auto packer = artifact::Packer::Of(made.files(), &pieces);
      if (!packer) return Fail(packer.error().message);
      digest = packer->TarDigest();
      note();
      if (digest != former) {
        auto packed = packer->Pack(std::size_t{50} << 20, options.jobs);
        if (!packed) return Fail(packed.error().message);
        former = digest;
        digest += " " + packed->digest;
      }
      note();
    }
    note();
    const auto print = [](const auto& from, const auto& to) {
      std::printf("%6.0f/%4.0f ", to.first - from.first, to.second - from.second);
    };
    for (std::size_t i = 1; i < at.size(); ++i) print(at[i - 1], at[i]);
    print(at.front(), at.back());
    std::printf("| %ld %s\n", PeakMiB(), digest.c_str());
  }
  return 0;
}
