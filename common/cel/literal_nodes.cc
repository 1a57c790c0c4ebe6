#include "common/cel/literal_nodes.h"

#include <algorithm>
#include <numeric>

#include "common/cel/equality.h"
#include "common/cel/go_text.h"

namespace openchoreo::cel {

using value::Kind;
using value::MapEntry;
using value::Value;

Value ListNode::Eval(Frame& frame) const {
  Value* items = frame.NewValues(elements_.size());
  if (!items) return frame.LimitError();
  std::size_t count = 0;
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    Value item = elements_[i]->Eval(frame);
    if (item.is_error()) return item;
    if (optionals_ && optionals_[i]) {
      if (item.kind() != Kind::kOptional) {
        return frame.Fail("cannot initialize optional list element from non-optional value " +
                          GoText(item, frame.budget()));
      }
      if (!item.optional_value()) continue;
      item = *item.optional_value();
    }
    items[count++] = item;
  }
  return Value::List({items, count}, Value::kFromCel);
}

Value MapNode::Eval(Frame& frame) const {
  MapEntry* entries = frame.NewEntries(keys_and_values_.size() / 2);
  if (!entries) return frame.LimitError();
  std::size_t count = 0;
  for (std::size_t i = 0; i < keys_and_values_.size(); i += 2) {
    const Value key = keys_and_values_[i]->Eval(frame);
    if (key.is_error()) return key;
    Value value = keys_and_values_[i + 1]->Eval(frame);
    if (value.is_error()) return value;
    if (!IsMapKey(key)) return BadMapKey(frame);
    if (optionals_ && optionals_[i / 2]) {
      if (value.kind() != Kind::kOptional) {
        return frame.Fail("cannot initialize optional entry '" + GoText(key, frame.budget()) +
                          "' from non-optional value " + GoText(value, frame.budget()));
      }
      if (!value.optional_value()) {
        // none takes back an earlier entry of the key.
        std::size_t kept = 0;
        for (std::size_t j = 0; j < count; ++j) {
          const bool same =
              entries[j].key.kind() == key.kind() && Equal(frame, entries[j].key, key);
          if (!same) entries[kept++] = entries[j];
        }
        count = kept;
        continue;
      }
      value = *value.optional_value();
    }
    entries[count++] = {key, value};
  }
  return MakeMap(entries, count);
}

Value RecordNode::Eval(Frame& frame) const {
  MapEntry* entries = frame.NewEntries(keys_.size());
  if (!entries) return frame.LimitError();
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const Value value = values_[i]->Eval(frame);
    if (value.is_error()) return value;
    entries[ranks_[i]] = {keys_[i], value};
  }
  return Value::Map({entries, keys_.size()}, Value::kFromCel);
}

std::vector<std::uint32_t> RanksOfDistinct(std::span<const Value> keys) {
  std::vector<std::uint32_t> order(keys.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return keys[a].as_string() < keys[b].as_string();
  });
  std::vector<std::uint32_t> ranks(keys.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    if (i > 0 && keys[order[i]].as_string() == keys[order[i - 1]].as_string()) return {};
    ranks[order[i]] = i;
  }
  return ranks;
}

}  // namespace openchoreo::cel
