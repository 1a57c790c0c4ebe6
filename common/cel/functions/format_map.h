// Lists and maps as string.format writes them, in both versions of it; entries of a map sorted by
// the text of their key.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/budget.h"
#include "common/cel/frame.h"
#include "common/value/value.h"

namespace openchoreo::cel {

// Appends "[item, …]". `append` writes one of them and returns an error, "" for none; that is
// returned.
template <typename Append>
std::string AppendFormattedList(std::string& out, const value::Value& list, const Append& append) {
  out += '[';
  bool first = true;
  for (const value::Value& item : list.as_list()) {
    if (!first) out += ", ";
    first = false;
    if (std::string error = append(out, item); !error.empty()) return error;
  }
  out += ']';
  return "";
}

// Appends "{key<separator>value, …}". `append_key` and `append_value` write one of them to a text
// and return an error, "" for none; theirs are returned. The pieces are charged to the frame's
// budget while they are held.
template <typename AppendKey, typename AppendValue>
std::string AppendFormattedMap(Frame& frame, std::string& out, const value::Value& map,
                               std::string_view separator, const AppendKey& append_key,
                               const AppendValue& append_value) {
  std::vector<std::pair<std::string, std::string>> entries;
  constexpr std::size_t kEntryBytes = 2 * sizeof(entries[0]);  // as the vector grows
  if (!frame.Spend(map.size()) || !frame.HasRoom(map.size() * kEntryBytes)) return "limit";
  // Maps around this one hold their pieces meanwhile.
  base::Charge held(frame.budget());
  for (const value::MapEntry& entry : map.as_map()) {
    auto& [key, text] = entries.emplace_back();
    if (std::string error = append_key(key, entry.key); !error.empty()) return error;
    if (std::string error = append_value(text, entry.value); !error.empty()) return error;
    if (!held.Add(kEntryBytes + key.capacity() + text.capacity())) {
      frame.LimitError();
      return "limit";
    }
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::size_t bytes = 2;
  for (const auto& [key, text] : entries) bytes += key.size() + text.size() + 4;
  if (!frame.SpendText(bytes) || !frame.HasRoomForText(out, bytes)) return "limit";
  out += '{';
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i > 0) out += ", ";
    out += entries[i].first;
    out += separator;
    out += entries[i].second;
  }
  out += '}';
  return "";
}

}  // namespace openchoreo::cel
