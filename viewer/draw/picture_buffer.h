// A picture of the host's in a buffer of the device, laid out as a session's.
#pragma once

#include "impasto/image.h"
#include "impasto/native.h"

namespace impasto::viewer {

// Throws Error(device) when there is no room. An empty image gives an empty picture.
NativePicture upload(const NativeDevice& device, const Image& image);

}  // namespace impasto::viewer
