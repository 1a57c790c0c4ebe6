// A value that is made when it is first asked for.
#pragma once

#include <mutex>
#include <utility>

namespace openchoreo::base {

// Any number of threads may ask at once: one makes it, the others wait. What `make` throws goes to
// the one that asked, and the next one tries again.
template <typename T>
class Lazy {
 public:
  template <typename Make>
  const T& Get(const Make& make) const {
    std::call_once(made_, [&] { value_ = make(); });
    return value_;
  }

 private:
  mutable std::once_flag made_;
  mutable T value_;
};

}  // namespace openchoreo::base
