// The values of literal tokens.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/base/arena.h"
#include "common/base/result.h"
#include "common/cel/lexer.h"
#include "common/value/value.h"

namespace openchoreo::cel {

// What a token stands for. With an `error` the value is null, or for strings and bytes what was
// written, which upstream goes on with.
struct LiteralToken {
  value::Value value;
  std::string error;
};

// The literal `text` is, after a '-' if `negative`; nothing if its kind is none of a literal. Text
// is put into `arena` where it is not the token's own.
std::optional<LiteralToken> LiteralValue(TokenKind kind, std::string_view text, bool negative,
                                         base::Arena& arena);

// "12", "0x1f"; false if out of range.
std::optional<std::int64_t> ParseIntLiteral(std::string_view digits, bool negative);

// "12u", "0x1fU"
std::optional<std::uint64_t> ParseUintLiteral(std::string_view text);

// "1.5", "1e3", ".5"; nothing if it is out of a double's range.
std::optional<double> ParseDoubleLiteral(std::string_view digits, bool negative);

// A string token (kBytes: without its b prefix) to the text it stands for, in `arena` or in the
// token. Errors have only a message. Follows cel-go parser/unescape.go.
base::Result<std::string_view> Unquote(std::string_view token, bool is_bytes, base::Arena& arena);

}  // namespace openchoreo::cel
