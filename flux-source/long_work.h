// Tells of work that takes long, while it takes long.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

namespace openchoreo::flux {

// Thread-safe.
class LongWork {
 public:
  explicit LongWork(std::chrono::milliseconds after = std::chrono::milliseconds(1'000));
  ~LongWork();
  LongWork(const LongWork&) = delete;
  LongWork& operator=(const LongWork&) = delete;

 private:
  struct Entry {
    std::chrono::steady_clock::time_point when;
    std::function<void()> tell;
    std::mutex mutex;  // held while it tells
    bool told = false, ended = false;
  };

 public:
  // One piece of work. Not thread-safe.
  class Piece {
   public:
    // `tell` is called on another thread, at most once, if the piece lives longer than that.
    Piece(LongWork& all, std::function<void()> tell);
    ~Piece();
    Piece(const Piece&) = delete;
    Piece& operator=(const Piece&) = delete;

    // The work is over; afterwards nothing is told any more. Whether it was.
    bool End();

   private:
    LongWork& all_;
    std::shared_ptr<Entry> entry_;
  };

 private:
  void Run();

  const std::chrono::milliseconds after_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<std::shared_ptr<Entry>> entries_;  // the oldest first
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace openchoreo::flux
