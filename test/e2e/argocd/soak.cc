// soak SOCKET TREE SECONDS CLIENTS: many clients that treat the plugin as a busy, faulty Argo CD
// would.
//
// TREE is a folder made by test/benchmark/gen_tree.py with one project. Each request sends a part
// of it in which the project has a name of its own, so that every manifest of an answer says whose
// it is. Some requests are cancelled, cut off, damaged or given a deadline that cannot be met. The
// server may be killed and started again at any time.
//
// Fails (exit code 1) on an answer that is not the answer to its request: manifests of another
// tree, another number of them, other bytes than before, or a refusal where nothing was wrong.
// Prints counts as one line of JSON.
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "argocd-cmp/proto/plugin.grpc.pb.h"
#include "common/base/sha256.h"
#include "test/support/archive_builder.h"

namespace {

using namespace std::chrono_literals;
using openchoreo::test::ArchiveEntry;
using Clock = std::chrono::steady_clock;

constexpr const char* kName = "project-00";
constexpr int kTrees = 200;

struct File {
  std::string path, text;
};

std::vector<File> ReadTree(const std::string& folder) {
  std::vector<File> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    files.push_back({std::filesystem::relative(entry.path(), folder).string(), text.str()});
  }
  std::sort(files.begin(), files.end(),
            [](const File& a, const File& b) { return a.path < b.path; });
  return files;
}

std::string Replaced(std::string text, const std::string& name) {
  for (std::size_t at = text.find(kName); at != std::string::npos;
       at = text.find(kName, at + name.size())) {
    text.replace(at, std::string_view(kName).size(), name);
  }
  return text;
}

// Tree number `id`: the first few components, its own project name.
struct Tree {
  std::string name, archive;
  int bindings = 0;
};

Tree MakeTree(const std::vector<File>& files, int id) {
  Tree tree;
  char name[32];
  std::snprintf(name, sizeof name, "tenant-%03d-x", id);
  tree.name = name;
  int components = 1 + id % 7;
  std::vector<ArchiveEntry> entries;
  for (const File& file : files) {
    std::size_t at = file.path.find("/components/");
    if (at != std::string::npos) {
      // .../components/svc-00-NNN/...
      int number = std::atoi(file.path.c_str() + at + 12 + 7);
      if (number >= components) continue;
      if (file.path.find("/binding-") != std::string::npos) ++tree.bindings;
    }
    entries.push_back({Replaced(file.path, tree.name), Replaced(file.text, tree.name)});
  }
  tree.archive = openchoreo::test::BuildArchive(entries);
  return tree;
}

struct Counts {
  std::atomic<long> asked{0}, answered{0}, refused{0}, unavailable{0}, cancelled{0}, wrong{0};
};

class Soak {
 public:
  Soak(std::string socket, const std::vector<File>& files) : socket_(std::move(socket)) {
    for (int id = 0; id < kTrees; ++id) trees_.push_back(MakeTree(files, id));
  }

  void Client(unsigned seed, Clock::time_point end) {
    std::mt19937 random(seed);
    std::unique_ptr<plugin::ConfigManagementPluginService::Stub> stub;
    for (int n = 0; Clock::now() < end; ++n) {
      if (!stub || n % 20 == 0) stub = Connect();
      if (!Ask(*stub, random)) {
        stub = nullptr;
        std::this_thread::sleep_for(50ms);
      }
    }
  }

  Counts counts;

 private:
  std::unique_ptr<plugin::ConfigManagementPluginService::Stub> Connect() {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 200);
    return plugin::ConfigManagementPluginService::NewStub(grpc::CreateCustomChannel(
        "unix:" + socket_, grpc::InsecureChannelCredentials(), arguments));
  }

  void Wrong(const std::string& what) {
    ++counts.wrong;
    std::fprintf(stderr, "wrong: %s\n", what.c_str());
  }

  // False if the server was not there.
  bool Ask(plugin::ConfigManagementPluginService::Stub& stub, std::mt19937& random) {
    enum Fault { kNone, kCancel, kDeadline, kTruncate, kDamage, kBadParameter };

    int dice = static_cast<int>(random() % 100);
    Fault fault = dice < 70   ? kNone
                  : dice < 76 ? kCancel
                  : dice < 82 ? kDeadline
                  : dice < 88 ? kTruncate
                  : dice < 94 ? kDamage
                              : kBadParameter;
    const Tree& tree = trees_[random() % trees_.size()];
    std::size_t chunk = random() % 2 == 0 ? 1024 : 1u << 20;
    ++counts.asked;

    grpc::ClientContext context;
    context.set_deadline(
        std::chrono::system_clock::now() +
        (fault == kDeadline ? std::chrono::milliseconds(1 + random() % 120) : 60s));
    plugin::ManifestResponse response;
    auto writer = stub.GenerateManifest(&context, &response);
    plugin::AppStreamRequest message;
    auto* metadata = message.mutable_metadata();
    metadata->set_appname("soak");
    metadata->set_apprelpath(".");
    metadata->set_checksum(openchoreo::base::Sha256Hex(tree.archive));
    metadata->set_size(static_cast<std::int64_t>(tree.archive.size()));
    auto* env = metadata->add_env();
    env->set_name("ARGOCD_APP_NAME");
    env->set_value(tree.name);
    if (fault == kBadParameter) {
      env = metadata->add_env();
      env->set_name("ARGOCD_APP_PARAMETERS");
      env->set_value(R"([{"name":"nonsense","string":"x"}])");
    }
    std::string bytes = tree.archive;
    if (fault == kTruncate) bytes.resize(random() % bytes.size());
    if (fault == kDamage) bytes[random() % bytes.size()] ^= static_cast<char>(1 + random() % 255);
    bool sending = writer->Write(message);
    for (std::size_t at = 0; at < bytes.size() && sending; at += chunk) {
      if (fault == kCancel && random() % 4 == 0) break;
      message.mutable_file()->set_chunk(bytes.substr(at, chunk));
      sending = writer->Write(message);
    }
    if (fault == kCancel) {
      if (random() % 2 == 0) writer->WritesDone();
      context.TryCancel();
    } else {
      writer->WritesDone();
    }
    grpc::Status status = writer->Finish();
    return Judge(tree, fault == kNone, fault == kCancel, fault == kDeadline, status, response);
  }

  bool Judge(const Tree& tree, bool sound, bool cancel, bool deadline, const grpc::Status& status,
             const plugin::ManifestResponse& response) {
    if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
      ++counts.unavailable;  // killed or stopped
      return false;
    }
    if (status.error_code() == grpc::StatusCode::CANCELLED ||
        status.error_code() == grpc::StatusCode::UNKNOWN ||
        status.error_code() == grpc::StatusCode::INTERNAL) {
      // Cancelled by us, or the connection broke when the server was killed.
      if (!cancel && status.error_message().find("tream removed") == std::string::npos &&
          status.error_message().find("RST_STREAM") == std::string::npos &&
          status.error_message() != "CANCELLED") {  // gRPC's own word where a server went away
        Wrong(status.error_message());
      }
      ++counts.cancelled;
      return true;
    }
    if (!status.ok()) {
      ++counts.refused;
      bool late = status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
      if (sound || (late && !deadline)) Wrong(tree.name + ": " + status.error_message());
      return true;
    }
    ++counts.answered;
    if (!sound && !cancel && !deadline) Wrong(tree.name + ": an answer to a damaged request");
    Check(tree, response);
    return true;
  }

  void Check(const Tree& tree, const plugin::ManifestResponse& response) {
    std::string all;
    for (const std::string& manifest : response.manifests()) {
      for (std::size_t at = manifest.find("tenant-"); at != std::string::npos;
           at = manifest.find("tenant-", at + 1)) {
        if (manifest.compare(at, tree.name.size(), tree.name) != 0) {
          return Wrong(tree.name + " was shown " + manifest.substr(at, 16));
        }
      }
      all += manifest;
      all += '\n';
    }
    if (response.manifests_size() < tree.bindings || all.find(tree.name) == std::string::npos) {
      return Wrong(tree.name + ": " + std::to_string(response.manifests_size()) + " manifests");
    }
    std::string digest = openchoreo::base::Sha256Hex(all);
    std::lock_guard lock(mutex_);
    auto [known, added] = digests_.emplace(tree.name, digest);
    if (!added && known->second != digest) Wrong(tree.name + ": other bytes than before");
  }

  std::string socket_;
  std::vector<Tree> trees_;
  std::mutex mutex_;
  std::map<std::string, std::string> digests_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: soak SOCKET TREE SECONDS CLIENTS\n");
    return 2;
  }
  Soak soak(argv[1], ReadTree(argv[2]));
  auto end = Clock::now() + std::chrono::seconds(std::atoi(argv[3]));
  std::vector<std::thread> clients;
  for (int i = 0; i < std::atoi(argv[4]); ++i) {
    clients.emplace_back([&soak, i, end] { soak.Client(static_cast<unsigned>(i), end); });
  }
  for (std::thread& client : clients) client.join();
  const Counts& c = soak.counts;
  std::printf(
      "{\"asked\":%ld,\"answered\":%ld,\"refused\":%ld,\"cancelled\":%ld,\"unavailable\":%ld,"
      "\"wrong\":%ld}\n",
      c.asked.load(), c.answered.load(), c.refused.load(), c.cancelled.load(), c.unavailable.load(),
      c.wrong.load());
  return c.wrong == 0 && c.answered > 0 ? 0 : 1;
}
