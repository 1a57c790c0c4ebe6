#include "common/patch/json_patch.h"

#include "common/base/go_quote.h"

namespace openchoreo::patch {

using value::Value;

namespace {

using Outcome = base::Result<bool>;

tl::unexpected<base::Error> Fail(std::string message) {
  return base::Fail(base::ErrorCode::kPatch, std::move(message));
}

// The key of a step taken on a map. Indexes are taken on lists only: ExpandPath saw to it.
std::string_view KeyOf(const Step& step) {
  return step.kind == Step::Kind::kAppend ? "-" : step.key;
}

std::string Quoted(const Step& step) { return base::GoQuote(step.Text()); }

std::string OutOfBounds(const Step& step) {
  return "array index " + step.Text() + " out of bounds";
}

bool IsItem(const Step& step, const Value& list) {
  return step.kind == Step::Kind::kIndex && static_cast<std::uint64_t>(step.index) < list.size();
}

// A place's holder: the map or list that the last step speaks of.
base::Result<Value*> NavigateToHolder(Document& document, std::span<const Step> steps) {
  Value* current = &document.root();
  for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
    if (current->is_list())
      return Fail("unexpected array traversal at segment " + Quoted(steps[i]));
    if (!current->is_map()) {
      return Fail("cannot traverse segment " + Quoted(steps[i]) + " on type " +
                  GoTypeName(*current));
    }
    Value* child = document.Find(*current, KeyOf(steps[i]));
    if (!child) return Fail("path does not exist at segment " + Quoted(steps[i]));
    const Step& next = steps[i + 1];
    if (!next.is_position()) {
      current = child;
      continue;
    }
    if (!child->is_list()) {
      return Fail("expected array at " + Quoted(steps[i]) + ", got " + GoTypeName(*child));
    }
    if (i + 2 == steps.size()) return child;
    if (!IsItem(next, *child)) {
      const Step index = next.kind == Step::Kind::kIndex ? next : Step{Step::Kind::kIndex, {}, -1};
      return Fail(OutOfBounds(index) + " at " + Quoted(steps[i]));
    }
    current = &document.Item(*child, static_cast<std::size_t>(next.index));
    ++i;
  }
  if (!current->is_map()) {
    return Fail(std::string("parent must be a map for non-array operations, got ") +
                GoTypeName(*current));
  }
  return current;
}

Outcome ApplyToList(Document& document, JsonPatchOp op, Value& list, const Step& step,
                    const Value& value) {
  const std::string name = NameOf(op);
  if (step.kind == Step::Kind::kAppend) {
    if (op != JsonPatchOp::kAdd) return Fail(name + " operation cannot target append marker '-'");
    document.Insert(list, list.size(), value);
    return true;
  }
  const std::size_t end = list.size() + (op == JsonPatchOp::kAdd ? 1 : 0);
  const auto index = static_cast<std::size_t>(step.index);
  if (index >= end) {
    return Fail(OutOfBounds(step) + " for " + name + " (length " + std::to_string(list.size()) +
                ")");
  }
  switch (op) {
    case JsonPatchOp::kAdd:
      document.Insert(list, index, value);
      break;
    case JsonPatchOp::kReplace:
      document.Item(list, index) = value;
      break;
    case JsonPatchOp::kRemove:
      document.Erase(list, index);
      break;
  }
  return true;
}

Outcome ApplyToMap(Document& document, JsonPatchOp op, Value& map, std::string_view key,
                   const Value& value) {
  if (op == JsonPatchOp::kRemove) {
    document.Remove(map, key);  // upstream: removing what is not there is no error
    return true;
  }
  if (op == JsonPatchOp::kReplace && !map.Find(key)) {
    return Fail("replace operation failed: key " + base::GoQuote(key) + " does not exist");
  }
  document.Set(map, key, value);
  return true;
}

Value EmptyHolderFor(const Step& next) {
  return next.is_position() ? Value::List({}) : Value::Map({});
}

void Overlay(Document& document, Value& map, const Value& overlay) {
  for (const value::MapEntry& entry : overlay.as_map()) {
    document.Set(map, entry.key.as_string(), entry.value);
  }
}

// The map or list above a place; missing objects and lists are made. Unlike NavigateToHolder it
// goes through lists in lists.
base::Result<Value*> NavigateForMerge(Document& document, std::span<const Step> steps) {
  Value* current = &document.root();
  for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
    if (current->is_map()) {
      Value* child = document.Find(*current, KeyOf(steps[i]));
      if (!child || child->is_null()) {
        child = &document.Set(*current, KeyOf(steps[i]), EmptyHolderFor(steps[i + 1]));
      }
      current = child;
    } else if (current->is_list()) {
      if (steps[i].kind != Step::Kind::kIndex)
        return Fail("expected array index at segment " + steps[i].Text());
      if (!IsItem(steps[i], *current))
        return Fail(OutOfBounds(steps[i]) + " at segment " + steps[i].Text());
      current = &document.Item(*current, static_cast<std::size_t>(steps[i].index));
    } else {
      return Fail("cannot traverse segment " + steps[i].Text() + " on type " +
                  GoTypeName(*current));
    }
  }
  return current;
}

}  // namespace

const char* NameOf(JsonPatchOp op) {
  switch (op) {
    case JsonPatchOp::kAdd:
      return "add";
    case JsonPatchOp::kReplace:
      return "replace";
    case JsonPatchOp::kRemove:
      break;
  }
  return "remove";
}

Outcome EnsureParents(Document& document, std::span<const Step> steps) {
  Value* current = &document.root();
  for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
    const Step& step = steps[i];
    if (current->is_list()) {
      if (step.kind != Step::Kind::kIndex)
        return Fail("expected array index at segment " + step.Text());
      if (!IsItem(step, *current)) return Fail(OutOfBounds(step) + " at segment " + step.Text());
      current = &document.Item(*current, static_cast<std::size_t>(step.index));
      continue;
    }
    if (!current->is_map()) {
      return Fail("cannot traverse segment " + step.Text() + " on type " + GoTypeName(*current));
    }
    Value* child = document.Find(*current, KeyOf(step));
    if (!child || child->is_null()) {
      if (steps[i + 1].kind == Step::Kind::kIndex) {
        return Fail(OutOfBounds(steps[i + 1]) + " at segment " + step.Text());
      }
      child = &document.Set(*current, KeyOf(step), EmptyHolderFor(steps[i + 1]));
    }
    current = child;
  }
  return true;
}

Outcome ApplyAt(Document& document, JsonPatchOp op, std::span<const Step> steps,
                const Value& value) {
  if (steps.empty())
    return Fail(std::string("cannot apply ") + NameOf(op) + " operation to root document");
  OC_TRY(Value * holder, NavigateToHolder(document, steps));
  if (holder->is_list()) return ApplyToList(document, op, *holder, steps.back(), value);
  return ApplyToMap(document, op, *holder, KeyOf(steps.back()), value);
}

Outcome MergeShallowAt(Document& document, std::span<const Step> steps, const Value& overlay) {
  // Without steps upstream merges into the key "" of the root.
  const Step last = steps.empty() ? Step{} : steps.back();
  OC_TRY(Value * holder, NavigateForMerge(document, steps));
  Value* target = nullptr;
  if (holder->is_map()) {
    target = document.Find(*holder, KeyOf(last));
    if (!target) {
      document.Set(*holder, KeyOf(last), overlay);
      return true;
    }
  } else if (holder->is_list()) {
    if (last.kind == Step::Kind::kAppend) {
      return Fail("mergeShallow operation cannot target append position '-'");
    }
    if (last.kind == Step::Kind::kKey) {
      return Fail("invalid array index " + base::GoQuote(last.key) + " for mergeShallow");
    }
    if (!IsItem(last, *holder)) return Fail(OutOfBounds(last) + " for mergeShallow");
    target = &document.Item(*holder, static_cast<std::size_t>(last.index));
  } else {
    return Fail(std::string("mergeShallow parent must be object or array, got ") +
                GoTypeName(*holder));
  }
  if (target->is_map()) {
    Overlay(document, *target, overlay);
  } else {
    *target = overlay;
  }
  return true;
}

}  // namespace openchoreo::patch
