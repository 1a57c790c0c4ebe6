// Which paths a .sourceignore file leaves out: gitignore syntax, as Flux reads it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace openchoreo::source {

// A shell glob over a path. In a component '*' is any text, '?' a character, "[a-z]" and "[^a-z]"
// are sets, and '\' takes the next character literally, as in Go's path.Match; beyond Go, "[!a-z]"
// is negated as in git. What is no glob (a '[' without its end) matches nothing. A component "**"
// stands for any number of folders. Time is bounded by the product of both lengths.
bool GlobMatches(std::string_view glob, std::string_view path);

// The rules of one or more .sourceignore files, in the order added; the last that matches a path
// decides. As in Flux, "!deploy/keep.yaml" takes back a file of a folder that another rule leaves
// out, and a "**" before a name goes to the first place where the name fits.
// Upstream: fluxcd/pkg sourceignore/sourceignore.go, sourceignore/gitignore/pattern.go.
// Immutable use is thread-safe.
class IgnoreRules {
 public:
  // Adds the lines of the file in `folder` ("" for the root); they hold for what lies below it.
  void AddFile(std::string_view folder, std::string_view text);

  // One pattern that holds for the whole tree.
  void AddPattern(std::string_view pattern) { AddLine("", pattern); }

  // Whether the file `path` is left out, itself or through one of its folders.
  bool Ignores(std::string_view path) const;

  bool empty() const { return rules_.empty(); }

 private:
  struct Rule {
    std::string folder;  // with a trailing '/', or ""
    // One for each component; a single one is that of any component.
    std::vector<std::string> globs;
    bool negated = false;
    bool folders_only = false;
  };

  void AddLine(std::string_view folder, std::string_view line);
  static bool Matches(const Rule& rule, std::string_view path);

  std::vector<Rule> rules_;
};

}  // namespace openchoreo::source
