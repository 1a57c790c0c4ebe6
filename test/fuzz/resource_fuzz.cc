// Any bytes as a file of a tree: loading ends in objects or diagnostics; every diagnostic can be
// printed; an object the API server would hold stays the same when it is stored and read again. A
// file has no budget of its own: what it may take follows from its size and the nodes it may have.
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "common/resource/diagnostic_printer.h"
#include "common/resource/dialect.h"
#include "common/resource/parsed_file.h"
#include "common/resource/repository.h"
#include "common/source/plain_tree.h"
#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"
#include "test/fuzz/ceilings.h"
#include "test/fuzz/require.h"

namespace {

using namespace openchoreo;

constexpr std::size_t kNodes = 20'000;
constexpr std::size_t kBytesOfNode = 256;
constexpr std::uint64_t kSteps = 50 * kNodes;

void CheckStored(const resource::Object& object) {
  if (object.dialect != names::Dialect::kV1) return;
  const std::string text = value::ToJson(object.root);
  const auto file = resource::ParseFile(text, {});
  Require(file->objects.size() == 1, "a stored object that is none");
  const resource::ParsedObject& again = file->objects[0];
  Require(again.invalid.empty(), "a stored object that is refused");
  Require(JsonEquals(again.root, object.root), "a stored object that changes");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Ceilings ceilings(kSteps, kNodes * kBytesOfNode, size);
  source::PlainTree tree({{"all.yaml", std::make_shared<const std::string>(
                                           reinterpret_cast<const char*>(data), size)}});
  source::FileTree* trees[] = {&tree};
  resource::LoadOptions options;
  options.limits.max_nodes = kNodes;
  const auto repository = resource::Load(trees, options);
  resource::DiagnosticPrinter printer(repository->sources());
  for (const base::Diagnostic& diagnostic : repository->diagnostics()) {
    Require(!printer.Print(diagnostic).empty(), "a diagnostic without text");
  }
  for (int kind = 0; kind < names::kKindCount; ++kind) {
    for (const resource::Object* object : repository->All(static_cast<names::Kind>(kind))) {
      Require(object->invalid.empty() && !object->name.empty(), "a held object that is refused");
      Require(repository->Find(object->kind, object->ns, object->name) == object, "a lost object");
      Require(PlaceOf(*object, "/spec/traits/0/spec").source == 0, "a place elsewhere");
      CheckStored(*object);
    }
  }
  return 0;
}
