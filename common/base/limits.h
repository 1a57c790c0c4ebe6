// Bounds on what untrusted input may cost. Every limit ends in an error that names it.
//
// OC_LIMITS is the one table: the struct below, every constant in the code and docs/limits.md are
// made of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace openchoreo::base {

// X(type, name, default, unit, flag, what is bounded). "" where no flag sets it.
#define OC_LIMITS(X)                                                                              \
  /* Reading. */                                                                                  \
  X(std::size_t, max_file_bytes, 32u << 20, "bytes", "", "one file")                              \
  X(std::size_t, max_documents, 100'000, "documents", "", "one file, items of lists included")    \
  X(std::size_t, max_depth, 200, "levels", "",                                                    \
    "nesting of one document's values, flow and block, JSON and YAML alike; segments of a patch " \
    "path")                                                                                       \
  X(std::size_t, max_nodes, 4'000'000, "values", "",                                              \
    "one document, aliases expanded; what aliases add, one file")                                 \
  X(std::size_t, max_scalar_bytes, 16u << 20, "bytes", "", "one scalar; one text of a template")  \
  X(std::size_t, max_list_nesting, 8, "levels", "", "`List` objects inside `List` objects")       \
  /* Archives. */                                                                                 \
  X(std::size_t, max_archive_entries, 1'000'000, "entries", "", "one archive, of every type")     \
  X(std::size_t, max_archive_name_bytes, 4096, "bytes", "", "one entry's name")                   \
  X(std::uint64_t, max_archive_kept_bytes, 1024ull << 20, "bytes", "--max-tree-mb",               \
    "all files kept of one archive")                                                              \
  X(std::uint64_t, max_archive_inflated_bytes, 8ull << 30, "bytes", "",                           \
    "one archive inflated, files that are passed over included")                                  \
  X(std::uint64_t, max_archive_ratio, 200, "times", "",                                           \
    "inflated beside compressed bytes, once past 256 MiB")                                        \
  /* Definitions: component, project and resource types, traits. */                               \
  X(std::uint64_t, max_definition_steps, 100'000'000, "steps", "",                                \
    "compiling one definition's templates, patterns and schemas")                                 \
  X(std::size_t, max_definition_bytes, 256u << 20, "bytes", "",                                   \
    "one definition compiled: programs, patterns and schemas")                                    \
  X(std::size_t, max_kept_definition_bytes, 128u << 20, "bytes", "",                              \
    "compiled definitions kept between two calls")                                                \
  X(std::size_t, max_kept_definitions, 4096, "definitions", "",                                   \
    "compiled definitions kept between two calls")                                                \
  X(std::size_t, max_expression_runes, 100'000, "code points", "", "one CEL expression")          \
  X(std::size_t, max_expression_nesting, 250, "levels", "", "one CEL expression")                 \
  X(std::size_t, max_expression_nodes, 100'000, "nodes", "",                                      \
    "one CEL expression, macros expanded")                                                        \
  X(std::size_t, max_cel_pattern_bytes, 1u << 20, "bytes", "",                                    \
    "the program and automaton of one pattern of `matches`")                                      \
  X(std::size_t, max_schema_pattern_bytes, 8u << 20, "bytes", "",                                 \
    "the program and automaton of one pattern of a schema")                                       \
  X(std::size_t, max_ref_depth, 64, "levels", "",                                                 \
    "nesting of a schema, `$ref`s inlined (upstream's limit)")                                    \
  X(std::size_t, max_schema_nodes, 200'000, "nodes", "", "one schema, `$ref`s inlined")           \
  X(std::size_t, max_shorthand_nodes, 50'000, "nodes", "", "one schema of the old shorthand")     \
  /* Rendering. */                                                                                \
  X(std::uint64_t, max_binding_steps, 200'000'000, "steps", "",                                   \
    "one binding: every value that is walked, compared, copied, printed, hashed or written")      \
  X(std::size_t, max_binding_bytes, 256u << 20, "bytes", "",                                      \
    "one binding: what its rendering takes from the heap at once")                                \
  X(std::uint64_t, max_cel_steps, 50'000'000, "steps", "", "one evaluation of an expression")     \
  X(std::size_t, max_cel_bytes, 128u << 20, "bytes", "",                                          \
    "values made by one evaluation of an expression")                                             \
  X(std::size_t, max_range, 1'000'000, "items", "", "`lists.range`")                              \
  X(std::size_t, max_value_depth, 1000, "levels", "", "nesting of a value an expression makes")   \
  X(std::size_t, max_for_each_items, 10'000, "items", "", "one `forEach`")                        \
  X(std::size_t, max_patch_places, 1u << 16, "places", "",                                        \
    "what one patch path means (upstream's limit)")                                               \
  X(std::uint64_t, max_validation_steps, 5'000'000, "steps", "",                                  \
    "one validation of values against a schema")                                                  \
  X(std::size_t, max_violations, 1000, "texts", "", "one validation; others are not listed")      \
  X(std::size_t, max_resources_per_binding, 5'000, "objects", "", "one binding")                  \
  X(std::size_t, max_output_bytes, 64u << 20, "bytes", "", "one binding's objects, as text")      \
  X(std::size_t, max_total_output_bytes, 512u << 20, "bytes", "", "all bindings' text")           \
  X(std::size_t, max_cycle_rounds, 10, "rounds", "",                                              \
    "bindings that connect to each other, until their endpoints stop changing")

// What one call may cost. Those who test or embed set fields; the programs take them as they are.
struct RenderLimits {
#define OC_LIMIT_FIELD(type, name, value, unit, flag, text) type name = value;
  OC_LIMITS(OC_LIMIT_FIELD)
#undef OC_LIMIT_FIELD
};

// The defaults, for bounds that no caller sets.
inline constexpr RenderLimits kLimits;

// A line of the table, for docs/limits.md.
struct LimitInfo {
  const char* name;
  std::uint64_t value;
  const char* unit;
  const char* flag;  // "" if none
  const char* text;
};

std::span<const LimitInfo> AllLimits();

}  // namespace openchoreo::base
