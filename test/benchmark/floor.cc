// The floor of reading a tree: read every *.yaml file and walk its libyaml events, nothing more.
// usage: floor DIR     prints files, bytes, events
#include <yaml.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace {

long WalkEvents(const std::string& text) {
  yaml_parser_t parser;
  if (!yaml_parser_initialize(&parser)) return -1;
  yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(text.data()),
                               text.size());
  long events = 0;
  for (bool done = false; !done;) {
    yaml_event_t event;
    if (!yaml_parser_parse(&parser, &event)) break;
    done = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
    ++events;
  }
  yaml_parser_delete(&parser);
  return events;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  long files = 0;
  long bytes = 0;
  long events = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[1])) {
    if (entry.path().extension() != ".yaml") continue;
    std::FILE* file = std::fopen(entry.path().c_str(), "rb");
    if (!file) return 1;
    std::string text(std::filesystem::file_size(entry.path()), '\0');
    text.resize(std::fread(text.data(), 1, text.size(), file));
    std::fclose(file);
    ++files;
    bytes += static_cast<long>(text.size());
    events += WalkEvents(text);
  }
  std::printf("%ld files, %ld bytes, %ld events\n", files, bytes, events);
  return 0;
}
