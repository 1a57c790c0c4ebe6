// Which paths a .sourceignore file leaves out: gitignore syntax, as Flux reads it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace openchoreo::source {

// A shell glob over a whole text: '*' and '?' stop at '/', "[a-z]" and "[!a-z]" are sets, '\' takes
// the next character literally, and a component "**" stands for any number of folders. Time is
// bounded by the product of both lengths.
bool GlobMatches(std::string_view glob, std::string_view path);

// The rules of one or more .sourceignore files, in the order added. Immutable use is thread-safe.
class IgnoreRules {
 public:
  // Adds the lines of the file in `folder` ("" for the root); they hold for what lies below it.
  void AddFile(std::string_view folder, std::string_view text);

  // One pattern that holds for the whole tree.
  void AddPattern(std::string_view pattern) { AddLine("", pattern); }

  // Whether the file `path` is left out, itself or through one of its folders. As with git, what
  // lies in a folder that is left out cannot be taken back in.
  bool Ignores(std::string_view path) const;

  bool empty() const { return rules_.empty(); }

 private:
  struct Rule {
    std::string folder;  // with a trailing '/', or ""
    std::string glob;
    bool negated = false;
    bool folders_only = false;
    bool anchored = false;  // matched against the path below `folder`, not only the base name
  };

  void AddLine(std::string_view folder, std::string_view line);
  bool Matches(std::string_view path, bool is_folder) const;

  std::vector<Rule> rules_;
};

}  // namespace openchoreo::source
