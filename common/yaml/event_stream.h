// The events of one YAML document: the only face of libyaml in this project.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace openchoreo::yaml {

enum class EventType : std::uint8_t {
  kScalar,
  kAlias,
  kListStart,
  kListEnd,
  kMapStart,
  kMapEnd,
  kEnd,    // the document is over
  kError,  // see EventStream::error()
};

enum class ScalarStyle : std::uint8_t { kPlain, kSingleQuoted, kDoubleQuoted, kLiteral, kFolded };

// Views hold until the next call of Next.
struct Event {
  EventType type = EventType::kEnd;
  ScalarStyle style = ScalarStyle::kPlain;
  bool resolvable = false;  // a scalar without explicit type: plain, or tagged "!"
  bool flow = false;        // a collection in flow style
  std::string_view text;    // of a scalar; the name of an alias
  std::string_view tag;
  std::string_view anchor;
  // Code points from the document's first byte.
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct StreamError {
  std::string message;
  std::size_t byte_offset = 0;  // within the document's text
  bool limit = false;           // libyaml ran out of memory or levels
};

// Reads one document, as SplitDocuments cuts it. `text` must be UTF-8 without byte order mark and
// must outlive the stream. Not thread-safe.
class EventStream {
 public:
  explicit EventStream(std::string_view text);
  ~EventStream();

  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  // Steps on. After kEnd or kError it must not be called again.
  const Event& Next();

  // What stopped the stream, after kError.
  StreamError error() const;

 private:
  struct Parser;

  std::string_view text_;
  std::unique_ptr<Parser> parser_;
  Event event_;
};

// The byte at which code point `index` of `text` begins.
std::size_t ByteOfCodePoint(std::string_view text, std::size_t index);

}  // namespace openchoreo::yaml
