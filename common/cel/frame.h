// The state of one evaluation: variables, arena and what is left of the limits. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "common/base/arena.h"
#include "common/base/limits.h"
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
        steps_left_(limits.max_cel_steps),
        bytes_left_(limits.max_cel_bytes) {}

  const value::Value& slot(std::uint32_t index) const { return slots_[index]; }

  value::Value& local(std::uint32_t index) { return locals_[index]; }

  base::Arena& arena() { return *arena_; }

  // Takes `steps` off what is left. False once it is used up: give LimitError() back at once.
  bool Spend(std::uint64_t steps) {
    if (steps <= steps_left_) [[likely]] {
      steps_left_ -= steps;
      return limit_ == nullptr;
    }
    steps_left_ = 0;
    return Exceed("expression takes too many steps");
  }

  // Room for `count` values or entries, or nullptr beyond the memory limit.
  value::Value* NewValues(std::size_t count) { return New<value::Value>(count); }

  value::MapEntry* NewEntries(std::size_t count) { return New<value::MapEntry>(count); }

  char* NewText(std::size_t bytes) { return New<char>(bytes); }

  template <typename T>
  T* New(std::size_t count) {
    if (count > bytes_left_ / sizeof(T)) [[unlikely]] {
      Exceed("expression takes too much memory");
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
    return bytes <= bytes_left_ || Exceed("expression takes too much memory");
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

  // The error of a spent limit. `&&` and `||` may absorb it, but limit() stays set.
  value::Value LimitError() {
    if (!limit_) Exceed("expression takes too much memory");
    return Fail(limit_);
  }

  // What was exceeded, or nullptr.
  const char* limit() const { return limit_; }

 private:
  bool Exceed(const char* limit) {
    if (!limit_) limit_ = limit;
    return false;
  }

  const value::Value* slots_;
  value::Value* locals_;
  base::Arena* arena_;
  std::uint64_t steps_left_;
  std::size_t bytes_left_;
  const char* limit_ = nullptr;
};

}  // namespace openchoreo::cel
