#include "common/value/unbudgeted.h"
