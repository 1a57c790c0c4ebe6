// cmp_ask SOCKET FOLDER PATH SECONDS [NAME=VALUE...]: asks a plugin server as repo-server does.
//
// Sends FOLDER, links as links, as one archive, with PATH as the Application's folder in it, the
// variables as the request's environment and SECONDS as the call's deadline. Standard output: one
// manifest a line. A refusal: exit code 1, the status code's number and its message on standard
// error. The last line of standard error is "took MILLISECONDS".
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "argocd-cmp/proto/plugin.grpc.pb.h"
#include "common/base/sha256.h"
#include "test/support/archive_builder.h"

namespace {

namespace fs = std::filesystem;
using openchoreo::test::ArchiveEntry;

constexpr std::size_t kChunk = 1u << 20;

std::string Pack(const fs::path& folder) {
  std::vector<ArchiveEntry> entries;
  for (const auto& found : fs::recursive_directory_iterator(folder)) {
    ArchiveEntry entry;
    entry.name = found.path().lexically_relative(folder);
    if (found.is_symlink()) {
      entry.type = AE_IFLNK;
      entry.link = fs::read_symlink(found.path());
    } else if (found.is_directory()) {
      entry.type = AE_IFDIR;
    } else {
      std::ifstream in(found.path(), std::ios::binary);
      entry.bytes.assign(std::istreambuf_iterator<char>(in), {});
    }
    entries.push_back(std::move(entry));
  }
  std::sort(entries.begin(), entries.end(),
            [](const ArchiveEntry& a, const ArchiveEntry& b) { return a.name < b.name; });
  return openchoreo::test::BuildArchive(entries);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr, "usage: cmp_ask SOCKET FOLDER PATH SECONDS [NAME=VALUE...]\n");
    return 2;
  }
  const std::string archive = Pack(argv[2]);
  plugin::AppStreamRequest message;
  auto* metadata = message.mutable_metadata();
  metadata->set_appname("app");
  metadata->set_apprelpath(argv[3]);
  metadata->set_checksum(openchoreo::base::Sha256Hex(archive));
  metadata->set_size(static_cast<std::int64_t>(archive.size()));
  for (int i = 5; i < argc; ++i) {
    const std::string variable = argv[i];
    const std::size_t equals = std::min(variable.find('='), variable.size() - 1);
    auto* entry = metadata->add_env();
    entry->set_name(variable.substr(0, equals));
    entry->set_value(variable.substr(equals + 1));
  }

  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  auto stub = plugin::ConfigManagementPluginService::NewStub(grpc::CreateCustomChannel(
      std::string("unix:") + argv[1], grpc::InsecureChannelCredentials(), arguments));
  const auto begin = std::chrono::steady_clock::now();
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::milliseconds(static_cast<int>(1000 * std::atof(argv[4]))));
  plugin::ManifestResponse response;
  auto writer = stub->GenerateManifest(&context, &response);
  bool sent = writer->Write(message);
  for (std::size_t at = 0; at < archive.size() && sent; at += kChunk) {
    message.mutable_file()->set_chunk(archive.substr(at, kChunk));
    sent = writer->Write(message);
  }
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begin);
  for (const std::string& manifest : response.manifests()) std::printf("%s\n", manifest.c_str());
  if (!status.ok()) {
    std::fprintf(stderr, "%d %s\n", static_cast<int>(status.error_code()),
                 status.error_message().c_str());
  }
  std::fprintf(stderr, "took %lld\n", static_cast<long long>(took.count()));
  return status.ok() ? 0 : 1;
}
