// The whole way of a plugin request, from the stream's messages to the encoded answer. The first
// byte says what the rest is: 0 messages as they come off the wire (each after its 2-byte length),
// 1 an archive, 2 parameters (first line) and one YAML file. Whatever it is ends in an answer or a
// refusal.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "argocd-cmp/generation.h"
#include "argocd-cmp/proto/plugin.grpc.pb.h"
#include "common/base/sha256.h"
#include "common/base/utf8.h"
#include "test/support/archive_builder.h"

namespace {

using namespace openchoreo;

class Messages final : public argocd::MessageSource {
 public:
  void Add(std::string_view bytes) {
    grpc::Slice slice(bytes.data(), bytes.size());
    messages_.emplace_back(&slice, 1);
  }

  base::Result<std::vector<grpc::ByteBuffer>> Next() override {
    return std::exchange(messages_, {});
  }

 private:
  std::vector<grpc::ByteBuffer> messages_;
};

void AddArchive(Messages& messages, const std::string& archive, std::string_view parameters) {
  plugin::AppStreamRequest message;
  auto* metadata = message.mutable_metadata();
  metadata->set_apprelpath(".");
  metadata->set_checksum(base::Sha256Hex(archive));
  auto* env = metadata->add_env();
  env->set_name("ARGOCD_APP_PARAMETERS");
  env->set_value(std::string(parameters));
  messages.Add(message.SerializeAsString());
  message.mutable_file()->set_chunk(archive);
  messages.Add(message.SerializeAsString());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view rest(reinterpret_cast<const char*>(data + 1), size - 1);
  Messages messages;
  switch (data[0] % 3) {
    case 0:
      while (rest.size() >= 2) {
        std::size_t length = static_cast<unsigned char>(rest[0]) |
                             static_cast<std::size_t>(static_cast<unsigned char>(rest[1])) << 8;
        messages.Add(rest.substr(2, length));
        rest.remove_prefix(std::min(rest.size(), length + 2));
      }
      break;
    case 1:
      AddArchive(messages, std::string(rest), "");
      break;
    default: {
      std::size_t line = rest.find('\n');
      if (line == std::string_view::npos) return 0;
      // Protobuf takes no other text than UTF-8.
      std::string_view parameters = rest.substr(0, line);
      if (!base::IsValidUtf8(parameters)) parameters = "";
      AddArchive(messages, test::BuildArchive({{"a.yaml", std::string(rest.substr(line + 1))}}),
                 parameters);
    }
  }

  static source::ContentStore contents;
  static argocd::GitSources git({}, &contents);
  static process::KustomizeBuild kustomize("", "/nowhere", {});
  argocd::GenerationOptions options;
  options.response_cache_bytes = 1u << 20;
  options.renderer_cache_bytes = 4u << 20;
  static argocd::Generation generation(options, &git, &kustomize);
  argocd::ReceiveOptions limits;
  limits.limits.max_inflated_bytes = 16u << 20;
  argocd::Parameters parameters;
  auto request = argocd::Receive(
      messages, contents, limits,
      [&](const argocd::RequestMetadata& metadata) -> base::Result<argocd::FileFilter> {
        OC_TRY(parameters, argocd::ReadParameters(metadata.environment));
        return generation.WantedFiles(metadata, parameters);
      });
  if (!request) return 0;
  generation.TakeInventory(*request, parameters);
  auto question = generation.Prepare(*request, parameters, {});
  auto refused = question ? std::string() : question.error().text;
  if (question) {
    auto generated = generation.Answer(*question, parameters, {});
    if (!generated) refused = generated.error().text;
  }
  if (!base::IsValidUtf8(refused)) std::abort();  // gRPC would refuse the status
  return 0;
}
