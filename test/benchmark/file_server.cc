// file_server FOLDER [THREADS]: serves the files of a folder with platform/http's server, as an
// artifact server would; prints its port, ends with its standard input. For
// file_server_benchmark.py.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "common/platform/http/server.h"

int main(int argc, char** argv) {
  using namespace openchoreo;
  if (argc < 2) return 2;
  const std::string folder = argv[1];
  http::Server server;
  server.Handle("/", [&](const http::Request& request) {
    http::Response response;
    const std::string path = folder + std::string(request.path);
    struct stat info {};
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 || fstat(fd, &info) != 0) {
      response.status = 404;
      return response;
    }
    response.content_type = "application/gzip";
    response.etag = std::to_string(info.st_ino);
    response.file = http::OpenFile(fd, static_cast<std::uint64_t>(info.st_size));
    return response;
  });
  http::ServerOptions options;
  options.address = "127.0.0.1:0";
  options.threads = argc > 2 ? static_cast<unsigned>(std::atoi(argv[2])) : 2;
  options.max_connections = 8192;
  if (auto bound = server.Bind(options); !bound) {
    std::fprintf(stderr, "%s\n", bound.error().message.c_str());
    return 1;
  }
  if (!server.Start()) return 1;
  std::printf("%d\n", server.port());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  server.Stop();
}
