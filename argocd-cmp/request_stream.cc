#include "argocd-cmp/request_stream.h"

#include <optional>
#include <utility>

#include "argocd-cmp/proto/plugin.grpc.pb.h"
#include "common/source/memory_tree.h"

namespace openchoreo::argocd {

using base::ErrorCode;
using base::Fail;

namespace {

// One message after the other out of the batches a source gives.
class Messages {
 public:
  explicit Messages(MessageSource& source) : source_(source) {}

  // Null at the end. The message is valid until the next call.
  base::Result<const plugin::AppStreamRequest*> Next() {
    if (at_ == batch_.size()) {
      OC_TRY(batch_, source_.Next());
      at_ = 0;
      if (batch_.empty()) return nullptr;
    }
    grpc::Status parsed =
        grpc::SerializationTraits<plugin::AppStreamRequest>::Deserialize(&batch_[at_++], &message_);
    if (!parsed.ok())
      return Fail(ErrorCode::kUnreadableSource, "a message of the stream cannot be parsed");
    return &message_;
  }

 private:
  MessageSource& source_;
  std::vector<grpc::ByteBuffer> batch_;
  std::size_t at_ = 0;
  plugin::AppStreamRequest message_;
};

// The archive's bytes: checked, counted, and kept where asked.
class ArchiveBytes {
 public:
  ArchiveBytes(Messages& messages, std::int64_t announced, std::size_t keep)
      : messages_(messages), announced_(announced), keep_(keep) {}

  base::Result<std::string_view> Next() {
    for (;;) {
      OC_TRY(const plugin::AppStreamRequest* message, messages_.Next());
      if (message == nullptr) return std::string_view{};
      if (!message->has_file()) {
        misused_ = true;
        return Fail(ErrorCode::kUnreadableSource,
                    "the stream holds something else than file pieces after its metadata");
      }
      std::string_view chunk = message->file().chunk();
      if (chunk.empty()) continue;
      hash_.Update(chunk);
      bytes_ += static_cast<std::int64_t>(chunk.size());
      if (keep_ > 0) {
        if (kept_.size() + chunk.size() <= keep_) {
          kept_.append(chunk);
        } else {
          keep_ = 0;
          kept_ = {};
        }
      }
      return chunk;
    }
  }

  base::Result<bool> Check(const std::string& checksum) {
    if (announced_ != 0 && bytes_ != announced_) {
      return Fail(ErrorCode::kUnreadableSource,
                  "file checksum validation error: " + std::to_string(bytes_) +
                      " bytes arrived of the " + std::to_string(announced_) + " announced");
    }
    if (base::Hex(hash_.Finish()) != checksum) {
      return Fail(ErrorCode::kUnreadableSource, "file checksum validation error");
    }
    return true;
  }

  // The client broke the protocol: the bytes say nothing about the archive.
  bool misused() const { return misused_; }

  std::shared_ptr<const std::string> TakeKept() {
    if (keep_ == 0) return nullptr;
    return std::make_shared<const std::string>(std::move(kept_));
  }

 private:
  Messages& messages_;
  std::int64_t announced_;
  std::size_t keep_;
  std::string kept_;
  base::Sha256Stream hash_;
  std::int64_t bytes_ = 0;
  bool misused_ = false;
};

base::Result<RequestMetadata> Metadata(const plugin::ManifestRequestMetadata& message,
                                       std::size_t max_bytes) {
  RequestMetadata metadata;
  auto path = artifact::CleanRelativePath(message.apprelpath());
  if (!path) return Fail(ErrorCode::kUsage, "illegal appPath: out of workDir bound");
  metadata.app_path = *std::move(path);
  std::size_t bytes = 0;
  for (const plugin::EnvEntry& entry : message.env()) {
    bytes += entry.name().size() + entry.value().size();
    if (bytes > max_bytes) {
      return Fail(ErrorCode::kLimit,
                  "the environment has more than " + std::to_string(max_bytes) + " bytes");
    }
    metadata.environment.emplace_back(entry.name(), entry.value());
  }
  return metadata;
}

}  // namespace

base::Result<Request> Receive(
    MessageSource& source, source::ContentStore& contents, const ReceiveOptions& options,
    const std::function<base::Result<FileFilter>(const RequestMetadata&)>& plan) {
  Messages messages(source);
  OC_TRY(const plugin::AppStreamRequest* first, messages.Next());
  if (first == nullptr || !first->has_metadata()) {
    return Fail(ErrorCode::kUnreadableSource, "the stream does not begin with its metadata");
  }
  Request request;
  OC_TRY(request.metadata, Metadata(first->metadata(), options.max_environment_bytes));
  const std::string checksum = first->metadata().checksum();
  OC_TRY(FileFilter wanted, plan(request.metadata));

  ArchiveBytes bytes(messages, first->metadata().size(), options.keep_archive_bytes);
  artifact::TarLimits limits = options.limits;
  limits.keep_start_of_large = true;  // an error where it speaks of OpenChoreo, else a note
  artifact::TarVisitor visitor;
  visitor.wanted = [&](std::string_view name, std::uint64_t) { return wanted(name); };
  visitor.file = [&](std::string name, std::string data) {
    request.files.push_back(contents.Intern(std::move(name), std::move(data)));
  };
  auto summary = artifact::ReadTar([&] { return bytes.Next(); }, limits, visitor);
  if (!summary) {
    base::Error error = std::move(summary).error();
    if (error.code == ErrorCode::kCancelled || bytes.misused()) return Fail(std::move(error));
    // A damaged transfer shows as a broken archive: find out which it is.
    for (;;) {
      auto rest = bytes.Next();
      if (!rest) return Fail(std::move(error));
      if (rest->empty()) break;
    }
    OC_TRY(bool intact, bytes.Check(checksum));
    (void)intact;
    return Fail(std::move(error));
  }
  OC_TRY(bool intact, bytes.Check(checksum));
  (void)intact;
  request.archive = *summary;
  request.archive_bytes = bytes.TakeKept();
  source::SortFiles(request.files);
  return request;
}

}  // namespace openchoreo::argocd
