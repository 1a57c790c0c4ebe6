#include "common/yaml/event_stream.h"

#include <yaml.h>

#include <cstdio>

namespace openchoreo::yaml {

struct EventStream::Parser {
  yaml_parser_t parser;
  yaml_event_t event;
  bool has_event = false;
  bool initialized = false;
  bool refused = false;  // too many directives
};

namespace {

// libyaml looks through all %TAG lines for each further one.
constexpr std::size_t kMaxDirectives = 64;

bool TooManyDirectives(std::string_view document) {
  std::size_t directives = 0;
  std::size_t at = 0;
  while (at < document.size()) {
    const char first = document[at];
    if (first == '%') {
      if (++directives > kMaxDirectives) return true;
    } else if (first != '#' && first != '\n' && first != '\r' && first != ' ' && first != '\t') {
      return false;
    }
    const std::size_t newline = document.find('\n', at);
    if (newline == std::string_view::npos) return false;
    at = newline + 1;
  }
  return false;
}

}  // namespace

EventStream::EventStream(std::string_view text) : text_(text), parser_(new Parser) {
  parser_->refused = TooManyDirectives(text);
  if (parser_->refused) return;
  parser_->initialized = yaml_parser_initialize(&parser_->parser) != 0;
  if (!parser_->initialized) return;
  yaml_parser_set_encoding(&parser_->parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&parser_->parser,
                               reinterpret_cast<const unsigned char*>(text_.data()), text_.size());
}

EventStream::~EventStream() {
  if (parser_->has_event) yaml_event_delete(&parser_->event);
  if (parser_->initialized) yaml_parser_delete(&parser_->parser);
}

namespace {

std::string_view View(const yaml_char_t* text) {
  return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view();
}

ScalarStyle StyleOf(yaml_scalar_style_t style) {
  switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
      return ScalarStyle::kSingleQuoted;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
      return ScalarStyle::kDoubleQuoted;
    case YAML_LITERAL_SCALAR_STYLE:
      return ScalarStyle::kLiteral;
    case YAML_FOLDED_SCALAR_STYLE:
      return ScalarStyle::kFolded;
    default:
      return ScalarStyle::kPlain;
  }
}

}  // namespace

const Event& EventStream::Next() {
  yaml_event_t& raw = parser_->event;
  for (;;) {
    if (parser_->has_event) yaml_event_delete(&raw);
    parser_->has_event = false;
    if (!parser_->initialized || !yaml_parser_parse(&parser_->parser, &raw)) {
      event_ = Event{};
      event_.type = EventType::kError;
      return event_;
    }
    parser_->has_event = true;
    event_.begin = raw.start_mark.index;
    event_.end = raw.end_mark.index;
    switch (raw.type) {
      case YAML_SCALAR_EVENT:
        event_.type = EventType::kScalar;
        event_.style = StyleOf(raw.data.scalar.style);
        event_.resolvable = raw.data.scalar.plain_implicit != 0;
        event_.text = {reinterpret_cast<const char*>(raw.data.scalar.value),
                       raw.data.scalar.length};
        event_.tag = View(raw.data.scalar.tag);
        event_.anchor = View(raw.data.scalar.anchor);
        return event_;
      case YAML_ALIAS_EVENT:
        event_.type = EventType::kAlias;
        event_.text = View(raw.data.alias.anchor);
        event_.anchor = {};
        return event_;
      case YAML_SEQUENCE_START_EVENT:
        event_.type = EventType::kListStart;
        event_.flow = raw.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
        event_.anchor = View(raw.data.sequence_start.anchor);
        return event_;
      case YAML_SEQUENCE_END_EVENT:
        event_.type = EventType::kListEnd;
        return event_;
      case YAML_MAPPING_START_EVENT:
        event_.type = EventType::kMapStart;
        event_.flow = raw.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
        event_.anchor = View(raw.data.mapping_start.anchor);
        return event_;
      case YAML_MAPPING_END_EVENT:
        event_.type = EventType::kMapEnd;
        return event_;
      case YAML_STREAM_END_EVENT:
        event_.type = EventType::kEnd;
        return event_;
      default:  // stream start, document start and end
        continue;
    }
  }
}

StreamError EventStream::error() const {
  StreamError error;
  if (parser_->refused) return {"too many directives", 0, true};
  if (!parser_->initialized) return {"out of memory", 0, true};
  const yaml_parser_t& parser = parser_->parser;
  error.message = parser.problem ? parser.problem : "not readable";
  switch (parser.error) {
    case YAML_MEMORY_ERROR:
      return {"out of memory", 0, true};
    case YAML_READER_ERROR:
      error.byte_offset = parser.problem_offset;
      if (error.byte_offset < text_.size() && text_[error.byte_offset] == '\0') {
        error.message = "NUL bytes are not allowed";
      } else if (parser.problem_value >= 0) {
        char value[24];
        std::snprintf(value, sizeof value, " (0x%02X)",
                      static_cast<unsigned>(parser.problem_value));
        error.message += value;
      }
      return error;
    default: {
      error.byte_offset = ByteOfCodePoint(text_, parser.problem_mark.index);
      if (parser.context) {
        error.message += " (";
        error.message += parser.context;
        error.message += ")";
        // What never ends is to be looked for where it begins.
        const std::string_view context = parser.context;
        if (context == "while scanning a quoted scalar") {
          error.byte_offset = ByteOfCodePoint(text_, parser.context_mark.index);
        }
      }
      return error;
    }
  }
}

std::size_t ByteOfCodePoint(std::string_view text, std::size_t index) {
  std::size_t byte = 0;
  while (index > 0 && byte < text.size()) {
    ++byte;
    while (byte < text.size() && (static_cast<unsigned char>(text[byte]) & 0xc0) == 0x80) ++byte;
    --index;
  }
  return byte;
}

}  // namespace openchoreo::yaml
