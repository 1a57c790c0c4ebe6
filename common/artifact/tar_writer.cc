#include "common/artifact/tar_writer.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <set>
#include <vector>

#include "common/artifact/tar_block.h"
#include "common/artifact/tar_entries.h"

namespace openchoreo::artifact {

namespace {

using base::ErrorCode;
using base::Fail;

using Block = std::array<char, tar::kBlock>;

void PutText(Block& block, tar::Field field, std::string_view text) {
  std::memcpy(block.data() + field.at, text.data(), std::min(text.size(), field.size));
}

// Octal digits with leading zeros and a NUL behind them.
void PutOctal(Block& block, tar::Field field, std::uint64_t number) {
  std::size_t at = field.at + field.size - 1;
  block[at] = '\0';
  while (at > field.at) {
    block[--at] = static_cast<char>('0' + (number & 7));
    number >>= 3;
  }
}

void PutChecksum(Block& block) {
  PutText(block, tar::kMagic, tar::kUstar);
  PutText(block, tar::kVersion, "00");
  std::memset(block.data() + tar::kChecksum.at, ' ', tar::kChecksum.size);
  std::uint64_t sum = 0;
  for (char c : block) sum += static_cast<unsigned char>(c);
  PutOctal(block, {tar::kChecksum.at, tar::kChecksum.size - 1}, sum);
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string OnlyAscii(std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out),
               [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return out;
}

// Where ustar splits a long name into prefix and name; npos if it cannot hold it.
std::size_t SplitAt(std::string_view name) {
  if (name.size() <= tar::kName.size || !IsAscii(name)) return std::string_view::npos;
  const std::size_t slash = name.substr(0, std::min(name.size(), tar::kPrefix.size + 1)).rfind('/');
  if (slash == std::string_view::npos || slash == 0 || slash > tar::kPrefix.size) {
    return std::string_view::npos;
  }
  const std::size_t rest = name.size() - slash - 1;
  return rest == 0 || rest > tar::kName.size ? std::string_view::npos : slash;
}

// "<length> path=<name>\n", the length counting itself.
std::string PaxPath(std::string_view name) {
  const std::string record = " path=" + std::string(name) + "\n";
  std::size_t length = record.size() + 1;
  while (std::to_string(length).size() + record.size() != length) {
    length = std::to_string(length).size() + record.size();
  }
  return std::to_string(length) + record;
}

class Writer {
 public:
  explicit Writer(const ByteSink& sink) : sink_(sink) {}

  void Folder(std::string_view name) { Header(name, 0, true); }

  void File(std::string_view name, const FileView& content) {
    const std::size_t size = content.size();
    Header(name, size, false);
    for (const std::string_view piece : content.pieces) {
      if (!piece.empty()) sink_(piece);
    }
    Fill(size);
  }

  void End() {
    const Block zero{};
    Put(zero);
    Put(zero);
  }

 private:
  void Put(const Block& block) { sink_(std::string_view(block.data(), block.size())); }

  // Zeros up to the end of the block.
  void Fill(std::size_t size) {
    static constexpr Block kZero{};
    if (const std::size_t over = size % tar::kBlock; over != 0) {
      sink_(std::string_view(kZero.data(), tar::kBlock - over));
    }
  }

  void Header(std::string_view name, std::size_t size, bool folder) {
    Block block{};
    std::size_t split = std::string_view::npos;
    if (name.size() > tar::kName.size || !IsAscii(name)) {
      split = SplitAt(name);
      if (split == std::string_view::npos) Extended(name);
    }
    if (split == std::string_view::npos) {
      PutText(block, tar::kName, OnlyAscii(name));
    } else {
      PutText(block, tar::kPrefix, name.substr(0, split));
      PutText(block, tar::kName, name.substr(split + 1));
    }
    PutOctal(block, tar::kMode, folder ? 0750 : 0600);
    for (const tar::Field field :
         {tar::kUid, tar::kGid, tar::kTime, tar::kDevMajor, tar::kDevMinor})
      PutOctal(block, field, 0);
    PutOctal(block, tar::kSize, size);
    block[tar::kType.at] = folder ? '5' : '0';
    PutChecksum(block);
    Put(block);
  }

  // A pax header that holds the name.
  void Extended(std::string_view name) {
    const std::string record = PaxPath(name);
    const std::size_t slash = name.rfind('/');
    const std::string_view folder =
        slash == std::string_view::npos ? "" : name.substr(0, slash + 1);
    const std::string_view file = slash == std::string_view::npos ? name : name.substr(slash + 1);
    std::string title = OnlyAscii(std::string(folder) + "PaxHeaders.0/" + std::string(file))
                            .substr(0, tar::kName.size);
    while (title.ends_with('/')) title.pop_back();
    Block block{};
    PutText(block, tar::kName, title);
    for (const tar::Field field : {tar::kMode, tar::kUid, tar::kGid, tar::kTime})
      PutOctal(block, field, 0);
    PutOctal(block, tar::kSize, record.size());
    block[tar::kType.at] = 'x';
    PutChecksum(block);
    Put(block);
    sink_(record);
    Fill(record.size());
  }

  const ByteSink& sink_;
};

// Paths in the order of a walk: '/' before every other byte.
bool WalkOrder(std::string_view a, std::string_view b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    const int left = x == '/' ? -1 : static_cast<unsigned char>(x);
    const int right = y == '/' ? -1 : static_cast<unsigned char>(y);
    return left < right;
  });
}

}  // namespace

bool IsCleanPath(std::string_view path) {
  if (path.find('\0') != std::string_view::npos) return false;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view part = path.substr(begin, end - begin);
    if (part.empty() || part == "." || part == "..") return false;
    begin = end + 1;
  }
  return true;
}

std::size_t FileView::size() const {
  std::size_t bytes = 0;
  for (const std::string_view piece : pieces) bytes += piece.size();
  return bytes;
}

FileViews ViewsOf(const Files& files) {
  FileViews views;
  for (const auto& [path, content] : files)
    views.emplace_hint(views.end(), path, FileView{content});
  return views;
}

base::Result<std::vector<TarEntry>> EntriesOf(const FileViews& files) {
  std::vector<TarEntry> entries;
  std::set<std::string_view> folders;
  entries.push_back({".", nullptr});
  for (const auto& [path, content] : files) {
    if (!IsCleanPath(path))
      return Fail(ErrorCode::kUsage, "no path of an archive: \"" + path + "\"");
    entries.push_back({path, &content});
    for (std::size_t slash = path.find('/'); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      folders.insert(std::string_view(path).substr(0, slash));
    }
  }
  for (const std::string_view folder : folders) {
    if (files.contains(std::string(folder))) {
      return Fail(ErrorCode::kUsage,
                  "both a file and a folder of an archive: \"" + std::string(folder) + "\"");
    }
    entries.push_back({folder, nullptr});
  }
  std::sort(entries.begin() + 1, entries.end(),
            [](const TarEntry& a, const TarEntry& b) { return WalkOrder(a.path, b.path); });
  return entries;
}

void WriteEntries(std::span<const TarEntry> entries, const ByteSink& sink) {
  Writer writer(sink);
  for (const TarEntry& entry : entries) {
    if (entry.content == nullptr) {
      writer.Folder(entry.path);
    } else {
      writer.File(entry.path, *entry.content);
    }
  }
}

void WriteEnd(const ByteSink& sink) { Writer(sink).End(); }

base::Result<void> WriteTar(const FileViews& files, const ByteSink& sink) {
  OC_TRY(const std::vector<TarEntry> entries, EntriesOf(files));
  WriteEntries(entries, sink);
  WriteEnd(sink);
  return {};
}

}  // namespace openchoreo::artifact
