// Any bytes as a KRM function's input: reading ends in a list or an error; items passed on keep
// their bytes, also when they are read again; names are resolved and functionConfig is read without
// a crash.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/render/function_config.h"
#include "kustomize-fn/item_names.h"
#include "kustomize-fn/output.h"
#include "kustomize-fn/resource_list.h"
#include "test/fuzz/ceilings.h"
#include "test/fuzz/require.h"

namespace {

using namespace openchoreo;
using namespace openchoreo::kustomize_fn;

// A list has no budget of its own: beside these, what it may take follows from its size.
constexpr std::uint64_t kSteps = 1'000'000;
constexpr std::size_t kBytes = std::size_t{4} << 20;

std::vector<std::size_t> All(const ResourceList& list) {
  std::vector<std::size_t> all(list.items.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Ceilings ceilings(kSteps, kBytes, size);
  base::Arena arena;
  const auto list = ReadResourceList(text, arena);
  if (!list) return 0;
  render::ReadFunctionConfig(list->function_config);

  std::vector<std::size_t> read;
  for (const std::size_t i : All(*list)) {
    if (IsOpenChoreo(list->items[i])) read.push_back(i);
  }
  (void)ResolveNames(*list, read, "default", arena);

  const std::string written = WriteResourceList(*list, All(*list), {}, {}, {});
  base::Arena again_arena;
  const auto again = ReadResourceList(written, again_arena);
  Require(again.has_value(), "what was written does not read");
  Require(again->items.size() == list->items.size(), "another number of items");
  for (const std::size_t i : All(*list)) {
    const Item& before = list->items[i];
    const Item& after = again->items[i];
    Require(before.kind == after.kind && before.name == after.name && before.ns == after.ns,
            "another item");
  }
  Require(WriteResourceList(*again, All(*again), {}, {}, {}) == written,
          "passing on changes bytes");
  return 0;
}
