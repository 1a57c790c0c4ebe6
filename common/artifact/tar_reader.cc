#include "common/artifact/tar_reader.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "common/artifact/gzip_reader.h"
#include "common/artifact/tar_block.h"
#include "common/artifact/tar_entries.h"
#include "common/artifact/tar_header.h"
#include "common/base/utf8.h"

namespace openchoreo::artifact {

using base::ErrorCode;
using base::Fail;

namespace {

constexpr std::uint64_t kRatioFrom = 256ull << 20;

// UTF-8 without control characters.
bool IsText(std::string_view name) {
  const auto plain = [](char c) { return c >= ' ' && c < '\x7f'; };
  if (std::all_of(name.begin(), name.end(), plain)) return true;
  const auto speaks = [&](char c) { return plain(c) || static_cast<signed char>(c) < 0; };
  return std::all_of(name.begin(), name.end(), speaks) && base::IsValidUtf8(name);
}

// A hostile name as a message may carry it: control characters and invalid bytes shown as '?', cut.
std::string Printable(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size() && out.size() < 120;) {
    base::DecodedRune rune = base::DecodeRune(name.substr(i));
    if (rune.valid && rune.rune >= 0x20 && rune.rune != 0x7f) {
      out.append(name.substr(i, rune.size));
    } else {
      out.push_back('?');
    }
    i += rune.size;
  }
  if (out.size() >= 120) out += "…";
  return out;
}

std::string Number(std::uint64_t n) { return std::to_string(n); }

// The bytes of a tar in their order, within the limits of what an archive may inflate to.
class TarBytes {
 public:
  TarBytes(const ByteSource& source, const TarLimits& limits) : gzip_(source), limits_(limits) {}

  // What comes next, at least one byte and `most` at most, valid until the next call; empty: the
  // end.
  base::Result<std::string_view> Piece(std::uint64_t most) {
    if (piece_.empty()) {
      OC_TRY(piece_, gzip_.Next());
      OC_TRY_DONE(WithinLimits());
    }
    const std::string_view piece =
        piece_.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(most, piece_.size())));
    piece_.remove_prefix(piece.size());
    return piece;
  }

  // The next block, valid until the next call; empty: the end.
  base::Result<std::string_view> Block() {
    OC_TRY(const std::string_view begin, Piece(tar::kBlock));
    if (begin.size() == tar::kBlock || begin.empty()) return begin;
    block_.assign(begin);
    while (block_.size() < tar::kBlock) {
      OC_TRY(const std::string_view more, Piece(tar::kBlock - block_.size()));
      if (more.empty()) return CutOff();
      block_.append(more);
    }
    return std::string_view(block_);
  }

  // Gives `size` bytes to `take`, piece by piece, and passes over what pads them to whole blocks,
  // which the last ones need not be.
  template <typename Take>
  base::Result<void> Data(std::uint64_t size, const Take& take) {
    for (std::uint64_t left = size; left != 0;) {
      OC_TRY(const std::string_view piece, Piece(left));
      if (piece.empty()) return CutOff();
      left -= piece.size();
      take(piece);
    }
    for (std::uint64_t left = -size % tar::kBlock; left != 0;) {
      OC_TRY(const std::string_view piece, Piece(left));
      if (piece.empty()) break;
      left -= piece.size();
    }
    return {};
  }

  GzipReader& gzip() { return gzip_; }

  static tl::unexpected<base::Error> CutOff() {
    return Fail(ErrorCode::kUnreadableSource, "not a readable tar.gz archive: tar: it is cut off");
  }

 private:
  base::Result<void> WithinLimits() const {
    if (gzip_.bytes_given() > limits_.max_inflated_bytes) {
      return Fail(ErrorCode::kLimit,
                  "archive inflates to more than " + Number(limits_.max_inflated_bytes) + " bytes");
    }
    if (gzip_.bytes_given() > kRatioFrom &&
        gzip_.bytes_given() / limits_.max_inflation_ratio > gzip_.bytes_taken()) {
      return Fail(ErrorCode::kLimit, "archive inflates to more than " +
                                         Number(limits_.max_inflation_ratio) +
                                         " times its size: refused as a decompression bomb");
    }
    return {};
  }

  GzipReader gzip_;
  const TarLimits& limits_;
  std::string_view piece_;
  std::string block_;  // one that lies in several pieces
};

// What a file had in an archive read before, and how far it has it still.
struct Earlier {
  std::string_view bytes;
  std::size_t equal = 0;

  // Nothing where it had another size.
  static std::optional<Earlier> Of(std::optional<std::string_view> bytes, std::uint64_t size) {
    if (!bytes || bytes->size() != size) return std::nullopt;
    return Earlier{*bytes};
  }

  // Whether the file goes on with `piece` as it did.
  bool Continues(std::string_view piece) {
    if (bytes.substr(equal, piece.size()) != piece) return false;
    equal += piece.size();
    return true;
  }

  std::string Begun() const { return std::string(bytes.substr(0, equal)); }
};

class Reading {
 public:
  Reading(const ByteSource& source, const TarLimits& limits, const TarVisitor& visitor)
      : limits_(limits), visitor_(visitor), bytes_(source, limits) {}

  base::Result<TarSummary> Run() {
    OC_TRY_DONE(Entries());
    // What follows the end mark belongs to the stream (and to its checksum), not to the archive.
    OC_TRY_DONE(bytes_.gzip().PassRest());
    summary_.compressed_bytes = bytes_.gzip().bytes_taken();
    summary_.inflated_bytes = bytes_.gzip().bytes_given();
    return summary_;
  }

 private:
  base::Result<void> Entries() {
    TarExtra extra;
    for (bool first = true;; first = false) {
      OC_TRY(const std::string_view block, bytes_.Block());
      if (first && block.empty()) return Fail(ErrorCode::kUnreadableSource, "archive is empty");
      if (first && flux() && !bytes_.gzip().compressed()) {
        return Fail(ErrorCode::kUnreadableSource, "the archive is not compressed with gzip");
      }
      if (block.empty()) return {};
      OC_TRY(std::optional<TarHeader> header, ParseTarHeader(block));
      if (!header) return End();
      switch (header->type) {
        case TarType::kPax: {
          OC_TRY(const std::string records, Text(header->size));
          extra = {};
          OC_TRY_DONE(TakePaxRecords(records, extra));
          break;
        }
        case TarType::kLongName: {
          OC_TRY(const std::string name, Text(header->size));
          extra.name = TarText(name);
          break;
        }
        case TarType::kPaxGlobal:
        case TarType::kLongLink: {
          OC_TRY(const std::string link, Text(header->size));
          if (header->type == TarType::kLongLink) extra.link = TarText(link);
          break;
        }
        default:
          Complete(*header, std::exchange(extra, {}));
          OC_TRY_DONE(Entry(*header));
      }
    }
  }

  // Two blocks of zeros, or one and the stream's end.
  base::Result<void> End() {
    OC_TRY(const std::string_view second, bytes_.Block());
    if (second.find_first_not_of('\0') == std::string_view::npos) return {};
    return Fail(ErrorCode::kUnreadableSource,
                "not a readable tar.gz archive: tar: it goes on after its end");
  }

  // Data that tells something of an entry.
  base::Result<std::string> Text(std::uint64_t size) {
    if (size > kMaxTarExtra) {
      return Fail(ErrorCode::kLimit, "an archive entry's name or records have more than " +
                                         Number(kMaxTarExtra) + " bytes");
    }
    std::string text;
    OC_TRY_DONE(bytes_.Data(size, [&](std::string_view piece) { text.append(piece); }));
    return text;
  }

  base::Result<void> Entry(const TarHeader& header) {
    if (++summary_.entries > limits_.max_entries) {
      return Fail(ErrorCode::kLimit,
                  "archive has more than " + Number(limits_.max_entries) + " entries");
    }
    for (bool more = header.sparse_goes_on; more;) {
      OC_TRY(const std::string_view block, bytes_.Block());
      if (block.empty()) return TarBytes::CutOff();
      more = SparseGoesOn(block);
    }
    const std::string_view given = header.name;
    if (given.size() > limits_.max_name_bytes) {
      return Fail(ErrorCode::kLimit, "archive entry name longer than " +
                                         Number(limits_.max_name_bytes) + " bytes: \"" +
                                         Printable(given) + "\"");
    }
    names_bytes_ += given.size();
    if (names_bytes_ > limits_.max_names_bytes) {
      return Fail(ErrorCode::kLimit, "the names of the archive's entries have more than " +
                                         Number(limits_.max_names_bytes) + " bytes in all");
    }
    if (flux()) OC_TRY_DONE(CheckFluxName(given));
    const bool file = header.type == TarType::kFile;
    auto clean = CleanRelativePath(given);
    // A name that is no text is nobody's concern where nobody wants the file.
    if (!clean && (flux() || !IsText(given)) && !(file && visitor_.wanted(given, header.size))) {
      return Skip(header);
    }
    if (!clean) return Fail(std::move(clean).error());
    std::string name = *std::move(clean);
    if (header.type == TarType::kSymlink && !flux()) {
      OC_TRY_DONE(LinkStaysInside(name, header.link));
    }
    if (header.type == TarType::kSpecial && flux()) {
      return Fail(ErrorCode::kUnreadableSource,
                  "archive entry \"" + Printable(name) + "\" is neither file, folder nor link");
    }
    if (!file) return Skip(header);
    ++summary_.regular_files;
    if (name.empty() || !visitor_.wanted(name, header.size)) return Skip(header);
    if (header.sparse) {
      return Fail(ErrorCode::kUnreadableSource,
                  "archive entry \"" + Printable(name) +
                      "\" is stored with its holes left out (tar --sparse), which is not read");
    }
    return Keep(std::move(name), header.size);
  }

  bool flux() const { return limits_.rules == TarRules::kFlux; }

  static base::Result<void> CheckFluxName(std::string_view name) {
    if (!name.empty() && !name.starts_with('/') && name.find('\\') == std::string_view::npos &&
        name.find("../") == std::string_view::npos) {
      return {};
    }
    return Fail(ErrorCode::kUnreadableSource,
                "archive entry with an invalid name: \"" + Printable(name) + "\"");
  }

  // Follows argo-cd util/io/files/tar.go: a link's target, resolved from the link's folder, must
  // stay inside.
  static base::Result<void> LinkStaysInside(const std::string& name, std::string_view to) {
    bool inside = !to.starts_with('/');
    if (inside) {
      const std::size_t slash = name.rfind('/');
      const std::string folder = slash == std::string::npos ? "" : name.substr(0, slash + 1);
      inside = CleanRelativePath(folder + std::string(to)).has_value();
    }
    if (inside) return {};
    return Fail(ErrorCode::kUnreadableSource, "symlink \"" + Printable(name) +
                                                  "\" points out of the archive, to \"" +
                                                  Printable(to) + "\"");
  }

  base::Result<void> Skip(const TarHeader& header) {
    return bytes_.Data(header.size, [](std::string_view) {});
  }

  base::Result<void> Keep(std::string name, const std::uint64_t size) {
    std::uint64_t kept = size;
    if (size > limits_.max_file_bytes) {
      if (!limits_.keep_start_of_large) {
        return Fail(ErrorCode::kLimit, "\"" + Printable(name) + "\" has " + Number(size) +
                                           " bytes, more than the " +
                                           Number(limits_.max_file_bytes) + " a file may have");
      }
      kept = limits_.max_file_bytes + std::uint64_t{1};
    }
    kept_bytes_ += kept;
    if (kept_bytes_ > limits_.max_kept_bytes) {
      return Fail(ErrorCode::kLimit, "the files to render have more than " +
                                         Number(limits_.max_kept_bytes) + " bytes in all");
    }
    std::string bytes;
    std::optional<Earlier> earlier;
    if (visitor_.earlier) earlier = Earlier::Of(visitor_.earlier(name), kept);
    // Grown by what arrived, not by what the header claims.
    OC_TRY_DONE(bytes_.Data(size, [&](std::string_view piece) {
      const std::size_t have = earlier ? earlier->equal : bytes.size();
      piece = piece.substr(0, static_cast<std::size_t>(kept) - have);
      if (earlier) {
        if (earlier->Continues(piece)) return;
        bytes = earlier->Begun();
        earlier.reset();
      }
      bytes.append(piece);
    }));
    ++summary_.kept_files;
    if (earlier && earlier->equal == kept) {
      visitor_.same(std::move(name));
    } else {
      visitor_.file(std::move(name), std::move(bytes));
    }
    return {};
  }

  const TarLimits& limits_;
  const TarVisitor& visitor_;
  TarBytes bytes_;
  TarSummary summary_;
  std::uint64_t kept_bytes_ = 0;
  std::size_t names_bytes_ = 0;
};

}  // namespace

base::Result<std::string> CleanRelativePath(std::string_view name) {
  auto refuse = [&](const char* why) {
    return Fail(ErrorCode::kUnreadableSource, "path \"" + Printable(name) + "\" " + why);
  };
  if (!IsText(name)) {
    return refuse(base::IsValidUtf8(name) ? "holds a control character" : "is not UTF-8");
  }
  if (name.starts_with('/')) return refuse("is absolute");
  if (IsCleanPath(name)) return std::string(name);
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= name.size();) {
    std::size_t end = name.find('/', begin);
    if (end == std::string_view::npos) end = name.size();
    std::string_view part = name.substr(begin, end - begin);
    begin = end + 1;
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (parts.empty()) return refuse("leaves the archive");
      parts.pop_back();
      continue;
    }
    parts.push_back(part);
  }
  std::string clean;
  for (std::string_view part : parts) {
    if (!clean.empty()) clean.push_back('/');
    clean.append(part);
  }
  return clean;
}

base::Result<TarSummary> ReadTar(const ByteSource& source, const TarLimits& limits,
                                 const TarVisitor& visitor) {
  return Reading(source, limits, visitor).Run();
}

}  // namespace openchoreo::artifact
