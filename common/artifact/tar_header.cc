#include "common/artifact/tar_header.h"

#include <charconv>
#include <utility>

#include "common/artifact/tar_block.h"

namespace openchoreo::artifact {

using base::ErrorCode;
using base::Fail;

namespace {

tl::unexpected<base::Error> Broken(const char* why) {
  return Fail(ErrorCode::kUnreadableSource,
              std::string("not a readable tar.gz archive: tar: ") + why);
}

template <typename T>
std::optional<T> Number(std::string_view digits, int base) {
  T number{};
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

std::string_view Trimmed(std::string_view field) {
  const auto pads = [](char c) { return c == ' ' || c == '\0'; };
  while (!field.empty() && pads(field.front())) field.remove_prefix(1);
  while (!field.empty() && pads(field.back())) field.remove_suffix(1);
  return field;
}

// Octal digits, or where the first bit is set a binary number, which must not be negative.
std::optional<std::uint64_t> Numeric(std::string_view field) {
  const auto first = static_cast<unsigned char>(field.front());
  if ((first & 0x80) == 0) {
    const std::string_view digits = TarText(Trimmed(field));
    if (digits.empty()) return 0;
    return Number<std::uint64_t>(digits, 8);
  }
  if ((first & 0x40) != 0) return std::nullopt;
  std::uint64_t number = first & 0x3f;
  for (const char c : field.substr(1)) {
    if ((number >> 55) != 0) return std::nullopt;
    number = number << 8 | static_cast<unsigned char>(c);
  }
  return number;
}

// The sum of a block's bytes, with spaces where the checksum stands.
template <typename Byte>
std::int32_t SumOf(std::string_view block) {
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < tar::kBlock; ++i) sum += static_cast<Byte>(block[i]);
  for (const char c : tar::kChecksum.Of(block)) sum += ' ' - static_cast<Byte>(c);
  return sum;
}

// Some programs have summed signed bytes.
bool ChecksumHolds(std::string_view block) {
  const std::optional<std::uint64_t> said = Numeric(tar::kChecksum.Of(block));
  if (!said || *said > INT32_MAX) return false;
  const auto sum = static_cast<std::int32_t>(*said);
  return sum == SumOf<unsigned char>(block) || sum == SumOf<signed char>(block);
}

std::string NameIn(std::string_view block) {
  const std::string_view name = TarText(tar::kName.Of(block));
  std::string_view prefix;
  if (tar::kMagic.Of(block) == tar::kUstar) {
    prefix = TarText(
        (tar::kStarMark.Of(block) == std::string_view("tar\0", 4) ? tar::kStarPrefix : tar::kPrefix)
            .Of(block));
  }
  if (prefix.empty()) return std::string(name);
  return std::string(prefix).append("/").append(name);
}

TarType TypeOf(char flag) {
  switch (flag) {
    case '1':
      return TarType::kHardLink;
    case '2':
      return TarType::kSymlink;
    case '3':
    case '4':
    case '6':
      return TarType::kSpecial;
    case '5':
      return TarType::kFolder;
    case 'x':
      return TarType::kPax;
    case 'g':
      return TarType::kPaxGlobal;
    case 'L':
      return TarType::kLongName;
    case 'K':
      return TarType::kLongLink;
    default:
      return TarType::kFile;
  }
}

bool HasData(TarType type) {
  return type != TarType::kHardLink && type != TarType::kSymlink && type != TarType::kSpecial &&
         type != TarType::kFolder;
}

}  // namespace

std::string_view TarText(std::string_view field) { return field.substr(0, field.find('\0')); }

base::Result<std::optional<TarHeader>> ParseTarHeader(std::string_view block) {
  if (block.find_first_not_of('\0') == std::string_view::npos) return std::nullopt;
  if (!ChecksumHolds(block)) return Broken("invalid header");
  const std::optional<std::uint64_t> size = Numeric(tar::kSize.Of(block));
  if (!size || *size > INT64_MAX) return Broken("an entry's size is no number");
  TarHeader header;
  header.type = TypeOf(block[tar::kType.at]);
  header.name = NameIn(block);
  header.link = TarText(tar::kLink.Of(block));
  header.size = *size;
  header.sparse = block[tar::kType.at] == 'S';
  header.sparse_goes_on = header.sparse && block[tar::kSparseGoesOn.at] != '\0';
  return header;
}

bool SparseGoesOn(std::string_view block) { return block[tar::kMapGoesOn.at] != '\0'; }

base::Result<void> TakePaxRecords(std::string_view records, TarExtra& extra) {
  while (!records.empty()) {
    // "LENGTH KEY=VALUE\n", the length of all of it.
    const std::size_t space = records.find(' ');
    const auto length = space == std::string_view::npos
                            ? std::nullopt
                            : Number<std::size_t>(records.substr(0, space), 10);
    if (!length || *length <= space + 1 || *length > records.size() ||
        records[*length - 1] != '\n') {
      return Broken("invalid pax record");
    }
    const std::string_view record = records.substr(space + 1, *length - space - 2);
    records.remove_prefix(*length);
    const std::size_t equals = record.find('=');
    if (equals == std::string_view::npos) return Broken("invalid pax record");
    const std::string_view key = record.substr(0, equals), value = record.substr(equals + 1);
    if (key.starts_with("GNU.sparse.")) extra.sparse = true;
    if (value.empty()) continue;  // the header's own holds
    if (key == "path" || key == "linkpath" || key == "GNU.sparse.name") {
      if (value.find('\0') != std::string_view::npos) return Broken("invalid pax record");
      (key == "linkpath" ? extra.link : extra.name) = value;
    } else if (key == "size") {
      extra.size = Number<std::uint64_t>(value, 10);
      if (!extra.size || *extra.size > INT64_MAX) return Broken("an entry's size is no number");
    }
  }
  return {};
}

void Complete(TarHeader& header, TarExtra extra) {
  if (extra.name) header.name = *std::move(extra.name);
  if (extra.link) header.link = *std::move(extra.link);
  if (extra.size) header.size = *extra.size;
  header.sparse = header.sparse || extra.sparse;
  if (header.type == TarType::kFile && header.name.ends_with('/')) header.type = TarType::kFolder;
  if (!HasData(header.type)) header.size = 0;
}

}  // namespace openchoreo::artifact
