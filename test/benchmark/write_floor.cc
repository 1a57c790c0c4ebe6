// The least that writing a rendered tree can take: reads every file below a folder, then writes
// files of given sizes below another.
//
//   write_floor TREE LIST OUT     LIST: a line "<bytes> <relative path>" per file
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace fs = std::filesystem;

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: write_floor TREE LIST OUT\n");
    return 2;
  }
  std::size_t read = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(argv[1])) {
    if (!entry.is_regular_file()) continue;
    std::FILE* in = std::fopen(entry.path().c_str(), "rb");
    if (!in) return 1;
    static char buffer[1 << 16];
    for (std::size_t n; (n = std::fread(buffer, 1, sizeof(buffer), in)) > 0;) read += n;
    std::fclose(in);
  }
  const std::string content(std::size_t{1} << 20, 'x');
  std::ifstream list(argv[2]);
  std::size_t size = 0, written = 0;
  std::string path;
  while (list >> size && std::getline(list >> std::ws, path)) {
    const fs::path file = fs::path(argv[3]) / path;
    std::error_code ignored;
    fs::create_directories(file.parent_path(), ignored);
    std::FILE* out = std::fopen(file.c_str(), "wb");
    if (!out) return 1;
    for (std::size_t left = size; left > 0;) {
      const std::size_t n = std::min(left, content.size());
      if (std::fwrite(content.data(), 1, n, out) != n) return 1;
      left -= n;
    }
    std::fclose(out);
    written += size;
  }
  std::printf("%zu bytes read, %zu written\n", read, written);
  return 0;
}
