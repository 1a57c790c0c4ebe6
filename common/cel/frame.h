// The state of one evaluation: variables, arena and what is left of the limits. Not thread-safe.
//
// An expression has limits of its own (max_cel_steps, max_cel_bytes) inside what the arena's budget
// still has. Steps are taken from that budget slice by slice, which is when cancellation is asked.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "common/base/arena.h"
#include "common/base/budget.h"
#include "common/base/limits.h"
#include "common/base/result.h"
#include "common/value/value.h"

namespace openchoreo::cel {

// What Value::error_detail() points to inside this room.
struct Failure {
  std::string_view message;
};

// Errors without parts that vary; each is one constant.
#define OC_CEL_FAILURE(name, text)             \
  inline constexpr Failure name##Detail{text}; \
  inline constexpr value::Value name = value::Value::Error(&name##Detail)

OC_CEL_FAILURE(kNoSuchOverload, "no such overload");
OC_CEL_FAILURE(kIntOverflow, "integer overflow");
OC_CEL_FAILURE(kUintOverflow, "unsigned integer overflow");
OC_CEL_FAILURE(kDivisionByZero, "division by zero");
OC_CEL_FAILURE(kModulusByZero, "modulus by zero");
OC_CEL_FAILURE(kTimestampOverflow, "timestamp overflow");
OC_CEL_FAILURE(kNanNotOrdered, "NaN values cannot be ordered");
OC_CEL_FAILURE(kOutOfMemory, "expression takes too much memory");
OC_CEL_FAILURE(kNoneDereference, "optional.none() dereference");
OC_CEL_FAILURE(kOmitMerged, "unsupported conversion to ref.Val: (*template.omitValue)&{}");

inline std::string_view MessageOf(const value::Value& error) {
  return static_cast<const Failure*>(error.error_detail())->message;
}

class Frame {
 public:
  // `locals` has room for the program's comprehension variables.
  Frame(const value::Value* slots, value::Value* locals, base::Arena& arena,
        const base::RenderLimits& limits)
      : slots_(slots),
        locals_(locals),
        arena_(&arena),
        budget_(&arena.budget()),
        limits_(&limits),
        slice_(std::min(limits.max_cel_steps, base::Budget::kSlice)),
        taken_(slice_),
        bytes_left_(std::min(limits.max_cel_bytes, arena.budget().bytes_left())) {}

  // Whether the evaluation stayed inside all limits; takes what it spent off the arena's budget.
  // Once, at its end.
  bool Finish() {
    const std::uint64_t spent = taken_ - settled_ - slice_;
    if (spent > 0 && !budget_->Spend(spent)) [[unlikely]]
      Exceed(Limit::kBudget);
    if (budget_->spent()) [[unlikely]]
      Exceed(Limit::kBudget);
    return limit_ == Limit::kNone;
  }

  const value::Value& slot(std::uint32_t index) const { return slots_[index]; }

  value::Value& local(std::uint32_t index) { return locals_[index]; }

  base::Arena& arena() { return *arena_; }

  base::Budget& budget() { return *budget_; }

  // Takes `steps` off what is left. False once it is used up: give LimitError() back at once.
  bool Spend(std::uint64_t steps) {
    if (steps <= slice_) [[likely]] {
      slice_ -= steps;
      return limit_ == Limit::kNone;
    }
    return SpendSlow(steps);
  }

  // What looking at a text costs.
  bool SpendText(std::size_t bytes) { return bytes < 64 || Spend(bytes / 64); }

  // One more level of a walk that calls itself: use Level.
  bool Enter() { return budget_->Enter() || Exceed(Limit::kBudget); }

  void Leave() { budget_->Leave(); }

  // Room for `count` values or entries, or nullptr beyond the memory limit.
  value::Value* NewValues(std::size_t count) { return New<value::Value>(count); }

  value::MapEntry* NewEntries(std::size_t count) { return New<value::MapEntry>(count); }

  char* NewText(std::size_t bytes) { return New<char>(bytes); }

  template <typename T>
  T* New(std::size_t count) {
    if (count > bytes_left_ / sizeof(T)) [[unlikely]] {
      Exceed(Limit::kMemory);
      return nullptr;
    }
    bytes_left_ -= count * sizeof(T);
    // Never for nothing: a fresh arena answers that with nullptr, which here means the limit.
    return arena_->AllocateArray<T>(count == 0 ? 1 : count);
  }

  // A string value with a copy of `text`.
  value::Value NewString(std::string_view text) {
    char* copy = NewText(text.size());
    if (!copy) return LimitError();
    if (!text.empty()) std::memcpy(copy, text.data(), text.size());
    return value::Value::String({copy, text.size()});
  }

  value::Value NewOptional(const value::Value& held) {
    value::Value* copy = NewValues(1);
    if (!copy) return LimitError();
    *copy = held;
    return value::Value::Optional(copy);
  }

  // Whether `bytes` more would fit; beyond the memory limit this fails as an allocation would.
  bool HasRoom(std::size_t bytes) {
    if (bytes > bytes_left_) return Exceed(Limit::kMemory);
    return budget_->HasRoom(bytes) || Exceed(Limit::kBudget);
  }

  // What a value that is no text, list or map takes at most as text, with what stands around it.
  static constexpr std::size_t kShortText = 32;

  // Whether `text` may grow by `more` bytes; see Budget::HasRoomForText.
  bool HasRoomForText(const std::string& text, std::size_t more) {
    const std::size_t bytes = text.size() + more;
    return bytes <= text.capacity() || HasRoom(base::Budget::GrownBytes(text, bytes));
  }

  value::Value Fail(std::string_view message) {
    const std::size_t bytes = sizeof(Failure) + message.size();
    if (!HasRoom(bytes)) [[unlikely]]
      return kOutOfMemory;
    bytes_left_ -= bytes;
    Failure* failure = arena_->AllocateArray<Failure>(1);
    failure->message = arena_->CopyString(message);
    return value::Value::Error(failure);
  }

  // The error of a spent limit. `&&` and `||` may absorb it, but the limit stays exceeded.
  value::Value LimitError() {
    if (limit_ == Limit::kNone) Exceed(budget_->spent() ? Limit::kBudget : Limit::kMemory);
    return kOutOfMemory;
  }

  bool exceeded() const { return limit_ != Limit::kNone; }

  // What was exceeded: kLimit naming it, or kCancelled.
  base::Error ErrorOfLimit() const;

 private:
  enum class Limit : std::uint8_t { kNone, kSteps, kMemory, kBudget };

  bool SpendSlow(std::uint64_t steps);

  bool Exceed(Limit limit) {
    if (limit_ == Limit::kNone) limit_ = limit;
    return false;
  }

  const value::Value* slots_;
  value::Value* locals_;
  base::Arena* arena_;
  base::Budget* budget_;
  const base::RenderLimits* limits_;
  std::uint64_t slice_;        // what may still be spent of
  std::uint64_t taken_;        // in all; all but slice_ is spent
  std::uint64_t settled_ = 0;  // of what is spent, what the budget knows of
  std::size_t bytes_left_;
  Limit limit_ = Limit::kNone;
};

// One level of a recursive walk.
class Level {
 public:
  explicit Level(Frame& frame) : frame_(frame), fits_(frame.Enter()) {}

  ~Level() { frame_.Leave(); }

  Level(const Level&) = delete;
  Level& operator=(const Level&) = delete;

  explicit operator bool() const { return fits_; }

 private:
  Frame& frame_;
  bool fits_;
};

}  // namespace openchoreo::cel
