#include "common/artifact/tar_reader.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "common/artifact/tar_entries.h"
#include "common/base/utf8.h"

namespace openchoreo::artifact {

using base::ErrorCode;
using base::Fail;

namespace {

constexpr std::uint64_t kRatioFrom = 256ull << 20;

// UTF-8 without control characters.
bool IsText(std::string_view name) {
  return base::IsValidUtf8(name) && std::none_of(name.begin(), name.end(), [](char c) {
           const auto u = static_cast<unsigned char>(c);
           return u < 0x20 || u == 0x7f;
         });
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

// Hands the caller's pieces to libarchive and keeps the error a piece ended with.
struct Feed {
  const ByteSource* source;
  std::optional<base::Error> error;
  std::uint64_t bytes = 0;
  bool ended = false;

  base::Result<std::string_view> Next() {
    if (ended) return std::string_view{};
    auto piece = (*source)();
    if (!piece || piece->empty()) ended = true;
    if (piece) bytes += piece->size();
    return piece;
  }

  static la_ssize_t Read(archive* a, void* data, const void** buffer) {
    auto* feed = static_cast<Feed*>(data);
    auto piece = feed->Next();
    if (!piece) {
      feed->error = std::move(piece).error();
      archive_set_error(a, EIO, "source");
      return -1;
    }
    *buffer = piece->data();
    return static_cast<la_ssize_t>(piece->size());
  }
};

struct CloseArchive {
  void operator()(archive* a) const { archive_read_free(a); }
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

  // Whether the file goes on with `piece` at `offset` as it did.
  bool Continues(std::uint64_t offset, std::string_view piece) {
    if (offset != equal || bytes.substr(equal, piece.size()) != piece) return false;
    equal += piece.size();
    return true;
  }

  std::string Begun() const { return std::string(bytes.substr(0, equal)); }
};

class Reading {
 public:
  Reading(const ByteSource& source, const TarLimits& limits, const TarVisitor& visitor)
      : limits_(limits), visitor_(visitor), feed_{&source, std::nullopt} {}

  base::Result<TarSummary> Run() {
    archive_.reset(archive_read_new());
    if (!archive_) return Fail(ErrorCode::kInternal, "cannot read archives");
    archive* a = archive_.get();
    archive_read_support_filter_gzip(a);
    archive_read_support_format_tar(a);
    // Names as the bytes they are: the process' locale must not decide what is a legal name.
    archive_read_set_options(a, "tar:hdrcharset=BINARY");
    if (archive_read_open2(a, &feed_, nullptr, &Feed::Read, nullptr, nullptr) != ARCHIVE_OK) {
      return Broken();
    }
    if (flux() && archive_filter_code(a, 0) != ARCHIVE_FILTER_GZIP) {
      return Fail(ErrorCode::kUnreadableSource, "the archive is not compressed with gzip");
    }
    for (;;) {
      archive_entry* entry = nullptr;
      int status = archive_read_next_header(a, &entry);
      if (status == ARCHIVE_EOF) break;
      if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return Broken();
      if (auto done = Entry(entry); !done) return Fail(std::move(done).error());
    }
    // What follows the end mark belongs to the stream (and to its checksum), not to the archive.
    for (;;) {
      OC_TRY(std::string_view rest, feed_.Next());
      if (rest.empty()) break;
    }
    if (feed_.bytes == 0) return Fail(ErrorCode::kUnreadableSource, "archive is empty");
    Count();
    return summary_;
  }

 private:
  // The source's own error if it had one, else what libarchive says.
  tl::unexpected<base::Error> Broken() {
    if (feed_.error) return Fail(*std::move(feed_.error));
    if (feed_.bytes == 0) return Fail(ErrorCode::kUnreadableSource, "archive is empty");
    const char* text = archive_error_string(archive_.get());
    return Fail(ErrorCode::kUnreadableSource,
                std::string("not a readable tar.gz archive: ") + (text ? text : "unknown error"));
  }

  void Count() {
    summary_.compressed_bytes = feed_.bytes;
    la_int64_t inflated = archive_filter_bytes(archive_.get(), 0);
    if (inflated > 0) summary_.inflated_bytes = static_cast<std::uint64_t>(inflated);
  }

  base::Result<bool> WithinLimits() {
    Count();
    if (summary_.inflated_bytes > limits_.max_inflated_bytes) {
      return Fail(ErrorCode::kLimit,
                  "archive inflates to more than " + Number(limits_.max_inflated_bytes) + " bytes");
    }
    if (summary_.inflated_bytes > kRatioFrom &&
        summary_.inflated_bytes / limits_.max_inflation_ratio > summary_.compressed_bytes) {
      return Fail(ErrorCode::kLimit, "archive inflates to more than " +
                                         Number(limits_.max_inflation_ratio) +
                                         " times its size: refused as a decompression bomb");
    }
    return true;
  }

  base::Result<bool> Entry(archive_entry* entry) {
    if (++summary_.entries > limits_.max_entries) {
      return Fail(ErrorCode::kLimit,
                  "archive has more than " + Number(limits_.max_entries) + " entries");
    }
    const char* raw = archive_entry_pathname(entry);
    if (raw == nullptr) {
      return Fail(ErrorCode::kUnreadableSource, "archive entry without a readable name");
    }
    std::string_view given = raw;
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
    auto clean = CleanRelativePath(given);
    // A name that is no text is nobody's concern where nobody wants the file.
    if (!clean && (flux() || !IsText(given)) &&
        !(archive_entry_filetype(entry) == AE_IFREG && Wanted(given, entry))) {
      return Skip();
    }
    if (!clean) return Fail(std::move(clean).error());
    std::string name = *std::move(clean);
    if (archive_entry_hardlink(entry) != nullptr) return Skip();
    switch (archive_entry_filetype(entry)) {
      case AE_IFREG:
        break;
      case AE_IFLNK: {
        if (flux()) return Skip();
        OC_TRY(bool inside, LinkStaysInside(name, archive_entry_symlink(entry)));
        (void)inside;
        return Skip();
      }
      case AE_IFDIR:
        return Skip();
      default:
        if (!flux()) return Skip();
        return Fail(ErrorCode::kUnreadableSource,
                    "archive entry \"" + Printable(name) + "\" is neither file, folder nor link");
    }
    ++summary_.regular_files;
    la_int64_t declared = archive_entry_size(entry);
    if (declared < 0) {
      return Fail(ErrorCode::kUnreadableSource, "archive entry with a negative size");
    }
    auto size = static_cast<std::uint64_t>(declared);
    if (name.empty() || !visitor_.wanted(name, size)) return Skip();
    return Keep(std::move(name), size);
  }

  bool flux() const { return limits_.rules == TarRules::kFlux; }

  bool Wanted(std::string_view name, archive_entry* entry) const {
    const la_int64_t size = archive_entry_size(entry);
    return visitor_.wanted(name, size < 0 ? 0 : static_cast<std::uint64_t>(size));
  }

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
  static base::Result<bool> LinkStaysInside(const std::string& name, const char* target) {
    std::string_view to = target ? target : "";
    bool inside = !to.starts_with('/');
    if (inside) {
      std::size_t slash = name.rfind('/');
      std::string joined = slash == std::string::npos ? std::string(to)
                                                      : name.substr(0, slash + 1) + std::string(to);
      inside = CleanRelativePath(joined).has_value();
    }
    if (!inside) {
      return Fail(ErrorCode::kUnreadableSource, "symlink \"" + Printable(name) +
                                                    "\" points out of the archive, to \"" +
                                                    Printable(to) + "\"");
    }
    return true;
  }

  // Block by block, so that a bomb in a file nobody wants is seen too.
  base::Result<bool> Skip() {
    const void* block = nullptr;
    std::size_t length = 0;
    la_int64_t offset = 0;
    for (;;) {
      int status = archive_read_data_block(archive_.get(), &block, &length, &offset);
      if (status == ARCHIVE_EOF) return WithinLimits();
      if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return Broken();
      OC_TRY(bool within, WithinLimits());
      (void)within;
    }
  }

  base::Result<bool> Keep(std::string name, std::uint64_t size) {
    bool cut = false;  // the rest of the file is passed over
    if (size > limits_.max_file_bytes && limits_.keep_start_of_large) {
      size = limits_.max_file_bytes + std::uint64_t{1};
      cut = true;
    } else if (size > limits_.max_file_bytes) {
      return Fail(ErrorCode::kLimit, "\"" + Printable(name) + "\" has " + Number(size) +
                                         " bytes, more than the " + Number(limits_.max_file_bytes) +
                                         " a file may have");
    }
    if (kept_bytes_ + size > limits_.max_kept_bytes) {
      return Fail(ErrorCode::kLimit, "the files to render have more than " +
                                         Number(limits_.max_kept_bytes) + " bytes in all");
    }
    std::string bytes;
    std::optional<Earlier> earlier;
    if (visitor_.earlier) earlier = Earlier::Of(visitor_.earlier(name), size);
    const void* block = nullptr;
    std::size_t length = 0;
    la_int64_t offset = 0;
    for (;;) {
      int status = archive_read_data_block(archive_.get(), &block, &length, &offset);
      if (status == ARCHIVE_EOF) break;
      if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return Broken();
      OC_TRY(bool within, WithinLimits());
      (void)within;
      // A sparse file's holes: the offset runs ahead of the bytes.
      auto at = static_cast<std::uint64_t>(offset);
      if (cut && offset >= 0 && at >= size) continue;
      if (cut && offset >= 0) length = std::min<std::size_t>(length, size - at);
      const std::size_t have = earlier ? earlier->equal : bytes.size();
      if (offset < 0 || at < have || at > size || length > size - at) {
        return Fail(ErrorCode::kUnreadableSource,
                    "archive entry \"" + Printable(name) + "\" is longer than its size says");
      }
      const std::string_view piece(static_cast<const char*>(block), length);
      if (earlier) {
        if (earlier->Continues(at, piece)) continue;
        bytes = earlier->Begun();
        earlier.reset();
      }
      // Grown by what arrived, not by what the header claims.
      if (bytes.empty() && length == size) bytes.reserve(size);
      bytes.resize(at, '\0');
      bytes.append(piece);
    }
    kept_bytes_ += size;
    ++summary_.kept_files;
    if (earlier && earlier->equal == size) {
      visitor_.same(std::move(name));
      return true;
    }
    if (earlier) bytes = earlier->Begun();
    bytes.resize(size, '\0');
    visitor_.file(std::move(name), std::move(bytes));
    return true;
  }

  const TarLimits& limits_;
  const TarVisitor& visitor_;
  Feed feed_;
  std::unique_ptr<archive, CloseArchive> archive_;
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
