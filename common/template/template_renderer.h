// Rendering of compiled nodes. Follows Render and renderString of openchoreo
// internal/template/engine.go.
#pragma once

#include <span>

#include "common/base/arena.h"
#include "common/base/limits.h"
#include "common/base/result.h"
#include "common/template/template_node.h"
#include "common/value/value.h"

namespace openchoreo::tmpl {

struct RenderScope {
  std::span<const value::Value> slots;
  base::Arena& arena;
  const base::RenderLimits& limits;
};

// The error of a budget that is spent, at `node`.
tl::unexpected<base::Error> Spent(const Node& node, const RenderScope& scope);

// Fields are rendered in key order (upstream: Go's random map order); the first error ends it.
base::Result<value::Value> RenderNode(const Node& node, const RenderScope& scope);

// The text of a kText node. Follows upstream's quirk: each expression's value replaces the first
// place where the expression's text stands in the result so far, which may be inside a value put in
// before.
base::Result<value::Value> RenderText(const Node& node, const RenderScope& scope);

}  // namespace openchoreo::tmpl
