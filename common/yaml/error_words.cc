#include "common/yaml/error_words.h"

#include <algorithm>
#include <string>

namespace openchoreo::yaml {

namespace {

struct Line {
  std::size_t begin = 0;
  std::string_view text;  // without its line break
};

Line LineAt(std::string_view document, std::size_t at) {
  at = std::min(at, document.size());
  const std::size_t begin = at == 0 ? 0 : document.rfind('\n', at - 1) + 1;  // npos + 1 is 0
  const std::size_t end = std::min(document.find('\n', begin), document.size());
  std::string_view text = document.substr(begin, end - begin);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return {begin, text};
}

bool IsConflictMarker(std::string_view line) {
  constexpr std::string_view kMarkers[] = {"<<<<<<<", "|||||||", "=======", ">>>>>>>"};
  return std::any_of(std::begin(kMarkers), std::end(kMarkers), [&](std::string_view marker) {
    return line.starts_with(marker) && (line.size() == marker.size() || line[marker.size()] == ' ');
  });
}

// The first conflict marker of the document, or npos.
std::size_t FindConflict(std::string_view document) {
  for (std::size_t at = 0; at < document.size();) {
    const Line line = LineAt(document, at);
    if (IsConflictMarker(line.text) && line.text != "=======") return line.begin;
    const std::size_t newline = document.find('\n', at);
    if (newline == std::string_view::npos) break;
    at = newline + 1;
  }
  return std::string_view::npos;
}

bool Holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

void Say(base::Diagnostic& error, std::string_view words, std::string_view hint) {
  error.message.insert(0, std::string(words) + ": ");
  error.hint = hint;
}

// Words for a message of libyaml that need no look at the text.
struct Wording {
  std::string_view message, words, hint;
};

constexpr Wording kWordings[] = {
    {"duplicate key \"apiVersion\"", "a second object begins here without a line --- before it",
     "put --- on a line of its own between the two objects"},
    {"duplicate key \"kind\"", "a second object begins here without a line --- before it",
     "put --- on a line of its own between the two objects"},
    {"(while scanning a quoted scalar)", "a quote is opened here and not closed",
     "close the quote"},
    {"mapping values are not allowed", "a second \": \" on one line, or a line indented too far",
     "put a value that holds \": \" in quotes; begin every key on a line of its own, below its "
     "neighbours"},
    {"(while parsing a block mapping)", "this line is indented otherwise than its neighbours",
     "begin it in the column of the other keys of its map"},
    {"(while parsing a block collection)", "this line is indented otherwise than its neighbours",
     "begin it in the column of the other items of its list"},
    {"could not find expected ':'", "a key without its colon",
     "write key: value, or indent a text of several lines below its key"},
    {"(while parsing a flow ", "a bracket before this is not closed",
     "close it, with commas between what it holds"},
    {"found unknown escape character", "a backslash in double quotes that begins no known escape",
     "use single quotes, in which a backslash is a backslash, or write it twice"},
    {"did not find expected hexdecimal number",
     "a backslash in double quotes that begins no known escape",
     "use single quotes, in which a backslash is a backslash, or write it twice"},
    {"unknown anchor", "an alias (*name) without its anchor (&name)",
     "put a text that begins with * in quotes; an anchor must stand in the same document, before "
     "it"},
    {"control characters are not allowed", "a character that no text may hold",
     "take it out; an editor that shows all characters finds it"},
    {"NUL bytes are not allowed", "this is no text", "leave the file out, or save it as UTF-8"},
    {"invalid leading UTF-8 octet", "this text is not UTF-8", "save the file as UTF-8"},
    {"invalid trailing UTF-8 octet", "this text is not UTF-8", "save the file as UTF-8"},
};

bool SayOfLine(std::string_view document, base::Diagnostic& error) {
  const auto at = static_cast<std::size_t>(error.place.byte_offset);
  const Line line = LineAt(document, at);
  const std::size_t indentation = std::min(line.text.find_first_not_of(" \t"), line.text.size());
  if (const std::size_t tab = line.text.substr(0, indentation).find('\t');
      tab != std::string_view::npos && (Holds(error.message, "cannot start any token") ||
                                        Holds(error.message, "violates indentation"))) {
    error.place.byte_offset = static_cast<std::int64_t>(line.begin + tab);
    Say(error, "a tab indents this line", "indent with spaces; YAML takes no tabs");
    return true;
  }
  if (Holds(line.text, "{{") && !Holds(line.text, "'{{") && !Holds(line.text, "\"{{")) {
    Say(error, "this is a template, not YAML yet",
        "leave it out with --exclude, or put {{ … }} in quotes");
    return true;
  }
  if (Holds(error.message, "cannot start any token") && at < document.size()) {
    Say(error, std::string("a value may not begin with ") + document[at],
        "put the value in quotes");
    return true;
  }
  return false;
}

}  // namespace

void PutInWords(std::string_view document, base::Diagnostic& error) {
  if (error.code != base::ErrorCode::kYamlSyntax || error.place.byte_offset < 0) return;
  if (const std::size_t conflict = FindConflict(document); conflict != std::string_view::npos) {
    error.place.byte_offset = static_cast<std::int64_t>(conflict);
    Say(error, "a merge conflict is left in the file",
        "settle it, and take out the lines that begin with <<<<<<<, ======= and >>>>>>>");
    return;
  }
  if (SayOfLine(document, error)) return;
  for (const Wording& wording : kWordings) {
    if (!Holds(error.message, wording.message)) continue;
    Say(error, wording.words, wording.hint);
    return;
  }
  if (Holds(error.message, "duplicate key")) error.hint = "keep one of the two";
}

}  // namespace openchoreo::yaml
