// What is known of the objects a release record names.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/health/own_rules.h"
#include "common/health/state.h"
#include "common/record/record.h"
#include "common/value/value.h"

namespace openchoreo::mapper {

// One look at one object.
struct Sight {
  enum class Kind {
    kSeen,      // it is there
    kAbsent,    // it is not there
    kBlind,     // nobody can tell: its kind is absent or forbidden, its cluster does not answer
    kStarting,  // nobody can tell yet: its kind is being listed
  };

  Kind kind = Kind::kBlind;
  health::Judgement judgement;
  std::string digest;  // of the annotation; "" = none
  std::string why;     // of kBlind, for people
  // The object as far as it is kept; null unless seen. Lives as long as `Sights`' promise.
  value::Value object;
};

class Sights {
 public:
  virtual ~Sights() = default;
  // The value's memory lives until the next call of Look or the end of `this`.
  virtual Sight Look(const record::RecordedObject& object, const health::Terms& terms) = 0;
  // How many objects of a binding's release are still there, by their labels; nothing while that
  // cannot be told.
  virtual std::optional<std::size_t> Remaining(std::string_view release, std::string_view ns) = 0;
};

// What is seen of an object that is there. `rules` are of one's own, judged within bounds; null:
// none.
Sight SightOf(const record::RecordedObject& object, const value::Value& live,
              const health::OwnRules* rules, const health::Terms& terms);

// What objects of one release are labelled with, in either dialect.
class ReleaseLabels {
 public:
  ReleaseLabels(std::string_view release, std::string_view ns);
  bool AreOn(const value::Value& live) const;

 private:
  std::string name_, ns_;
};

}  // namespace openchoreo::mapper
