#include "common/artifact/gzip_reader.h"

#include <isa-l/igzip_lib.h>

#include <array>
#include <string>
#include <utility>

#include "common/artifact/gzip_header.h"

namespace openchoreo::artifact {

using base::Fail;

namespace {

constexpr char kGzipBegins = '\x1f';
constexpr std::size_t kMostAtOnce = 64u << 20;  // the library counts in 32 bits

}  // namespace

struct GzipReader::Inflater {
  inflate_state state;
  bool in_member = false;
  std::array<char, 128 << 10> out;
};

GzipReader::GzipReader(const ByteSource& source) : source_(source) {}

GzipReader::~GzipReader() = default;

base::Result<void> GzipReader::Refill() {
  if (!piece_.empty() || ended_) return {};
  auto piece = source_();
  if (!piece || piece->empty()) ended_ = true;
  if (!piece) return Fail(std::move(piece).error());
  piece_ = *piece;
  taken_ += piece_.size();
  return {};
}

base::Result<std::string_view> GzipReader::Next() {
  OC_TRY_DONE(Refill());
  if (form_ == Form::kUnknown) {
    form_ = !piece_.empty() && piece_.front() == kGzipBegins ? Form::kGzip : Form::kPlain;
  }
  if (form_ == Form::kGzip) return Inflate();
  given_ += piece_.size();
  return std::exchange(piece_, {});
}

// Whether one more member begins; its header may lie in several pieces.
base::Result<bool> GzipReader::BeginMember() {
  if (piece_.empty() || piece_.front() != kGzipBegins) return false;
  std::string header;
  for (;;) {
    OC_TRY(const std::size_t size, GzipHeaderSize(header.empty() ? piece_ : header));
    if (size != 0) {
      piece_.remove_prefix(header.empty() ? size : piece_.size() - (header.size() - size));
      return true;
    }
    if (header.empty()) header = piece_;
    piece_ = {};
    OC_TRY_DONE(Refill());
    if (piece_.empty()) return BrokenGzip("it is cut off");
    header.append(piece_);
  }
}

base::Result<std::string_view> GzipReader::Inflate() {
  if (!inflater_) inflater_ = std::make_unique_for_overwrite<Inflater>();
  inflate_state& state = inflater_->state;
  for (;;) {
    OC_TRY_DONE(Refill());
    if (!inflater_->in_member) {
      OC_TRY(const bool begun, BeginMember());
      if (!begun) return std::string_view();
      OC_TRY_DONE(Refill());
      isal_inflate_init(&state);
      state.crc_flag = ISAL_GZIP_NO_HDR_VER;
      inflater_->in_member = true;
    }
    const std::string_view offered = piece_.substr(0, kMostAtOnce);
    state.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(offered.data()));
    state.avail_in = static_cast<std::uint32_t>(offered.size());
    state.next_out = reinterpret_cast<std::uint8_t*>(inflater_->out.data());
    state.avail_out = static_cast<std::uint32_t>(inflater_->out.size());
    const int code = isal_inflate(&state);
    if (code < 0) {
      return BrokenGzip(code == ISAL_INCORRECT_CHECKSUM ? "wrong checksum" : "invalid data");
    }
    const std::size_t used = offered.size() - state.avail_in;
    const std::size_t made = inflater_->out.size() - state.avail_out;
    piece_.remove_prefix(used);
    given_ += made;
    inflater_->in_member = state.block_state != ISAL_BLOCK_FINISH;
    if (made != 0) return std::string_view(inflater_->out.data(), made);
    if (used == 0 && inflater_->in_member) {
      return BrokenGzip(offered.empty() ? "it is cut off" : "invalid data");
    }
  }
}

base::Result<void> GzipReader::PassRest() {
  while (!ended_) {
    piece_ = {};
    OC_TRY_DONE(Refill());
  }
  return {};
}

}  // namespace openchoreo::artifact
