#include "health/resource_release.h"

#include "common/base/go_quote.h"
#include "common/template/compiled_template.h"
#include "common/value/map_builder.h"

namespace openchoreo::mapper {

using value::Value;

namespace {

// The variables of the record's texts and what they hold.
class Scope {
 public:
  Scope(const Value& context, const Value& applied, base::Arena& arena) : arena_(arena) {
    std::vector<std::string> names = {"applied"};
    slots_.push_back(applied);
    if (context.is_map()) {
      for (const value::MapEntry& variable : context.as_map()) {
        if (variable.key.as_string() == "applied") continue;
        names.emplace_back(variable.key.as_string());
        // As every context: numbers are doubles.
        slots_.push_back(value::NumbersAsDoubles(arena, variable.value));
      }
    }
    environment_.emplace(std::move(names));
  }

  base::Result<Value> Render(const Value& text) const {
    const auto compiled = tmpl::Compile(text, *environment_);
    auto rendered = compiled->Render(slots_, arena_, kLimits);
    // The result must outlive the template it may share parts with.
    if (rendered) return value::DeepCopy(arena_, *rendered);
    return rendered;
  }

  base::Result<Value> Text(const Value& text) const {
    if (text.string_or_empty().empty()) return Value::String("");
    OC_TRY(const Value rendered, Render(text));
    if (rendered.is_string()) return rendered;
    return base::Fail(base::ErrorCode::kTemplate,
                      std::string("expected string, got ") + value::GoTypeName(rendered));
  }

  base::Arena& arena() const { return arena_; }

 private:
  static constexpr base::RenderLimits kLimits{};

  base::Arena& arena_;
  std::vector<Value> slots_;
  std::optional<cel::Environment> environment_;
};

base::Result<Value> Reference(const Value& reference, const Scope& scope) {
  auto name = scope.Text(reference.Get("name"));
  if (!name) return base::Wrap("name: ", std::move(name).error());
  auto key = scope.Text(reference.Get("key"));
  if (!key) return base::Wrap("key: ", std::move(key).error());
  return value::MakeMap(scope.arena(), {{"key", *key}, {"name", *name}});
}

base::Result<Value> Output(const Value& output, const Scope& scope) {
  const Value name = output.Get("name");
  if (const Value secret = output.Get("secretKeyRef"); secret.is_map()) {
    OC_TRY(const Value reference, Reference(secret, scope));
    return value::MakeMap(scope.arena(), {{"name", name}, {"secretKeyRef", reference}});
  }
  if (const Value config = output.Get("configMapKeyRef"); config.is_map()) {
    OC_TRY(const Value reference, Reference(config, scope));
    return value::MakeMap(scope.arena(), {{"configMapKeyRef", reference}, {"name", name}});
  }
  OC_TRY(const Value text, scope.Text(output.Get("value")));
  return value::MakeMap(scope.arena(),
                        {{"name", name}, {"value", value::NonEmpty(text.as_string())}});
}

}  // namespace

void AppliedObjects::Note(std::string_view id, const Value& object, base::Arena& arena) {
  Value status = object.Get("status");
  if (!status.is_map()) status = Value::Map({});
  statuses_.push_back(
      {std::string(id), value::NumbersAsDoubles(arena, value::DeepCopy(arena, status))});
}

namespace {

template <typename Statuses>
Value AppliedMap(const Statuses& statuses, base::Arena& arena) {
  value::MapBuilder applied(arena);
  for (const auto& [id, status] : statuses) {
    applied.Add(arena.CopyString(id), value::MakeMap(arena, {{"status", status}}));
  }
  return applied.Build();
}

}  // namespace

std::vector<health::Entry> AppliedObjects::Entries(const record::Record& record,
                                                   base::Arena& arena) const {
  const Scope scope(record.context, AppliedMap(statuses_, arena), arena);
  std::vector<health::Entry> entries;
  for (const record::Entry& entry : record.entries) {
    health::Entry told{std::string(entry.id), std::nullopt, std::nullopt};
    if (!entry.ready_when.empty()) {
      const auto ready = scope.Render(Value::String(entry.ready_when));
      if (!ready) {
        told.error = ready.error().message;
      } else if (!ready->is_bool()) {
        told.error =
            std::string("readyWhen must evaluate to bool, got ") + value::GoTypeName(*ready);
      } else {
        told.ready = ready->as_bool();
      }
    }
    entries.push_back(std::move(told));
  }
  return entries;
}

Value AppliedObjects::Outputs(const record::Record& record, health::Outputs& told,
                              base::Arena& arena) const {
  value::ListBuilder resolved(arena);
  if (record.outputs.is_list()) {
    const Scope scope(record.context, AppliedMap(statuses_, arena), arena);
    for (const Value& output : record.outputs.as_list()) {
      const auto one = Output(output, scope);
      if (one) {
        resolved.Add(*one);
      } else {
        told.errors.push_back("output " + base::GoQuote(output.Get("name").string_or_empty()) +
                              ": " + one.error().message);
      }
    }
  }
  told.resolved = static_cast<std::int64_t>(resolved.size());
  return resolved.Build();
}

}  // namespace openchoreo::mapper
