// One commit after the other, with all that is kept between them, gives what each gives to a
// program that has just started.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "common/artifact/tar_writer.h"
#include "common/render/renderer.h"
#include "common/render/tree_for_tests.h"
#include "common/source/content_store.h"
#include "common/source/memory_tree.h"
#include "flux-source/build.h"
#include "flux-source/source_archive.h"

namespace openchoreo::flux {
namespace {

// What stays between two commits.
struct Kept {
  explicit Kept(std::size_t cache_bytes) : renderer(cache_bytes), pieces(cache_bytes / 8) {}

  render::Renderer renderer;
  source::ContentStore contents;
  artifact::PieceCache pieces;
  std::map<std::string, std::shared_ptr<const SourceFiles>> former;  // by source
};

using Sources = std::map<std::string, artifact::Files>;

// All there is to tell of a commit of the object with the number `series`: findings, parts, and the
// archive of each.
std::string Told(Kept& kept, const Sources& sources, const Spec& spec, std::uint64_t series = 1) {
  std::vector<std::unique_ptr<source::MemoryTree>> trees;
  std::vector<source::FileTree*> views;
  for (const auto& [name, files] : sources) {
    const auto archive = artifact::Pack(artifact::ViewsOf(files), {1 << 20});
    if (!archive) return "no archive: " + archive.error().message;
    std::shared_ptr<const SourceFiles>& former = kept.former[name];
    auto read = ReadSourceArchive(archive->bytes, former.get(), kept.contents, {1 << 24, 1000});
    if (!read) return "unreadable: " + read.error().message;
    former = *std::move(read);
    trees.push_back(
        std::make_unique<source::MemoryTree>(source::MemoryTree::Files(former, &former->files), "",
                                             name + "/", source::DirectoryOptions{}));
    views.push_back(trees.back().get());
  }
  render::Options options;
  options.jobs = 2;
  options.series = series;
  const Build build = Build::Run(kept.renderer, views, spec, "app", options);
  const base::CacheUse packing = kept.pieces.Begin(series);
  std::string told = build.failure() + "\n" + build.message() + "\n";
  for (const BuiltPart& part : build.parts()) {
    told += part.name + " " + std::to_string(static_cast<int>(part.state)) + " " +
            std::to_string(part.bindings) + " " + std::to_string(part.objects) + " " +
            part.message + "\n";
    if (part.state != PartState::kGood) continue;
    const PartFiles files = build.FilesOf(part);
    auto packer = artifact::Packer::Of(files.files(), &kept.pieces, packing);
    if (!packer) return told + packer.error().message;
    told += packer->TarDigest() + "\n";
    const auto packed = packer->Pack(1 << 24, 2);
    told += packed ? packed->digest + "\n" : packed.error().message;
  }
  kept.pieces.End(packing);
  return told;
}

// Commits to two sources that may do anything a person does, wrong ones too.
class Commits {
 public:
  explicit Commits(unsigned seed) : random_(seed) {
    sources_["platform"]["platform.yaml"] = render::kPlatform;
    for (int i = 0; i < 12; ++i) Write();
  }

  const Sources& Next() {
    for (unsigned edits = 1 + Pick(2); edits > 0; --edits) Edit();
    return sources_;
  }

 private:
  unsigned Pick(unsigned below) { return static_cast<unsigned>(random_() % below); }

  std::string Name() { return "c" + std::to_string(Pick(15)); }

  artifact::Files& Apps() { return sources_["apps"]; }

  void Write() {
    const std::string name = Name();
    Apps()["shop/" + name + "/all.yaml"] = render::Component(
        name, Pick(2) == 0 ? "{}" : render::ConnectionTo(Name()), "i:" + std::to_string(Pick(99)));
  }

  std::string& Some() {
    auto at = Apps().begin();
    std::advance(at, Pick(static_cast<unsigned>(Apps().size())));
    return at->second;
  }

  void Edit() {
    switch (Pick(12)) {
      case 0:
        Apps().erase("shop/" + Name() + "/all.yaml");
        break;
      case 1: {  // moved, as it is
        const std::string name = Name();
        if (auto node = Apps().extract("shop/" + name + "/all.yaml")) {
          node.key() = "moved/" + name + ".yaml";
          Apps().insert(std::move(node));
        }
        break;
      }
      case 2:  // a second object of that name, equal or not
        Apps()["twice/" + Name() + ".yaml"] = render::Component(Name());
        break;
      case 3:
        Apps().erase("twice/" + Name() + ".yaml");
        break;
      case 4:  // another port, and what connects to it
        if (!Apps().empty()) Replace(Some(), "port: 80", "port: 81");
        break;
      case 5:
        if (!Apps().empty()) Replace(Some(), "kind: Workload", "kind: Wirkload");
        break;
      case 6:
        if (!Apps().empty()) Replace(Some(), "metadata: {", "metadata: [");
        break;
      case 7: {
        std::string& platform = sources_["platform"]["platform.yaml"];
        platform = render::kPlatform;
        if (Pick(2) == 0) Replace(platform, "apps.example", "apps" + Name() + ".example");
        break;
      }
      case 8:  // not read by anybody
        Apps()["README.md"] = Name();
        break;
      case 9: {
        std::string& ignored = Apps()[".sourceignore"];
        ignored = Pick(3) == 0 ? "moved/\n" : "";
        break;
      }
      default:
        Write();
    }
  }

  static void Replace(std::string& text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    if (at != std::string::npos) text.replace(at, from.size(), to);
  }

  std::mt19937 random_;
  Sources sources_;
};

TEST(Change, GivesWhatAFreshStartGives) {
  for (const bool split : {true, false}) {
    Spec spec;
    spec.split[static_cast<std::size_t>(SplitKey::kEnvironment)] = split;
    // Much room, and so little that most is thrown out again.
    for (const std::size_t cache_bytes : {std::size_t{32} << 20, std::size_t{40} << 10}) {
      Commits commits(split ? 1 : 2);
      Kept kept(cache_bytes);
      std::set<std::string> results;
      for (int i = 0; i < 60; ++i) {
        const Sources& sources = commits.Next();
        Kept fresh(0);
        const std::string told = Told(kept, sources, spec);
        ASSERT_EQ(told, Told(fresh, sources, spec)) << "commit " << i;
        results.insert(told);
      }
      EXPECT_GT(results.size(), 20u);
    }
  }
}

// What the former commits of two objects left goes, though there is room for thousands of them.
TEST(Change, ManyCommitsTakeNoMoreRoom) {
  Kept kept(std::size_t{256} << 20);
  Sources sources;
  sources["platform"]["platform.yaml"] = render::kPlatform;
  std::size_t early = 0, late = 0;
  for (int i = 0; i < 600; ++i) {
    const std::string name = "c" + std::to_string(i % 12);
    sources["apps"][name + ".yaml"] =
        render::Component(name, "{}", "i:" + std::to_string(1000 + i));
    ASSERT_NE(Told(kept, sources, {}, static_cast<std::uint64_t>(1 + i / 20 % 2)), "");
    std::size_t& most = i < 300 ? early : late;
    most = std::max(most, kept.renderer.cache_stats().bytes + kept.pieces.stats().bytes);
  }
  EXPECT_LT(late, early + early / 20);
}

// Two tenants' trees, in turns through one renderer.
TEST(Change, OfOneTenantShowsInNoOthersArtifact) {
  Kept shared(32u << 20);
  Commits one(3), other(4);
  for (int i = 0; i < 30; ++i) {
    for (Commits* tenant : {&one, &other}) {
      const Sources& sources = tenant->Next();
      Kept fresh(0);
      ASSERT_EQ(Told(shared, sources, {}, tenant == &one ? 1 : 2), Told(fresh, sources, {}))
          << "commit " << i;
    }
  }
}

}  // namespace
}  // namespace openchoreo::flux
