#include "common/cel/program_cache.h"

#include <functional>

namespace openchoreo::cel {

std::size_t ProgramCache::KeyHash::operator()(const Key& key) const {
  const std::hash<std::string_view> hash;
  return hash(key.text) * 31 + hash(key.environment);
}

base::Result<std::shared_ptr<const Program>> ProgramCache::Get(std::string_view text,
                                                               const Environment& environment) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = by_key_.find(Key{environment.key(), text});
    if (found != by_key_.end()) {
      entries_.splice(entries_.begin(), entries_, found->second);
      return found->second->program;
    }
  }
  OC_TRY(std::shared_ptr<const Program> program, Compile(text, environment));
  const std::lock_guard lock(mutex_);
  if (capacity_ == 0 || by_key_.contains(Key{environment.key(), text})) return program;
  if (entries_.size() == capacity_) {
    by_key_.erase(Key{entries_.back().environment, entries_.back().text});
    entries_.pop_back();
  }
  entries_.push_front({environment.key(), std::string(text), program});
  const Entry& entry = entries_.front();
  by_key_.emplace(Key{entry.environment, entry.text}, entries_.begin());
  return program;
}

std::size_t ProgramCache::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace openchoreo::cel
