// Putting together what a run has left: groups in emission order, reports, and every diagnostic
// with whom it is about.
#pragma once

#include "common/render/options.h"
#include "common/render/output.h"
#include "common/render/render_run.h"
#include "common/render/selection.h"
#include "common/render/tree.h"

namespace openchoreo::render {

// What loading says about the selection, with the Components whose releases cannot be derived.
void AddLoadDiagnostics(const Tree& tree, const Selection& selection, const Options& options,
                        Output& output);

// Reports, groups and diagnostics of a run, which is used up.
void TakeRun(const Tree& tree, const Selection& selection, const Options& options, RenderRun& run,
             Output& output);

// The OpenChoreo objects and others that Options::include names, after the rendered ones.
void AddObjects(const Tree& tree, const Selection& selection, const Options& options,
                Output& output);

// The one finding of work that was cancelled.
base::Error Cancelled();

// What decides whether the generation stands, and the order of its diagnostics.
void Conclude(const Options& options, const base::Diagnostics& selection_errors, Output& output);

}  // namespace openchoreo::render
