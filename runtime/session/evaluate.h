// The evaluation behind impasto/session.h, on a device opened as the caller says.
#pragma once

#include "impasto/session.h"
#include "vulkan/device.h"

namespace impasto::session {

Evaluation evaluate(const Job& job, const std::filesystem::path& image, const vulkan::DeviceOptions& options);

}  // namespace impasto::session
