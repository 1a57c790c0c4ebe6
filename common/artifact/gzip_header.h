// Inside of the archive reader: what a gzip member begins with.
#pragma once

#include <cstddef>
#include <string_view>

#include "common/base/result.h"

namespace openchoreo::artifact {

// How many of `bytes` are a member's header (RFC 1952); 0: it does not end in them. Errors
// (kUnreadableSource): they are none, its checksum is wrong, or it has 64 KiB or more.
base::Result<std::size_t> GzipHeaderSize(std::string_view bytes);

// What the reader of gzip says of a stream that is none.
tl::unexpected<base::Error> BrokenGzip(const char* why);

}  // namespace openchoreo::artifact
