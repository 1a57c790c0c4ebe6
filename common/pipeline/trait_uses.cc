#include "common/pipeline/trait_uses.h"

namespace openchoreo::pipeline {

std::vector<TraitUse> TraitUses(std::span<const EmbeddedTrait> embedded,
                                const value::Value& profile) {
  std::vector<TraitUse> uses;
  for (std::size_t i = 0; i < embedded.size(); ++i) {
    uses.push_back({embedded[i].kind, embedded[i].name, embedded[i].instance, {}, &embedded[i], i});
  }
  const value::Value traits = profile.Get("traits");
  if (!traits.is_list()) return uses;
  const auto items = traits.as_list();
  for (std::size_t i = 0; i < items.size(); ++i) {
    TraitUse use;
    use.kind = items[i].Get("kind").string_or_empty();
    if (use.kind.empty()) use.kind = "Trait";
    use.name = items[i].Get("name").string_or_empty();
    use.instance = items[i].Get("instanceName").string_or_empty();
    use.parameters = items[i].Get("parameters");
    use.index = i;
    uses.push_back(use);
  }
  return uses;
}

}  // namespace openchoreo::pipeline
