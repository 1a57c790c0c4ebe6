// `eval health`: {object, now?} → {upstream, strict}; {binding, …} → {conditions, strict}.
#pragma once

#include <istream>
#include <ostream>

namespace openchoreo::cli {

// A live object (null: not there) is judged in both modes, `message` telling why in mode strict,
// `lookAgain` until when that holds; `rules` are rules of one's own for mode strict. For a binding
// as the cluster has it `argocd` and `flux` are what these show. A binding's conditions come from
// what is known of it: binding {kind, generation, deleting}, now, previous, componentType, problem,
// state, remaining, release, observability, applied, resources, connections, dependencies,
// targetNamespace, entries, outputs, retain; `dialect`: "v0.12" for the words of that version.
// Other keys are passed over.
int RunEvalHealth(std::istream& in, std::ostream& out);

}  // namespace openchoreo::cli
