// What reading YAML into values, and writing it again, costs beside the bare walk over libyaml's
// events.
//
//   yaml_benchmark FOLDER [ROUNDS]
//
// Reads every *.yaml file below FOLDER into memory first; prints the best of ROUNDS (5) for each
// step.
#include <yaml.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include "common/emit/unbudgeted.h"
#include "common/emit/yaml_writer.h"
#include "common/source/file_tree.h"
#include "common/yaml/block_reader.h"
#include "common/yaml/document_builder.h"
#include "common/yaml/reader.h"

namespace {

using namespace openchoreo;

std::size_t WalkEvents(const std::string& text) {
  yaml_parser_t parser;
  yaml_parser_initialize(&parser);
  yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(text.data()),
                               text.size());
  std::size_t events = 0;
  for (bool more = true; more; ++events) {
    yaml_event_t event;
    if (!yaml_parser_parse(&parser, &event)) break;
    more = event.type != YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&parser);
  return events;
}

// CPU time: a busy machine shows less in it.
double Best(int rounds, const std::function<void()>& work) {
  double best = 1e9;
  for (int i = 0; i < rounds; ++i) {
    const std::clock_t start = std::clock();
    work();
    best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  return best;
}

// All texts without BlockReader; how many documents do not read.
std::size_t ReadByLibyaml(const std::vector<source::FileContent>& texts) {
  const base::RenderLimits limits;
  base::Arena arena;
  yaml::DocumentBuilder builder(arena, limits);
  std::size_t errors = 0;
  for (const auto& text : texts) {
    for (const yaml::DocumentRange& range : yaml::SplitDocuments(*text)) {
      if (!builder.Build(std::string_view(*text).substr(range.begin, range.end - range.begin)))
        ++errors;
    }
  }
  return errors;
}

// The part of the texts that BlockReader takes.
double TakenByBlockReader(const std::vector<source::FileContent>& texts) {
  const base::RenderLimits limits;
  std::size_t all = 0, taken = 0;
  for (const auto& text : texts) {
    base::Arena arena;
    yaml::BlockReader reader(arena, limits);
    for (const yaml::DocumentRange& range : yaml::SplitDocuments(*text)) {
      const std::size_t size = range.end - range.begin;
      all += size;
      if (reader.Read(std::string_view(*text).substr(range.begin, size))) taken += size;
    }
  }
  return static_cast<double>(taken) / static_cast<double>(std::max<std::size_t>(all, 1));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: yaml_benchmark FOLDER [ROUNDS]\n");
    return 2;
  }
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
  std::vector<source::FileContent> texts;
  std::size_t bytes = 0;
  const auto read_files = [&] {
    texts.clear();
    bytes = 0;
    const auto tree = source::OpenDirectory(argv[1], "");
    const auto files = tree->List();
    if (!files) std::exit(3);
    for (const std::string& file : *files) {
      if (auto text = tree->Read(file)) texts.push_back(*text);
    }
    for (const auto& text : texts) bytes += text->size();
  };
  const double files = Best(rounds, read_files);

  std::size_t events = 0;
  const double walk = Best(rounds, [&] {
    events = 0;
    for (const auto& text : texts) events += WalkEvents(*text);
  });

  std::size_t documents = 0;
  std::size_t errors = 0;
  std::size_t arena_bytes = 0;
  const double read = Best(rounds, [&] {
    documents = errors = arena_bytes = 0;
    base::Arena arena;
    for (const auto& text : texts) {
      const yaml::ReadResult result = yaml::Read(*text, arena);
      documents += result.documents.size();
      errors += result.errors.size();
    }
    arena_bytes = arena.bytes();
  });

  const double alone = Best(rounds, [&] { errors += ReadByLibyaml(texts); });

  base::Arena arena;
  std::vector<value::Value> roots;
  for (const auto& text : texts) {
    for (const yaml::Document& document : yaml::Read(*text, arena).documents)
      roots.push_back(document.root);
  }
  std::size_t written = 0;
  const double write = Best(rounds, [&] {
    written = 0;
    std::string out;
    for (const value::Value& root : roots) {
      out.clear();
      emit::AppendYaml(out, root);
      written += out.size();
    }
  });

  std::printf("files   %7.1f ms  %zu files, %.1f MB\n", files * 1e3, texts.size(),
              static_cast<double>(bytes) / 1e6);
  std::printf("walk    %7.1f ms  %zu events\n", walk * 1e3, events);
  std::printf("read    %7.1f ms  %.2f walks, %zu documents, %zu errors, %.1f MB of arena\n",
              read * 1e3, read / walk, documents, errors, static_cast<double>(arena_bytes) / 1e6);
  std::printf(
      "alone   %7.1f ms  %.2f walks, by libyaml alone; the block reader takes %.0f %% of the "
      "text\n",
      alone * 1e3, alone / walk, 100 * TakenByBlockReader(texts));
  std::printf("write   %7.1f ms  %.1f MB, %.0f MB/s\n", write * 1e3,
              static_cast<double>(written) / 1e6, static_cast<double>(written) / 1e6 / write);
  return 0;
}
