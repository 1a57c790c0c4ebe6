// What judging live objects costs beside reading them.
//
//   health_benchmark FILE.jsonl [ROUNDS]
//
// FILE has lines with an `object` (test/conformance/health/resource.jsonl). 30,000 objects are made
// of them; prints the best of ROUNDS (5) for reading their bytes into values, and for reading and
// judging them in each mode.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "common/health/rules.h"
#include "common/value/json_reader.h"
#include "common/value/json_writer.h"
#include "common/value/unbudgeted.h"

namespace {

using namespace openchoreo;

constexpr std::size_t kObjects = 30'000;

std::vector<std::string> ReadObjects(const char* path) {
  std::vector<std::string> objects;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    base::Arena arena;
    const auto json = value::ReadJson(line, arena);
    if (json && json->Get("object").is_map()) objects.push_back(value::ToJson(json->Get("object")));
  }
  const std::size_t given = objects.size();
  for (std::size_t i = 0; given > 0 && objects.size() < kObjects; ++i) {
    objects.push_back(objects[i % given]);
  }
  return objects;
}

double Best(int rounds, const std::function<void()>& work) {
  double best = 1e9;
  for (int i = 0; i < rounds; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    best = std::min(best, taken.count());
  }
  return best;
}

// Seconds to read all, and to judge each as it was read.
double Measure(const std::vector<std::string>& objects, int rounds, const health::Terms* terms) {
  std::size_t seen = 0;
  const double best = Best(rounds, [&] {
    base::Arena arena;
    for (const std::string& text : objects) {
      arena.Reset();
      const auto object = value::ReadJson(text, arena);
      if (!object) continue;
      seen += object->size();
      if (!terms) continue;
      const health::Judgement verdict =
          health::JudgeObject(object->Get("apiVersion").string_or_empty(),
                              object->Get("kind").string_or_empty(), *object, *terms);
      seen += static_cast<std::size_t>(verdict.state);
    }
  });
  if (seen == 0) std::abort();
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: health_benchmark FILE.jsonl [ROUNDS]\n");
    return 2;
  }
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
  const std::vector<std::string> objects = ReadObjects(argv[1]);
  if (objects.size() < kObjects || rounds < 1) {
    std::fprintf(stderr, "no objects in %s\n", argv[1]);
    return 1;
  }
  const base::Instant now{1777888800, 0};
  const health::Terms upstream{health::Mode::kUpstream, health::Version::kV1, now};
  const health::Terms strict{health::Mode::kStrict, health::Version::kV1, now};
  const double read = Measure(objects, rounds, nullptr);
  std::printf("read                  %7.1f ms\n", read * 1e3);
  for (const auto& [name, terms] :
       {std::pair("read, judge upstream", &upstream), std::pair("read, judge strict  ", &strict)}) {
    const double taken = Measure(objects, rounds, terms);
    std::printf("%s  %7.1f ms  %.2f x\n", name, taken * 1e3, taken / read);
  }
  return 0;
}
