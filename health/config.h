// The mapper's configuration file, and the command that tries it on one object.
#pragma once

#include <ostream>
#include <string>

#include "common/health/own_rules.h"

namespace openchoreo::mapper {

// YAML with `healthCheckExprs`, in the form of Flux's. Errors: kUnreadableSource, kYamlSyntax, and
// those of OwnRules::Read; a key nobody knows is kUsage.
base::Result<health::OwnRules> ReadConfig(const std::string& path);

// Prints what the rules of the file and of the table say of every object of a YAML file. Returns
// the exit code.
int RunCheck(const std::string& config, const std::string& objects, std::ostream& out,
             std::ostream& err);

}  // namespace openchoreo::mapper
