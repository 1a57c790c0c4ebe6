#include "common/resource/source_line.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "common/base/printable.h"
#include "common/base/utf8.h"

namespace openchoreo::resource {

namespace {

constexpr std::size_t kColumns = 160;
constexpr std::size_t kBeforeCaret = 100;  // columns kept before the caret where the line is cut
constexpr std::string_view kReplacementText = "\xef\xbf\xbd";
constexpr std::string_view kEllipsis = "\xe2\x80\xa6";

struct RuneRange {
  char32_t first;
  char32_t last;
};

bool Within(const RuneRange* ranges, std::size_t count, char32_t rune) {
  return std::any_of(ranges, ranges + count, [rune](const RuneRange& range) {
    return rune >= range.first && rune <= range.last;
  });
}

// Columns a terminal gives a character: marks that combine 0, East Asian wide ones and emoji 2.
std::size_t WidthOf(char32_t rune) {
  if (rune < 0x300) return 1;
  constexpr RuneRange kCombining[] = {
      {0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x610, 0x61a},
      {0x64b, 0x65f},   {0x93c, 0x93c},   {0x94d, 0x94d},   {0xe31, 0xe31},
      {0xe34, 0xe3a},   {0xe47, 0xe4e},   {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},
      {0x200b, 0x200d}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};
  constexpr RuneRange kWide[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0x33ff},
                                 {0x3400, 0x4dbf},   {0x4e00, 0x9fff},   {0xa000, 0xa4cf},
                                 {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
                                 {0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x1f300, 0x1f64f},
                                 {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};
  if (Within(kCombining, std::size(kCombining), rune)) return 0;
  return Within(kWide, std::size(kWide), rune) ? 2 : 1;
}

// A character as it is shown.
struct Cell {
  std::string_view text;
  std::size_t width;
};

}  // namespace

std::string RenderSourceLine(std::string_view text, std::size_t begin, std::size_t end,
                             std::uint32_t line, const base::TextRanges& hidden) {
  begin = std::min(begin, text.size());
  const std::size_t line_begin = begin == 0 ? 0 : text.rfind('\n', begin - 1) + 1;  // npos + 1 is 0
  std::size_t line_end = std::min(text.find('\n', begin), text.size());
  if (line_end > begin && text[line_end - 1] == '\r') --line_end;
  end = std::clamp(end, begin, line_end);

  // Of a very long line only what can be near the caret is looked at.
  constexpr std::size_t kNear = 4096;
  std::size_t from = begin - line_begin > kNear ? begin - kNear : line_begin;
  while (from < begin && from > line_begin &&
         (static_cast<unsigned char>(text[from]) & 0xc0) == 0x80)
    ++from;
  const std::size_t to = line_end - begin > kNear ? begin + kNear : line_end;
  if (from == 0 && text.starts_with("\xef\xbb\xbf")) from = std::min<std::size_t>(3, to);

  std::vector<Cell> cells;
  std::size_t caret = 0;      // columns before the range
  std::size_t range_end = 0;  // columns before its end
  std::size_t columns = 0;
  std::size_t next_hidden = 0;
  for (std::size_t at = from; at < to;) {
    if (at <= begin) caret = columns;
    const base::DecodedRune rune = base::DecodeRune(text.substr(at, to - at));
    Cell cell{text.substr(at, rune.size), 1};
    while (next_hidden < hidden.size() && hidden[next_hidden].second <= at) ++next_hidden;
    if (next_hidden < hidden.size() && hidden[next_hidden].first <= at) {
      cell.text = "*";
    } else if (rune.rune == '\t') {
      cell = {"    ", 4};
    } else if (!rune.valid || base::SteersTerminal(rune.rune)) {
      cell.text = kReplacementText;
    } else {
      cell.width = WidthOf(rune.rune);
    }
    columns += cell.width;
    cells.push_back(cell);
    at += rune.size;
    if (at <= begin) caret = columns;
    if (at <= end) range_end = columns;
  }
  const std::size_t marked = std::max<std::size_t>(range_end > caret ? range_end - caret : 1, 1);

  const bool cut_front = from > line_begin || (columns > kColumns && caret > kBeforeCaret);
  const std::size_t window = cut_front && caret > kBeforeCaret ? caret - kBeforeCaret : 0;
  std::string shown;
  std::size_t column = 0;
  std::size_t shown_columns = 0;
  std::size_t dropped = 0;
  bool cut_back = to < line_end;
  for (const Cell& cell : cells) {
    if (column < window) {
      dropped += cell.width;
    } else if (shown_columns + cell.width > kColumns) {
      cut_back = true;
      break;
    } else {
      shown += cell.text;
      shown_columns += cell.width;
    }
    column += cell.width;
  }
  std::size_t before = caret - std::min(dropped, caret);
  if (cut_front) {
    shown.insert(0, kEllipsis);
    ++before;
    ++shown_columns;
  }
  while (shown.ends_with(' ')) shown.pop_back();
  if (cut_back) shown += kEllipsis;

  char number[16];
  std::snprintf(number, sizeof number, "%5u", line);
  std::string rendered = number;
  rendered += shown.empty() ? " |" : " | ";
  rendered += shown;
  rendered += '\n';
  rendered.append(std::char_traits<char>::length(number), ' ');
  rendered += " | ";
  rendered.append(before, ' ');
  rendered += '^';
  const std::size_t room = shown_columns > before ? shown_columns - before : 1;
  rendered.append(std::min(marked, room) - 1, '~');
  rendered += '\n';
  return rendered;
}

}  // namespace openchoreo::resource
