// The library's edge: what Vulkan throws becomes an Error with an exit code.
#pragma once

#include "impasto/error.h"
#include "vulkan/error.h"

#include <string>

namespace impasto::session {

template <typename Body>
auto at_edge(Body body) -> decltype(body()) {
  try {
    return body();
  } catch (const vulkan::Error& error) {
    if (error.out_of_memory())
      throw Error(ErrorKind::budget,
                  std::string(error.what()) + "; the device has no room for this job: use a smaller --size");
    if (error.device_lost())
      throw Error(ErrorKind::device, "the device was lost (" + std::string(error.what()) +
                                         "); update its driver, or choose another with --device");
    throw Error(ErrorKind::device, error.what());
  }
}

}  // namespace impasto::session
