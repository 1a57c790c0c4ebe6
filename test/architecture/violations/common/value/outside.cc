#include "common/platform/http/client.h"
