// `openchoreo-gitops migrate PATH`: older shapes become v1.x where they stand.
#pragma once

#include <string>
#include <vector>

namespace openchoreo::migrate {

struct MigrateCommand {
  std::string path;
  std::vector<std::string>
      sources;  // more sources to render with (platform repository); never written
  std::vector<std::string> exclude;
  std::string default_namespace = "default";
  bool dry_run = false;  // show a diff, write nothing
};

// A file is rewritten only if the tree renders the same with it, but for what FirstDifference sets
// aside; checked by rendering before and after. The others stay byte-identical and are listed with
// what prevents it. What was done goes to standard error, the diff of a dry run to standard output.
// Returns a cli::ExitCode: kOk also where files were left.
int RunMigrate(const MigrateCommand& command);

}  // namespace openchoreo::migrate
