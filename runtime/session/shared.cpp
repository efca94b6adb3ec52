// Keeps the engine as long as it is the one that is needed.
#include "session/shared.h"

namespace impasto::session {

void Shared::prepare(const network::Network& network, size_t depth, kernels::Element element) {
  if (engine && model_ == network.file() && depth_ == depth && engine->weights().element() == element) return;
  engine.reset();  // before there are other weights
  engine = std::make_unique<Engine>(device, network, depth, element);
  model_ = network.file();
  depth_ = depth;
}

void Shared::lose_device() {
  engine.reset();
  device.reset();
}

}  // namespace impasto::session
