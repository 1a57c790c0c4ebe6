// Any bytes as an API server's answers: a watch, read in pieces or at once, tells the same; a list
// ends in objects or an error; what is kept for long is what was read.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/platform/kube/answer.h"
#include "common/platform/kube/live.h"
#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"
#include "test/fuzz/require.h"

namespace {

using namespace openchoreo;

class Told final : public kube::WatchSink {
 public:
  void Changed(const value::Value& object) override { Take("+", object); }

  void Gone(const value::Value& object) override { Take("-", object); }

  void Reached(std::string_view version) override { lines.push_back("@" + std::string(version)); }

  std::vector<std::string> lines;

 private:
  void Take(const char* sign, const value::Value& object) {
    const std::string text = value::ToJson(object);
    Require(!object.Get("metadata", "name").string_or_empty().empty(), "an object without a name");
    Require(value::ToJson(kube::Live::Copy(object).object()) == text, "a copy is another object");
    lines.push_back(sign + text);
  }
};

struct Outcome {
  std::vector<std::string> lines;
  bool expired;
  base::ErrorCode code;
};

Outcome Watch(std::string_view text, std::size_t piece, const value::FieldMask& mask) {
  static const kube::Resource kThings{"g.io", "v1", "things", "Thing", true};
  Told told;
  kube::WatchReader reader(kThings, mask, 1u << 16, told);
  for (std::size_t at = 0; at < text.size(); at += piece) {
    if (!reader.Take(text.substr(at, piece))) break;
  }
  return {std::move(told.lines), reader.expired(), reader.error().code};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  kube::Selector selector;
  selector.keep = std::make_shared<value::FieldMask>(
      value::FieldMask::Without({"/metadata/managedFields", "/spec/template"}));
  const value::FieldMask mask = kube::MaskOf(selector);
  const Outcome whole = Watch(text, size + 1, mask);
  for (std::size_t piece : {1, 7}) {
    const Outcome pieces = Watch(text, piece, mask);
    Require(
        pieces.lines == whole.lines && pieces.expired == whole.expired && pieces.code == whole.code,
        "what a watch tells depends on how it is cut");
  }
  Require(!(whole.expired && whole.code != base::ErrorCode::kNone), "expired and an error");
  static const kube::Resource kThings{"g.io", "v1", "things", "Thing", true};
  std::size_t items = 0;
  const auto page = kube::ReadList(text, kThings, mask, [&](const value::Value& item) {
    ++items;
    Require(item.Get("kind").string_or_empty() == "Thing", "an item without its kind");
  });
  Require(items <= size, "more items than bytes");
  if (!page) Require(!page.error().message.empty(), "an error that says nothing");
  http::Reply reply;
  reply.status = size > 0 ? 400 + data[0] % 200 : 500;
  reply.body = text;
  Require(kube::ErrorOf(reply, "what: ").message.starts_with("what: "),
          "an error without its call");
  return 0;
}
