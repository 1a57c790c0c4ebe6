// A definition (ComponentType, Trait, ProjectType, ResourceType) made ready for rendering: every
// template, expression and schema of its spec compiled, once for all bindings that use it.
//
// Which variables exist differs by binding (a gateway, or none; v0.12 names), and an expression
// that names an undeclared one fails to compile, as upstream. So templates are compiled per
// ContextShape, on first use.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/arena.h"
#include "common/base/diagnostic.h"
#include "common/base/result.h"
#include "common/names/kind.h"
#include "common/pipeline/rendered_resource.h"
#include "common/schema/schema.h"
#include "common/template/compiled_template.h"
#include "common/template/control_flow.h"
#include "common/value/value.h"

namespace openchoreo::pipeline {

enum class DefinitionKind : std::uint8_t { kComponentType, kTrait, kProjectType, kResourceType };

// Names and macros of the context. kTransitional: v0.16–v0.17, the v1.x context with older names
// beside.
enum class ContextStyle : std::uint8_t { kV1, kTransitional, kV012 };

struct ContextShape {
  ContextStyle style = ContextStyle::kV1;
  bool has_gateway = false;

  static constexpr std::size_t kCount = 6;

  std::size_t index() const { return static_cast<std::size_t>(style) * 2 + (has_gateway ? 1 : 0); }
};

// One templated field of the definition. `text` is its source where it is a string, for messages.
struct Expression {
  std::shared_ptr<const tmpl::CompiledTemplate> compiled;  // null: the field is absent or empty
  std::string_view text;
  std::string path;  // JSON pointer below the spec

  explicit operator bool() const { return compiled != nullptr; }
};

struct Loop {
  Expression for_each;
  std::string_view variable;
  int slot = -1;  // where `variable` is bound
};

// An entry of spec.resources or of a trait's creates.
struct ResourceTemplate {
  std::string_view id;
  TargetPlane plane = TargetPlane::kData;
  Expression include_when;
  Loop loop;
  Expression body;
};

// Which rendered objects a patch, remove or post-render rule is about.
struct Target {
  std::string_view kind, group, version;  // "" matches any
  std::optional<TargetPlane> plane;
  Expression where;
  int resource_slot = -1;
};

struct PatchOperation {
  std::string_view op;
  Expression path;
  Expression value;  // absent for remove
};

struct TraitPatch {
  Loop loop;
  Target target;
  std::vector<PatchOperation> operations;
};

struct TraitRemove {
  Loop loop;
  Target target;
};

// Rules about the context, asked before anything is rendered.
struct PreRenderRules {
  std::vector<tmpl::ValidationRule> rules;
  std::vector<std::shared_ptr<const tmpl::CompiledTemplate>> owners;  // of what `rules` points to
  std::string path;                                                   // of the list
};

struct PostRenderRule {
  Expression when;
  Loop loop;
  Target target;
  bool must_match = true;
  Expression rule;
  std::string_view message;
};

// A trait a ComponentType brings itself.
struct EmbeddedTrait {
  std::string_view kind, name, instance;
  Expression parameters, environment_configs;
};

// An output of a ResourceType; exactly one source is set in valid definitions.
struct OutputTemplate {
  enum class Source : std::uint8_t { kNone, kValue, kSecretKeyRef, kConfigMapKeyRef };

  std::string_view name;
  Source source = Source::kNone;
  Expression value, ref_name, ref_key;
};

struct Templates {
  // Why something below is missing: the definition is too large.
  std::optional<base::Error> error;
  PreRenderRules pre_render;
  std::vector<ResourceTemplate> resources;  // of a trait: its creates
  std::vector<EmbeddedTrait> embedded;
  std::vector<TraitPatch> patches;
  std::vector<TraitRemove> removes;
  std::vector<PostRenderRule> post_render;
  std::vector<OutputTemplate> outputs;
};

// parameters or environmentConfigs of a definition.
struct SchemaSection {
  std::shared_ptr<const schema::Schema> schema;  // null: no such section, or `error`
  std::optional<base::Diagnostic> error;  // upstream's text from "failed to create … schema: "
  std::string path;
};

// Immutable but for what is compiled on demand; thread-safe. Compiling has a budget of its own,
// one for the schemas and one for the templates of each shape: whether a definition fits does not
// depend on who comes first.
class CompiledDefinition {
 public:
  // Copies `spec`; the rest is compiled on first use. Old shorthand schemas (spec.schema) and
  // OpenAPI sections are told apart by shape.
  CompiledDefinition(DefinitionKind kind, const value::Value& spec);

  DefinitionKind kind() const { return kind_; }

  // An own copy of the spec.
  const value::Value& spec() const { return spec_; }

  std::string_view workload_type() const { return workload_type_; }

  const SchemaSection& parameters() const { return sections().parameters; }

  const SchemaSection& environment_configs() const { return sections().environment_configs; }

  // Whether the text "toEndpointResources" occurs where upstream looks for it.
  bool names_endpoint_resources() const { return sections().names_endpoint_resources; }

  // JSON pointers below the spec of texts with a "${" that never ends and no expression beside
  // it: upstream takes them literally, and hardly anybody means that.
  const std::vector<std::string>& unclosed() const { return sections().unclosed; }

  const Templates& templates(ContextShape shape) const;

  // What is compiled so far takes about so much from the heap.
  std::size_t bytes() const { return bytes_; }

 private:
  struct Sections {
    std::once_flag once;
    SchemaSection parameters;
    SchemaSection environment_configs;
    bool names_endpoint_resources = false;
    std::vector<std::string> unclosed;
  };

  const Sections& sections() const;

  struct Variant {
    std::once_flag once;
    Templates templates;
  };

  const DefinitionKind kind_;
  base::Arena arena_;
  value::Value spec_;
  std::string_view workload_type_;
  mutable std::atomic<std::size_t> bytes_ = 0;
  mutable Sections sections_;
  mutable std::array<Variant, ContextShape::kCount> variants_;
};

}  // namespace openchoreo::pipeline
