#include "common/render/binding_cache.h"

#include <utility>

#include "common/render/option_table.h"
#include "common/value/json_writer.h"

namespace openchoreo::render {
namespace {

void AddText(std::string& key, std::string_view text) {
  const std::size_t size = text.size();
  key.append(reinterpret_cast<const char*>(&size), sizeof(size)).append(text);
}

bool AddReads(std::string& key, const std::vector<release::Read>& reads) {
  for (const release::Read& read : reads) {
    const std::uint64_t content = read.found ? read.found->content_id : 0;
    if (read.found && content == 0) return false;
    key += static_cast<char>(read.kind);
    AddText(key, read.ns);
    AddText(key, read.name);
    key.append(reinterpret_cast<const char*>(&content), sizeof(content));
  }
  key += '\xff';
  return true;
}

std::size_t SizeOf(const CachedBinding& binding) {
  // Small parts are counted by what they usually take.
  return sizeof(CachedBinding) + 512 + binding.output.text->capacity() +
         binding.output.ends.size() * sizeof(std::size_t) +
         256 * (binding.provided.endpoints.size() + binding.provided.outputs.size());
}

}  // namespace

std::optional<base::Sha256Digest> BindingCache::KeyOf(const Binding& binding,
                                                      const BindingInputs& inputs,
                                                      const Dependencies& dependencies,
                                                      const Options& options,
                                                      base::Budget& budget) {
  std::string key;
  key.reserve(1024);
  AppendBindingFingerprint(key, options);
  key += static_cast<char>(binding.object != nullptr);
  key += static_cast<char>(binding.kind);
  key.append(reinterpret_cast<const char*>(&options.limits), sizeof(options.limits));
  AddText(key, binding.ns);
  AddText(key, binding.name);
  AddText(key, binding.release);
  if (!AddReads(key, inputs.reads) || !AddReads(key, inputs.observability_reads))
    return std::nullopt;
  for (const value::Value& items : {dependencies.connections, dependencies.resources}) {
    std::string json;
    if (!value::AppendJson(json, items, budget)) return std::nullopt;
    AddText(key, json);
  }
  for (const record::Connection& target : dependencies.targets) {
    std::string url;  // the record has it; the rest of a target is in dependencies.connections
    if (!value::AppendJson(url, target.url, budget)) return std::nullopt;
    AddText(key, url);
  }
  return base::Sha256(key);
}

base::CacheUse BindingCache::Begin(std::uint64_t series) {
  const std::lock_guard lock(mutex_);
  return bindings_.Begin(series);
}

void BindingCache::End(const base::CacheUse& use) {
  const std::lock_guard lock(mutex_);
  bindings_.End(use);
}

void BindingCache::EndSeries(std::uint64_t series) {
  const std::lock_guard lock(mutex_);
  bindings_.EndSeries(series);
}

std::shared_ptr<const CachedBinding> BindingCache::Find(const base::Sha256Digest& key,
                                                        const base::CacheUse& use) {
  const std::lock_guard lock(mutex_);
  const auto* found = bindings_.Find(key, use);
  ++(found ? hits_ : misses_);
  return found ? *found : nullptr;
}

void BindingCache::Put(const base::Sha256Digest& key, CachedBinding binding,
                       const base::CacheUse& use) {
  const std::size_t bytes = SizeOf(binding);
  auto kept = std::make_shared<const CachedBinding>(std::move(binding));
  const std::lock_guard lock(mutex_);
  bindings_.Put(key, std::move(kept), bytes, use);
}

BindingCache::Stats BindingCache::stats() const {
  const std::lock_guard lock(mutex_);
  return {hits_, misses_, bindings_.bytes()};
}

}  // namespace openchoreo::render
