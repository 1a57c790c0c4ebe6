#include "cli/main.h"
#include "common/base/arena.h"
#include "common/yaml/reader.h"
