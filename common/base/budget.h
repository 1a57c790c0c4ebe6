// What one piece of work over untrusted values may still cost: steps, memory, depth, and whether
// somebody has given it up.
//
// Values are shared: a result of forty small steps can have 2^40 leaves. So everything that walks,
// copies, compares, prints, hashes or converts a value takes a Budget (or an Arena, which carries
// one), spends steps on each list and map and on long texts, and ends as soon as Spend says no.
// What such a walk then gives back is worthless; whoever holds the budget asks spent() and fails
// with ErrorOf. Once spent, a budget stays spent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>

#include "common/base/limits.h"

namespace openchoreo::base {

struct Diagnostic;

// Not thread-safe; one belongs to one worker.
class Budget {
 public:
  enum class Cause : std::uint8_t { kNone, kSteps, kMemory, kText, kDepth, kCancelled };

  // How often cancellation is asked: after so many steps.
  static constexpr std::uint64_t kSlice = 1u << 16;

  // Whose limits a spent budget names.
  enum class Of : std::uint8_t { kBinding, kDefinition };

  // Without bounds but for depth, for values read from a text, whose size its reader has bounded.
  Budget() = default;

  // max_binding_steps, max_binding_bytes, and max_output_bytes for each text that is written.
  // `cancelled` (may be null or empty) outlives the budget.
  explicit Budget(const RenderLimits& limits, const std::function<bool()>* cancelled = nullptr)
      : Budget(limits.max_binding_steps, limits.max_binding_bytes, limits.max_output_bytes,
               cancelled) {}

  // For compiling one definition: max_definition_steps, max_definition_bytes.
  static Budget ForDefinition() {
    Budget budget(kLimits.max_definition_steps, kLimits.max_definition_bytes,
                  kLimits.max_definition_bytes);
    budget.of_ = Of::kDefinition;
    return budget;
  }

  Budget(std::uint64_t steps, std::size_t bytes, std::size_t text_bytes,
         const std::function<bool()>* cancelled = nullptr)
      : slice_(steps < kSlice ? steps : kSlice),
        rest_(steps - slice_),
        bytes_(bytes),
        cancelled_(cancelled && *cancelled ? cancelled : nullptr),
        all_steps_(steps),
        all_bytes_(bytes),
        text_bytes_(text_bytes) {}

  // Takes `steps` (at least 1) off what is left; false once there is not enough.
  bool Spend(std::uint64_t steps) {
    if (steps <= slice_) [[likely]] {
      slice_ -= steps;
      return true;
    }
    return SpendSlow(steps);
  }

  // What looking at a text costs, beside the step of the value itself.
  bool SpendText(std::size_t bytes) { return bytes < 64 || Spend(bytes / 64); }

  std::uint64_t steps_left() const { return slice_ + rest_; }

  // Takes `bytes` of memory; false, and nothing taken, once there is not enough.
  bool Take(std::size_t bytes) {
    if (bytes > bytes_) [[unlikely]]
      return Exceed(Cause::kMemory);
    bytes_ -= bytes;
    return true;
  }

  void Give(std::size_t bytes) { bytes_ += bytes; }

  std::size_t bytes_left() const { return bytes_; }

  // Whether so much more could be taken; if not the budget is spent.
  bool HasRoom(std::size_t bytes) { return bytes <= bytes_ || Exceed(Cause::kMemory); }

  // Whether `text` may grow by `more` bytes; if not the budget is spent. A string that must move
  // takes at least twice what it had.
  bool HasRoomForText(const std::string& text, std::size_t more) {
    const std::size_t bytes = text.size() + more;
    if (bytes > text_bytes_) [[unlikely]]
      return Exceed(Cause::kText);
    return bytes <= text.capacity() || HasRoom(GrownBytes(text, bytes));
  }

  // What a string takes from the heap once it holds `bytes`, more than it has room for.
  static std::size_t GrownBytes(const std::string& text, std::size_t bytes) {
    return bytes > 2 * text.capacity() ? bytes : 2 * text.capacity();
  }

  // Whether the work was given up; asked by Spend now and then.
  bool Cancelled() {
    if (cancelled_ && (*cancelled_)()) Exceed(Cause::kCancelled);
    return cause_ == Cause::kCancelled;
  }

  // One more level of a walk that calls itself; false beyond max_value_depth. Every Enter has its
  // Leave: use Level.
  bool Enter() { return ++depth_ <= kLimits.max_value_depth || Exceed(Cause::kDepth); }

  void Leave() { --depth_; }

  bool spent() const { return cause_ != Cause::kNone; }

  Cause cause() const { return cause_; }

  Of of() const { return of_; }

  std::uint64_t all_steps() const { return all_steps_; }

  std::size_t all_bytes() const { return all_bytes_; }

  std::size_t all_text_bytes() const { return text_bytes_; }

 private:
  bool SpendSlow(std::uint64_t steps);

  bool Exceed(Cause cause) {
    if (cause_ == Cause::kNone) cause_ = cause;
    slice_ = rest_ = 0;
    return false;
  }

  static constexpr std::uint64_t kNoSteps = std::numeric_limits<std::uint64_t>::max();
  static constexpr std::size_t kNoBytes = std::numeric_limits<std::size_t>::max() / 2;

  std::uint64_t slice_ = kNoSteps;  // until cancellation is asked again
  std::uint64_t rest_ = 0;
  std::size_t bytes_ = kNoBytes;
  const std::function<bool()>* cancelled_ = nullptr;
  std::uint64_t all_steps_ = kNoSteps;
  std::size_t all_bytes_ = kNoBytes;
  std::size_t text_bytes_ = kNoBytes;
  std::uint32_t depth_ = 0;
  Cause cause_ = Cause::kNone;
  Of of_ = Of::kBinding;
};

// One level of a recursive walk: `const Level level(budget); if (!level) …`.
class Level {
 public:
  explicit Level(Budget& budget) : budget_(budget), fits_(budget.Enter()) {}

  ~Level() { budget_.Leave(); }

  Level(const Level&) = delete;
  Level& operator=(const Level&) = delete;

  explicit operator bool() const { return fits_; }

 private:
  Budget& budget_;
  bool fits_;
};

// Memory of a budget, given back at its end.
class Charge {
 public:
  Charge() = default;

  explicit Charge(Budget& budget) : budget_(&budget) {}

  ~Charge() {
    if (budget_) budget_->Give(bytes_);
  }

  Charge(Charge&& other) noexcept
      : budget_(std::exchange(other.budget_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

  Charge& operator=(Charge&& other) noexcept {
    std::swap(budget_, other.budget_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }

  // Holds `bytes` in all from now on; false if there is not so much.
  bool GrowTo(std::size_t bytes) {
    if (bytes <= bytes_) return true;
    if (!budget_->Take(bytes - bytes_)) return false;
    bytes_ = bytes;
    return true;
  }

  bool Add(std::size_t bytes) { return GrowTo(bytes_ + bytes); }

 private:
  Budget* budget_ = nullptr;
  std::size_t bytes_ = 0;
};

// Why `budget` is spent: kLimit, naming the limit, or kCancelled.
Diagnostic ErrorOf(const Budget& budget);

}  // namespace openchoreo::base
