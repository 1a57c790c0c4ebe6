// A file descriptor with an owner.
#pragma once

#include <unistd.h>

#include <utility>

namespace openchoreo::process {

// An open file descriptor, closed when it goes; -1: none.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}

  Descriptor(Descriptor&& other) noexcept : fd_(other.Release()) {}

  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      Close();
      fd_ = other.Release();
    }
    return *this;
  }

  ~Descriptor() { Close(); }

  int get() const { return fd_; }

  bool open() const { return fd_ >= 0; }

  int Release() { return std::exchange(fd_, -1); }

  void Close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_;
};

}  // namespace openchoreo::process
