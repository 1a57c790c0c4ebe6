// tar and tar.gz archives for tests, hostile ones among them.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

namespace openchoreo::test {

struct ArchiveEntry {
  std::string name;
  std::string bytes = "";
  mode_t type = AE_IFREG;  // 0: a hard link
  std::string link = "";
};

inline std::string BuildArchive(const std::vector<ArchiveEntry>& entries, bool gzip = true) {
  struct Sink {
    std::string bytes;

    static la_ssize_t Write(archive*, void* sink, const void* data, std::size_t size) {
      static_cast<Sink*>(sink)->bytes.append(static_cast<const char*>(data), size);
      return static_cast<la_ssize_t>(size);
    }
  } sink;

  archive* a = archive_write_new();
  archive_write_set_format_gnutar(a);
  if (gzip) archive_write_add_filter_gzip(a);
  archive_write_set_bytes_in_last_block(a, 1);
  archive_write_open(a, &sink, nullptr, &Sink::Write, nullptr);
  for (const ArchiveEntry& e : entries) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, e.name.c_str());
    archive_entry_set_filetype(entry, e.type);
    archive_entry_set_perm(entry, 0644);
    if (e.type == AE_IFLNK) archive_entry_set_symlink(entry, e.link.c_str());
    if (e.type == 0) {
      archive_entry_set_filetype(entry, AE_IFREG);
      archive_entry_set_hardlink(entry, e.link.c_str());
    }
    archive_entry_set_size(entry, e.type == AE_IFREG ? static_cast<la_int64_t>(e.bytes.size()) : 0);
    archive_write_header(a, entry);
    if (e.type == AE_IFREG) archive_write_data(a, e.bytes.data(), e.bytes.size());
    archive_entry_free(entry);
  }
  archive_write_close(a);
  archive_write_free(a);
  return sink.bytes;
}

// Writes the checksum that the header block at `at` of a tar should have, or one that differs.
inline void SumUp(std::string& tar, std::size_t at = 0, int off_by = 0) {
  constexpr std::size_t kBlock = 512, kChecksum = 148;
  tar.replace(at + kChecksum, 8, 8, ' ');
  int sum = off_by;
  for (std::size_t i = 0; i < kBlock; ++i) sum += static_cast<unsigned char>(tar[at + i]);
  char text[16];
  std::snprintf(text, sizeof text, "%06o", static_cast<unsigned>(sum));
  tar.replace(at + kChecksum, 7, text, 7);
}

}  // namespace openchoreo::test
