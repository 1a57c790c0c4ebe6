#include "common/yaml/reader.h"
#include "common/base/arena.h"
#include "cli/main.h"
