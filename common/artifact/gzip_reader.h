// Inside of the archive reader: what arrives compressed, inflated as it arrives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "common/artifact/byte_source.h"
#include "common/base/result.h"

namespace openchoreo::artifact {

// Reads gzip members one after the other, as Go's compress/gzip does; what does not begin like one
// is passed on as it is, at the beginning, and ends the stream, later on. Holds 0.3 MiB. Not
// thread-safe.
class GzipReader {
 public:
  // `source` outlives the reader.
  explicit GzipReader(const ByteSource& source);
  ~GzipReader();
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;

  // The next inflated bytes, valid until the next call; empty: the end. Errors: kUnreadableSource
  // (not gzip, cut off, a wrong checksum), and whatever the source returned.
  base::Result<std::string_view> Next();

  // Takes the rest of the source without inflating it.
  base::Result<void> PassRest();

  // Whether what was read begins like gzip.
  bool compressed() const { return form_ == Form::kGzip; }

  std::uint64_t bytes_taken() const { return taken_; }

  std::uint64_t bytes_given() const { return given_; }

 private:
  enum class Form : std::uint8_t { kUnknown, kGzip, kPlain };
  struct Inflater;

  base::Result<void> Refill();
  base::Result<bool> BeginMember();
  base::Result<std::string_view> Inflate();

  const ByteSource& source_;
  std::string_view piece_;  // what is left of it
  bool ended_ = false;      // the source
  Form form_ = Form::kUnknown;
  std::uint64_t taken_ = 0, given_ = 0;
  std::unique_ptr<Inflater> inflater_;
};

}  // namespace openchoreo::artifact
