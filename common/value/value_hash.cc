#include "common/value/value_hash.h"

#include <xxhash.h>

#include <memory>
#include <random>

namespace openchoreo::value {

namespace {

std::uint64_t ProcessSeed() {
  static const std::uint64_t kSeed =
      (std::uint64_t{std::random_device{}()} << 32) | std::random_device{}();
  return kSeed;
}

void Feed(XXH3_state_t* state, const Value& value, base::Budget& budget) {
  const struct {
    std::uint8_t kind;
    std::uint8_t flags;
    std::uint32_t size;
  } head = {static_cast<std::uint8_t>(value.kind()), value.flags(),
            static_cast<std::uint32_t>(value.size())};

  unsigned char bytes[16] = {head.kind, head.flags};
  for (int i = 0; i < 4; ++i) bytes[2 + i] = static_cast<unsigned char>(head.size >> (8 * i));
  std::size_t used = 6;
  switch (value.kind()) {
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kType:
      if (!budget.SpendText(value.size())) return;
      XXH3_128bits_update(state, bytes, used);
      XXH3_128bits_update(state, value.as_string().data(), value.as_string().size());
      return;
    case Kind::kList: {
      const base::Level level(budget);
      if (!level || !budget.Spend(1 + value.size())) return;
      XXH3_128bits_update(state, bytes, used);
      for (const Value& item : value.as_list()) {
        Feed(state, item, budget);
        if (budget.spent()) return;
      }
      return;
    }
    case Kind::kMap: {
      const base::Level level(budget);
      if (!level || !budget.Spend(1 + value.size())) return;
      XXH3_128bits_update(state, bytes, used);
      for (const MapEntry& entry : value.as_map()) {
        Feed(state, entry.key, budget);
        Feed(state, entry.value, budget);
        if (budget.spent()) return;
      }
      return;
    }
    case Kind::kOptional: {
      const base::Level level(budget);
      if (!level || !budget.Spend(1)) return;
      XXH3_128bits_update(state, bytes, used);
      if (value.optional_value()) Feed(state, *value.optional_value(), budget);
      return;
    }
    default: {
      const std::uint64_t payload = value.as_uint();
      for (int i = 0; i < 8; ++i) bytes[used++] = static_cast<unsigned char>(payload >> (8 * i));
      XXH3_128bits_update(state, bytes, used);
    }
  }
}

struct FreeState {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

}  // namespace

ContentHash HashValue(const Value& value, base::Budget& budget) {
  thread_local const std::unique_ptr<XXH3_state_t, FreeState> state(XXH3_createState());
  XXH3_128bits_reset_withSeed(state.get(), ProcessSeed());
  Feed(state.get(), value, budget);
  const XXH128_hash_t hash = XXH3_128bits_digest(state.get());
  return {hash.low64, hash.high64};
}

}  // namespace openchoreo::value
