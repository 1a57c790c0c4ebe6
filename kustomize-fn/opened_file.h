// A file opened again to find places in it: read once for all places that follow one another.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/arena.h"
#include "common/yaml/locator.h"
#include "common/yaml/reader.h"

namespace openchoreo::kustomize_fn {

// Not thread-safe.
class OpenedFile {
 public:
  // `text` is not null.
  explicit OpenedFile(std::shared_ptr<const std::string> text)
      : text_(std::move(text)), locator_(*text_) {}

  OpenedFile(const OpenedFile&) = delete;
  OpenedFile& operator=(const OpenedFile&) = delete;

  // Those that can be read, in order.
  const std::vector<yaml::Document>& documents();

  yaml::Location Find(const base::Place& place) { return locator_.Find(place); }

 private:
  std::shared_ptr<const std::string> text_;
  yaml::Locator locator_;
  base::Arena arena_;
  std::optional<yaml::ReadResult> read_;
};

}  // namespace openchoreo::kustomize_fn
