// The values of a MATLAB level 5 file as a tree that points into its bytes.
#pragma once

#include "network/import/inflate.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace impasto::network {

enum class MatlabKind { cell, structure, text, numeric, other };

struct MatlabArray {
  MatlabKind kind = MatlabKind::other;
  std::string name;  // of a variable; empty within others
  std::vector<uint64_t> shape;
  uint64_t type = 0;  // of the numbers as stored: 7 is single, 9 double
  std::span<const std::byte> bytes;
  std::vector<MatlabArray> items;   // cells; or fields, element after element
  std::vector<std::string> fields;  // of a structure

  // Of a structure of one element; null when there is none.
  const MatlabArray* field(std::string_view name) const;
};

constexpr uint64_t kMatlabSingle = 7;
constexpr uint64_t kMatlabDouble = 9;

struct MatlabFile {
  std::vector<MatlabArray> variables;
  std::vector<OwnedBytes> owners;  // of variables that were compressed
};

// Throws Error(input) for anything but a little-endian level 5 file.
MatlabFile read_matlab(std::span<const std::byte> file, std::string_view source);

}  // namespace impasto::network
