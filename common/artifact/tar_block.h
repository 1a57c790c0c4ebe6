// Inside of archives: where a tar's header block has what the writer puts there and the reader
// looks for. POSIX's ustar, and what GNU and star add to it.
#pragma once

#include <cstddef>
#include <string_view>

namespace openchoreo::artifact::tar {

constexpr std::size_t kBlock = 512;

struct Field {
  std::size_t at, size;

  std::string_view Of(std::string_view block) const { return block.substr(at, size); }
};

constexpr Field kName{0, 100}, kMode{100, 8}, kUid{108, 8}, kGid{116, 8}, kSize{124, 12},
    kTime{136, 12}, kChecksum{148, 8}, kType{156, 1}, kLink{157, 100}, kMagic{257, 6},
    kVersion{263, 2}, kDevMajor{329, 8}, kDevMinor{337, 8}, kPrefix{345, 155};
constexpr Field kStarPrefix{345, 131}, kStarMark{508, 4};
// Of a sparse file: whether its map goes on, in a header and in a block of the map.
constexpr Field kSparseGoesOn{482, 1}, kMapGoesOn{504, 1};

constexpr std::string_view kUstar("ustar\0", 6);  // in kMagic

}  // namespace openchoreo::artifact::tar
