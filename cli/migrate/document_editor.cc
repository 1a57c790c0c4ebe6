#include "cli/migrate/document_editor.h"

#include <charconv>

namespace openchoreo::migrate {

void DocumentEditor::Parse() {
  auto parsed = ParseSyntax(text_);
  valid_ = parsed.has_value();
  root_ = valid_ ? std::move(*parsed) : Node();
}

bool DocumentEditor::ApplyEdits(std::vector<TextEdit> edits) {
  if (edits.empty()) return false;
  text_ = Apply(text_, std::move(edits));
  Parse();
  return true;
}

const Node* DocumentEditor::At(const Path& path) const {
  const Node* node = &root_;
  for (const std::string& key : path) {
    if (node->is_list()) {
      std::size_t index = 0;
      const auto parsed = std::from_chars(key.data(), key.data() + key.size(), index);
      if (parsed.ec != std::errc() || index >= node->items.size()) return nullptr;
      node = &node->items[index];
    } else {
      node = node->Find(key);
      if (!node) return nullptr;
    }
  }
  return node;
}

DocumentEditor::Found DocumentEditor::FindEntry(const Path& path) const {
  const Node* parent = At(Path(path.begin(), path.end() - 1));
  if (!parent || !parent->is_map()) return {nullptr, 0, nullptr};
  for (std::size_t i = 0; i < parent->entries.size(); ++i) {
    if (parent->entries[i].first.text == path.back()) return {parent, i, &parent->entries[i]};
  }
  return {nullptr, 0, nullptr};
}

std::size_t DocumentEditor::ColumnOf(const Path& path) const {
  const Found found = FindEntry(path);
  if (!found.entry || found.parent->flow) return std::string::npos;
  return Column(text_, found.entry->first.begin);
}

bool DocumentEditor::Rename(const Path& path, std::string_view new_key) {
  const Found found = FindEntry(path);
  if (!found.entry) return false;
  return ApplyEdits({{found.entry->first.begin, found.entry->first.end, std::string(new_key)}});
}

bool DocumentEditor::ToReference(const Path& path, std::string_view kind) {
  const Node* node = At(path);
  if (!node || !node->is_scalar() || node->block_scalar || node->text.empty()) return false;
  return ApplyEdits(
      {{node->begin, node->end,
        "{kind: " + std::string(kind) + ", name: " + std::string(Source(*node)) + "}"}});
}

bool DocumentEditor::ReplaceScalar(const Path& path, std::string_view source) {
  const Node* node = At(path);
  if (!node || !node->is_scalar()) return false;
  return ApplyEdits({{node->begin, node->end, std::string(source)}});
}

bool DocumentEditor::Unwrap(const Path& path, std::string_view new_key) {
  const Found found = FindEntry(path);
  if (!found.entry || found.entry->second.entries.size() != 1) return false;
  const Node& key = found.entry->first;
  const auto& [inner_key, inner] = found.entry->second.entries.front();
  if (!inner.is_map()) return false;
  if (found.entry->second.flow || inner.flow) {
    const std::size_t end = found.entry->second.flow ? found.entry->second.end : inner.end;
    return ApplyEdits({{key.begin, end, std::string(new_key) + ": " + std::string(Source(inner))}});
  }
  const std::size_t key_line = LineBegin(text_, inner_key.begin);
  const std::size_t body = LineBegin(text_, inner.begin);
  const std::size_t end = NextLine(text_, inner.end);
  const auto columns = static_cast<int>(Column(text_, inner.begin)) -
                       static_cast<int>(Column(text_, inner_key.begin));
  // What is kept of the lines up to the body: comments.
  std::string kept;
  const std::string_view behind_key =
      std::string_view(text_).substr(inner_key.end, NextLine(text_, inner_key.end) - inner_key.end);
  if (const std::size_t hash = behind_key.find('#'); hash != std::string_view::npos) {
    kept = std::string(Column(text_, inner_key.begin), ' ') + std::string(behind_key.substr(hash));
  }
  const std::size_t after_key_line = NextLine(text_, inner_key.end);
  if (after_key_line < body)
    kept += Shift(std::string_view(text_).substr(after_key_line, body - after_key_line), -columns);
  return ApplyEdits(
      {{key.begin, key.end, std::string(new_key)},
       {key_line, end, kept + Shift(std::string_view(text_).substr(body, end - body), -columns)}});
}

bool DocumentEditor::InsertFirst(const Path& map, const std::string& entry) {
  const Node* node = At(map);
  if (!node || !node->is_map() || node->entries.empty()) return false;
  const std::size_t first = node->entries.front().first.begin;
  const std::string separator = node->flow ? ", " : "\n" + std::string(Column(text_, first), ' ');
  return ApplyEdits({{first, first, entry + separator}});
}

bool DocumentEditor::Remove(const Path& path) {
  const Found found = FindEntry(path);
  if (!found.entry) return false;
  const auto& entries = found.parent->entries;
  const auto& [key, value] = *found.entry;
  const std::size_t end = std::max(key.end, value.end);
  if (!found.parent->flow) {
    if (entries.size() > 1)
      return ApplyEdits({{LineBegin(text_, key.begin), NextLine(text_, end), ""}});
    // The last entry of a block map leaves {} behind, or the key above would become null.
    return ApplyEdits({{key.begin, end, "{}"}});
  }
  if (found.index + 1 < entries.size())
    return ApplyEdits({{key.begin, entries[found.index + 1].first.begin, ""}});
  const std::size_t begin = found.index > 0 ? entries[found.index - 1].second.end : key.begin;
  return ApplyEdits({{begin, end, ""}});
}

bool DocumentEditor::WrapUnder(const Path& path, std::initializer_list<std::string> lines,
                               std::string_view under) {
  const Node* node = At(path);
  if (!node || !node->is_map()) return false;
  if (node->flow) {
    std::string wrapped = "{";
    for (const std::string& line : lines) wrapped += line + ", ";
    wrapped += std::string(under) + ": " + std::string(Source(*node)) + "}";
    return ApplyEdits({{node->begin, node->end, wrapped}});
  }
  const std::size_t body = LineBegin(text_, node->begin);
  const std::size_t end = NextLine(text_, node->end);
  const std::string indent(Column(text_, node->begin), ' ');
  std::string wrapped;
  for (const std::string& line : lines) wrapped += indent + line + "\n";
  wrapped += indent + std::string(under) + ":\n";
  wrapped += Shift(std::string_view(text_).substr(body, end - body), 2);
  return ApplyEdits({{body, end, wrapped}});
}

bool DocumentEditor::ReplaceEntry(const Path& path, const std::string& lines) {
  const Found found = FindEntry(path);
  if (!found.entry || found.parent->flow) return false;
  const auto& [key, value] = *found.entry;
  return ApplyEdits(
      {{LineBegin(text_, key.begin), NextLine(text_, std::max(key.end, value.end)), lines}});
}

}  // namespace openchoreo::migrate
