#include "common/pipeline/template_cache.h"

#include <algorithm>
#include <vector>

namespace openchoreo::pipeline {

std::shared_ptr<const CompiledDefinition> TemplateCache::Get(DefinitionKind kind,
                                                             const value::Value& spec,
                                                             base::Budget& budget) {
  const value::ContentHash hash = value::HashValue(spec, budget);
  if (budget.spent()) return std::make_shared<const CompiledDefinition>(kind, value::Value());
  const std::lock_guard lock(mutex_);
  const auto [begin, end] = entries_.equal_range(hash);
  for (auto it = begin; it != end; ++it) {
    Entry& entry = it->second;
    if (entry.definition->kind() != kind ||
        !value::JsonEquals(entry.definition->spec(), spec, budget))
      continue;
    entry.last_use = ++uses_;
    return entry.definition;
  }
  // Under the lock, so that threads that meet a new definition together compile it once; it is
  // compiled outside, on first use.
  auto definition = std::make_shared<const CompiledDefinition>(kind, spec);
  entries_.emplace(hash, Entry{definition, ++uses_});
  return definition;
}

void TemplateCache::Trim(std::size_t max_definitions, std::size_t max_bytes) {
  const std::lock_guard lock(mutex_);
  std::vector<Entries::iterator> latest_first;
  latest_first.reserve(entries_.size());
  for (auto it = entries_.begin(); it != entries_.end(); ++it) latest_first.push_back(it);
  std::sort(latest_first.begin(), latest_first.end(),
            [](const auto& a, const auto& b) { return a->second.last_use > b->second.last_use; });
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < latest_first.size(); ++i) {
    bytes += latest_first[i]->second.definition->bytes();
    if (i >= max_definitions || bytes > max_bytes) entries_.erase(latest_first[i]);
  }
}

std::size_t TemplateCache::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace openchoreo::pipeline
