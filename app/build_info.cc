#include "app/build_info.h"

namespace aftershock::app {

// Both are given to this file alone, so that a new revision compiles one file.
exporter::BuildInfo ThisBuild() {
  return {AFTERSHOCK_VERSION, AFTERSHOCK_REVISION};
}

}  // namespace aftershock::app
