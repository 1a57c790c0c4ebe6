#include "common/pipeline/template_cache.h"

#include <algorithm>
#include <vector>

namespace openchoreo::pipeline {

std::shared_ptr<const CompiledDefinition> TemplateCache::Get(DefinitionKind kind,
                                                             const value::Value& spec) {
  const value::ContentHash hash = value::HashValue(spec);
  const std::lock_guard lock(mutex_);
  const auto [begin, end] = entries_.equal_range(hash);
  for (auto it = begin; it != end; ++it) {
    Entry& entry = it->second;
    if (entry.definition->kind() != kind || !value::JsonEquals(entry.definition->spec(), spec))
      continue;
    entry.last_use = ++uses_;
    return entry.definition;
  }
  // Under the lock, so that threads that meet a new definition together compile it once; its
  // templates are compiled outside, on first use.
  auto definition = std::make_shared<const CompiledDefinition>(kind, spec);
  entries_.emplace(hash, Entry{definition, ++uses_});
  return definition;
}

void TemplateCache::Trim(std::size_t max_definitions) {
  const std::lock_guard lock(mutex_);
  if (entries_.size() <= max_definitions) return;
  std::vector<std::uint64_t> uses;
  uses.reserve(entries_.size());
  for (const auto& [hash, entry] : entries_) uses.push_back(entry.last_use);
  const auto oldest_kept =
      uses.begin() + static_cast<std::ptrdiff_t>(uses.size() - max_definitions);
  if (max_definitions == 0) {
    entries_.clear();
    return;
  }
  std::nth_element(uses.begin(), oldest_kept, uses.end());
  std::erase_if(entries_, [&](const auto& item) { return item.second.last_use < *oldest_kept; });
}

std::size_t TemplateCache::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace openchoreo::pipeline
