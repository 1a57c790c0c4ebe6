// The operators that deliver: Argo CD's Applications, Flux's Kustomizations, OpenChoreoSources, as
// the home cluster has them. Which of them delivers a binding is found, by what it leaves on what
// it applies.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "common/record/record.h"
#include "common/value/value.h"
#include "health/assessment.h"
#include "health/kind_watch.h"

namespace openchoreo::mapper {

// Thread-safe.
class Operators {
 public:
  // `changed` is called when one of them says something else that matters to a binding.
  Operators(kube::Client& home, const std::function<void()>& changed, const WatchOptions& options);

  // `applied` has the metadata an operator left its mark on: the binding's or its record's object,
  // whichever is there. `record` may be nullptr.
  Delivery Find(std::span<const value::Value> applied, const record::Record* record,
                std::string_view identity) const;

 private:
  struct Failure {
    std::string message, revision;
  };

  // Whether what counts of a Kustomization is another now.
  bool NoteKustomization(const kube::Key& key, const kube::Live& now);

  mutable std::mutex mutex_;
  std::map<kube::Key, Failure> failures_;  // of Kustomizations, also while they try again
  KindWatch applications_, kustomizations_, sources_;
};

// What an Application says, for a binding of that identity ("ReleaseBinding acme/web-dev").
Delivery SaidByApplication(const value::Value& application, const record::Record* record,
                           std::string_view identity);
// `failed_before` is its last failure, while it tries the same again.
Delivery SaidByKustomization(const value::Value& kustomization, const record::Record* record,
                             std::string_view failed_before = {});
// Whether a Kustomization that could not apply `revision` is at it again, and no further yet: it
// takes back what it said for as long. Follows fluxcd/kustomize-controller
// internal/controller/kustomization_controller.go, reconcile.
bool TriesAgain(const value::Value& kustomization, std::string_view revision);
// Of an Application, all that any binding may be told of.
std::string ToldByApplication(const value::Value& application);
// Of the lines of a message of findings, those that are the binding's; "" = none.
std::string FindingsOf(std::string_view message, std::string_view identity);

}  // namespace openchoreo::mapper
