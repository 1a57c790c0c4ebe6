// Inside of the archive reader: what the blocks of a tar say.
//
// Follows Go's archive/tar (reader.go, strconv.go), with which both Argo CD and Flux read and write
// archives: v7, ustar, GNU and pax.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace openchoreo::artifact {

// What stands before an entry to tell more of it: a long name, pax records.
constexpr std::size_t kMaxTarExtra = 1u << 20;

enum class TarType : std::uint8_t {
  kFile,
  kFolder,
  kSymlink,
  kHardLink,
  kSpecial,    // a device, a fifo
  kPax,        // its data: records for the next entry
  kPaxGlobal,  // its data: records for all, which Go does not heed
  kLongName,   // its data: the next entry's name
  kLongLink,
};

struct TarHeader {
  TarType type = TarType::kFile;
  std::string name;
  std::string link;        // of a symlink: its target
  std::uint64_t size = 0;  // of the data behind it, padding left out
  bool sparse = false;
  bool sparse_goes_on = false;  // in one more block, see SparseGoesOn
};

// What records and long names say of the entry behind them.
struct TarExtra {
  std::optional<std::string> name, link;
  std::optional<std::uint64_t> size;
  bool sparse = false;
};

// A block of 512 bytes. Nothing: it is all zero, which ends an archive. Errors: kUnreadableSource.
base::Result<std::optional<TarHeader>> ParseTarHeader(std::string_view block);

// Whether a block of a GNU sparse map is followed by another.
bool SparseGoesOn(std::string_view block);

// Takes pax records into `extra`. Errors: kUnreadableSource.
base::Result<void> TakePaxRecords(std::string_view records, TarExtra& extra);

// Up to the first NUL.
std::string_view TarText(std::string_view field);

// Completes an entry by what stood before it: a file whose name ends like a folder's is one, and
// what is no file has no data.
void Complete(TarHeader& header, TarExtra extra);

}  // namespace openchoreo::artifact
