// The stream of one request: a metadata message, then the repository's tar.gz in pieces, inflated,
// hashed and filtered as they arrive. Follows argo-cd util/cmp/stream.go; nothing is written to
// disk.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "argocd-cmp/call.h"
#include "argocd-cmp/parameters.h"
#include "common/artifact/tar_reader.h"
#include "common/base/result.h"
#include "common/source/content_store.h"

namespace openchoreo::argocd {

struct RequestMetadata {
  std::string app_path;  // clean, relative to the archive's root; "" is the root
  Environment environment;
};

struct Request {
  RequestMetadata metadata;
  std::vector<source::SourceFile> files;  // sorted; those the filter wanted
  artifact::TarSummary archive;
  std::shared_ptr<const std::string> archive_bytes;  // the tar.gz itself, if it was to be kept
};

// Which files of the archive to keep; made once the metadata is known.
using FileFilter = std::function<bool(std::string_view path)>;

struct ReceiveOptions {
  artifact::TarLimits limits;
  std::size_t max_environment_bytes = 4u << 20;
  // Keep the tar.gz up to this size (0: never), for what has to be unpacked after all.
  std::size_t keep_archive_bytes = 0;
};

// Reads `source` to its end. Errors: kUnreadableSource ("file checksum validation error" where the
// bytes are not those announced, else what is wrong with stream or archive), kLimit, kCancelled,
// and what `plan` returns.
base::Result<Request> Receive(
    MessageSource& source, source::ContentStore& contents, const ReceiveOptions& options,
    const std::function<base::Result<FileFilter>(const RequestMetadata&)>& plan);

}  // namespace openchoreo::argocd
