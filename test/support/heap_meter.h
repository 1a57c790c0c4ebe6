// What the program holds from the heap, and the most it has held. A program that links
// heap_meter.cc has operator new counted. One thread at a time.
#pragma once

#include <cstddef>

namespace openchoreo {

class HeapMeter {
 public:
  static std::size_t held();

  // The most since the last Restart.
  static std::size_t peak();

  static void Restart();
};

}  // namespace openchoreo
