#include "cli/edit/document_editor.h"

#include <algorithm>
#include <charconv>

namespace openchoreo::edit {

namespace {

// Deeper documents are left alone.
constexpr std::size_t kMaxDepth = 100;

// Of an entry; a value that is left out may lie before its key's end.
std::size_t EndOf(const Node& key, const Node& value) {
  return std::max(key.content_end(), value.content_end());
}

}  // namespace

void DocumentEditor::Parse() {
  yaml::SyntaxLimits limits;
  limits.max_depth = kMaxDepth;
  tree_.emplace(text_, limits);
  valid_ = !tree_->error();
}

bool DocumentEditor::ApplyEdits(std::vector<TextEdit> edits) {
  if (edits.empty()) return false;
  text_ = Apply(text_, std::move(edits));
  Parse();
  return true;
}

Node DocumentEditor::At(const Path& path) const {
  Node node = valid_ ? tree_->root() : Node();
  for (const std::string& key : path) {
    if (node.is_list()) {
      std::size_t index = 0;
      const auto parsed = std::from_chars(key.data(), key.data() + key.size(), index);
      const std::vector<Node> items = node.Items();
      if (parsed.ec != std::errc() || index >= items.size()) return {};
      node = items[index];
    } else {
      node = node.Find(key);
    }
  }
  return node;
}

DocumentEditor::Found DocumentEditor::FindEntry(const Path& path) const {
  const Node parent = At(Path(path.begin(), path.end() - 1));
  const auto entries = parent.Entries();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].first.text() == path.back())
      return {parent, i, entries[i].first, entries[i].second};
  }
  return {};
}

std::size_t DocumentEditor::ColumnOf(const Path& path) const {
  const Found found = FindEntry(path);
  if (!found.key || found.parent.flow()) return std::string::npos;
  return Column(text_, found.key.content_begin());
}

bool DocumentEditor::Rename(const Path& path, std::string_view new_key) {
  const Found found = FindEntry(path);
  if (!found.key) return false;
  return ApplyEdits({{found.key.content_begin(), found.key.content_end(), std::string(new_key)}});
}

bool DocumentEditor::ToReference(const Path& path, std::string_view kind) {
  const Node node = At(path);
  if (!node.is_scalar() || node.is_block_scalar() || node.text().empty()) return false;
  return ApplyEdits(
      {{node.content_begin(), node.content_end(),
        "{kind: " + std::string(kind) + ", name: " + std::string(Source(node)) + "}"}});
}

bool DocumentEditor::ReplaceScalar(const Path& path, std::string_view source) {
  const Node node = At(path);
  if (!node.is_scalar()) return false;
  return ApplyEdits({{node.content_begin(), node.content_end(), std::string(source)}});
}

bool DocumentEditor::Unwrap(const Path& path, std::string_view new_key) {
  const Found found = FindEntry(path);
  const auto only = found.value.Entries();
  if (only.size() != 1) return false;
  const Node& key = found.key;
  const auto& [inner_key, inner] = only.front();
  if (!inner.is_map()) return false;
  if (found.value.flow() || inner.flow()) {
    const std::size_t end = found.value.flow() ? found.value.content_end() : inner.content_end();
    return ApplyEdits(
        {{key.content_begin(), end, std::string(new_key) + ": " + std::string(Source(inner))}});
  }
  const std::size_t key_line = LineBegin(text_, inner_key.content_begin());
  const std::size_t body = LineBegin(text_, inner.content_begin());
  const std::size_t end = NextLine(text_, inner.content_end());
  const auto columns = static_cast<int>(Column(text_, inner.content_begin())) -
                       static_cast<int>(Column(text_, inner_key.content_begin()));
  // What is kept of the lines up to the body: comments.
  std::string kept;
  const std::string_view behind_key = std::string_view(text_).substr(
      inner_key.content_end(), NextLine(text_, inner_key.content_end()) - inner_key.content_end());
  if (const std::size_t hash = behind_key.find('#'); hash != std::string_view::npos) {
    kept = std::string(Column(text_, inner_key.content_begin()), ' ') +
           std::string(behind_key.substr(hash));
  }
  const std::size_t after_key_line = NextLine(text_, inner_key.content_end());
  if (after_key_line < body)
    kept += Shift(std::string_view(text_).substr(after_key_line, body - after_key_line), -columns);
  return ApplyEdits(
      {{key.content_begin(), key.content_end(), std::string(new_key)},
       {key_line, end, kept + Shift(std::string_view(text_).substr(body, end - body), -columns)}});
}

bool DocumentEditor::InsertFirst(const Path& map, const std::string& entry) {
  const Node node = At(map);
  const auto entries = node.Entries();
  if (entries.empty()) return false;
  const std::size_t first = entries.front().first.content_begin();
  const std::string separator = node.flow() ? ", " : "\n" + std::string(Column(text_, first), ' ');
  return ApplyEdits({{first, first, entry + separator}});
}

bool DocumentEditor::Remove(const Path& path) {
  const Found found = FindEntry(path);
  if (!found.key) return false;
  const auto entries = found.parent.Entries();
  const std::size_t begin = found.key.content_begin(), end = EndOf(found.key, found.value);
  if (!found.parent.flow()) {
    if (entries.size() > 1)
      return ApplyEdits({{LineBegin(text_, begin), NextLine(text_, end), ""}});
    // The last entry of a block map leaves {} behind, or the key above would become null.
    return ApplyEdits({{begin, end, "{}"}});
  }
  if (found.index + 1 < entries.size())
    return ApplyEdits({{begin, entries[found.index + 1].first.content_begin(), ""}});
  return ApplyEdits(
      {{found.index > 0 ? entries[found.index - 1].second.content_end() : begin, end, ""}});
}

bool DocumentEditor::WrapUnder(const Path& path, std::initializer_list<std::string> lines,
                               std::string_view under) {
  const Node node = At(path);
  if (!node.is_map()) return false;
  if (node.flow()) {
    std::string wrapped = "{";
    for (const std::string& line : lines) wrapped += line + ", ";
    wrapped += std::string(under) + ": " + std::string(Source(node)) + "}";
    return ApplyEdits({{node.content_begin(), node.content_end(), wrapped}});
  }
  const std::size_t body = LineBegin(text_, node.content_begin());
  const std::size_t end = NextLine(text_, node.content_end());
  const std::string indent(Column(text_, node.content_begin()), ' ');
  std::string wrapped;
  for (const std::string& line : lines) wrapped += indent + line + "\n";
  wrapped += indent + std::string(under) + ":\n";
  wrapped += Shift(std::string_view(text_).substr(body, end - body), 2);
  return ApplyEdits({{body, end, wrapped}});
}

bool DocumentEditor::ReplaceEntry(const Path& path, const std::string& lines) {
  const Found found = FindEntry(path);
  if (!found.key || found.parent.flow()) return false;
  return ApplyEdits({{LineBegin(text_, found.key.content_begin()),
                      NextLine(text_, EndOf(found.key, found.value)), lines}});
}

}  // namespace openchoreo::edit
