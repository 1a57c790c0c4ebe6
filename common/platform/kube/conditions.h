// metav1.Condition lists: pure functions of what was and what is found.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/arena.h"
#include "common/value/value.h"

namespace openchoreo::kube {

struct Condition {
  std::string type;
  std::string status;  // "True", "False", "Unknown"
  std::string reason;  // never empty once set
  std::string message;
  std::int64_t observed_generation = 0;  // 0: none
  std::string last_transition_time;      // RFC 3339, seconds

  bool operator==(const Condition&) const = default;
};

// In the order they were read or first set. Not thread-safe.
class Conditions {
 public:
  Conditions() = default;

  // `list` is status.conditions; what is no condition is left out, the first of a type counts.
  static Conditions Read(const value::Value& list);

  const Condition* Find(std::string_view type) const;

  // Adds or changes. last_transition_time of `condition` is not read: it becomes `now` where the
  // status is another than before (or the type is new), else stays. An empty reason becomes
  // "Unknown"; the message is cut to what the API server takes (32,768 characters).
  void Set(Condition condition, std::string_view now);
  void Remove(std::string_view type);

  const std::vector<Condition>& all() const { return all_; }

  // For a status; strings are copied.
  value::Value ToValue(base::Arena& arena) const;

  bool operator==(const Conditions&) const = default;

 private:
  std::vector<Condition> all_;
};

// At most `limit` code points, with "…" at the end if something was cut. Invalid UTF-8 is kept out.
std::string CutText(std::string_view text, std::size_t limit);

}  // namespace openchoreo::kube
