// Nanoseconds per compilation and evaluation of CEL expressions, and heap allocations per
// evaluation.
//
// usage: cel_benchmark FILE     FILE: {"vars": {...}, "exprs": [{"name", "expr"}]}; prints JSON as
// celgo does
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <new>
#include <sstream>
#include <string>
#include <vector>

#include "common/cel/program.h"
#include "common/value/json_reader.h"
#include "common/value/map_builder.h"

namespace {

std::size_t g_allocations = 0;

}  // namespace

void* operator new(std::size_t size) {
  ++g_allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept { std::free(memory); }

void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

using namespace openchoreo;  // NOLINT: a program of one file

double MedianNanoseconds(const std::function<void()>& call) {
  using Clock = std::chrono::steady_clock;
  constexpr int kRounds = 9;
  constexpr auto kBudget = std::chrono::milliseconds(5);
  const auto time = [&](std::size_t calls) {
    const auto start = Clock::now();
    for (std::size_t i = 0; i < calls; ++i) call();
    return Clock::now() - start;
  };
  call();
  std::size_t calls = 1;
  while (time(calls) < kBudget && calls < (std::size_t{1} << 24)) calls *= 4;
  std::vector<double> rounds;
  for (int round = 0; round < kRounds; ++round) {
    const auto spent = std::chrono::duration_cast<std::chrono::nanoseconds>(time(calls));
    rounds.push_back(static_cast<double>(spent.count()) / static_cast<double>(calls));
  }
  std::nth_element(rounds.begin(), rounds.begin() + kRounds / 2, rounds.end());
  return rounds[kRounds / 2];
}

int Run(const char* path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  base::Arena document;
  const auto json = value::ReadJson(text.str(), document);
  if (!json || !json->Get("vars").is_map() || !json->Get("exprs").is_list()) {
    std::fprintf(stderr, "%s: no benchmark file\n", path);
    return 2;
  }
  const value::Value vars = value::NumbersAsDoubles(document, json->Get("vars"));
  std::vector<std::string> names;
  std::vector<value::Value> slots;
  for (const value::MapEntry& entry : vars.as_map()) {
    names.emplace_back(entry.key.as_string());
    slots.push_back(entry.value);
  }
  const cel::Environment environment(std::move(names), cel::Macros::kComponentV1);
  const base::RenderLimits limits;
  std::printf("[");
  const char* separator = "";
  for (const value::Value& item : json->Get("exprs").as_list()) {
    const std::string name(item.Get("name").string_or_empty());
    const std::string expr(item.Get("expr").string_or_empty());
    const auto program = cel::Compile(expr, environment);
    if (!program) {
      std::fprintf(stderr, "%s: %s\n", name.c_str(), program.error().message.c_str());
      return 1;
    }
    base::Arena arena(1 << 16);
    bool failed = false;
    const auto evaluate = [&] {
      arena.Reset();
      failed = !(*program)->Evaluate(slots, arena, limits) || failed;
    };
    const double compile =
        MedianNanoseconds([&] { failed = !cel::Compile(expr, environment) || failed; });
    const double eval = MedianNanoseconds(evaluate);
    const std::size_t before = g_allocations;
    evaluate();
    const std::size_t allocations = g_allocations - before;
    if (failed) {
      std::fprintf(stderr, "%s: fails\n", name.c_str());
      return 1;
    }
    std::printf("%s{\"name\":\"%s\",\"compile_ns\":%.1f,\"eval_ns\":%.1f,\"allocations\":%zu}",
                separator, name.c_str(), compile, eval, allocations);
    separator = ",\n";
  }
  std::printf("]\n");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: cel_benchmark FILE\n");
    return 2;
  }
  return Run(argv[1]);
}
