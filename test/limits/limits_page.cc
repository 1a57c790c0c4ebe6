// Writes docs/limits.md from the table of limits, or checks that it is what would be written.
//
// usage: limits_page [--check] FILE
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "common/base/limits.h"

namespace {

using openchoreo::base::AllLimits;
using openchoreo::base::LimitInfo;

constexpr std::string_view kHead = R"(# Limits

What a repository holds is not trusted: whatever it asks for ends within these bounds. Beyond one of them there is an error
that names it, of the file, the definition or the binding it was found in; the process and its other calls go on.

Every walk over a value (results of expressions, texts, keys, patches, merges, comparisons, validation, hashes, what is
written) is charged to the budget of its binding: `max_binding_steps`, `max_binding_bytes`, `max_output_bytes`. Steps are no
time: a step is about an item looked at, a text of 64 bytes, or a twentieth of an instruction of a pattern compiled. Every
65,536 steps the work asks whether it was cancelled, so a call ends soon after its deadline.

The table is made from `common/base/limits.h` (test/limits).

| limit | default | unit | flag | of what |
|---|---|---|---|---|
)";

// 1048576 bytes as "1 MiB", 50000000 as "50,000,000".
std::string ValueText(const LimitInfo& limit) {
  std::uint64_t value = limit.value;
  std::string_view unit;
  if (std::string_view(limit.unit) == "bytes") {
    for (const std::string_view larger : {"KiB", "MiB", "GiB"}) {
      if (value % 1024 != 0) break;
      value /= 1024;
      unit = larger;
    }
  }
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return unit.empty() ? digits : digits + " " + std::string(unit);
}

std::string Page() {
  std::string page(kHead);
  for (const LimitInfo& limit : AllLimits()) {
    const bool bytes = std::string_view(limit.unit) == "bytes";
    const std::string flag(limit.flag);
    page += "| " + std::string(limit.name) + " | " + ValueText(limit) + " | " +
            (bytes ? "" : limit.unit) + " | " + (flag.empty() ? "" : "`" + flag + "`") + " | " +
            limit.text + " |\n";
  }
  return page;
}

}  // namespace

int main(int argc, char** argv) {
  const bool check = argc == 3 && std::string_view(argv[1]) == "--check";
  if (argc != 2 && !check) {
    std::fprintf(stderr, "usage: limits_page [--check] FILE\n");
    return 2;
  }
  const std::string path = argv[argc - 1], page = Page();
  if (!check) {
    std::ofstream(path, std::ios::binary) << page;
    return 0;
  }
  std::ifstream file(path, std::ios::binary);
  const std::string written{std::istreambuf_iterator<char>(file), {}};
  if (written == page) return 0;
  std::fprintf(stderr, "%s is not what the table gives; write it anew: limits_page %s\n",
               path.c_str(), path.c_str());
  return 1;
}
