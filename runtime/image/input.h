// Pixels out of a file as it stores them, through OpenImageIO; nothing in the file is trusted.
#pragma once

#include "image/orientation.h"

#include <OpenImageIO/filesystem.h>
#include <OpenImageIO/imageio.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace impasto {

// Throws Error(input): cannot read 'file': reason.
[[noreturn]] void fail_reading(const std::filesystem::path& file, const std::string& reason);

// Throws unless both sides are from 1 to kMaxImageSide.
void check_size(const std::filesystem::path& file, std::uint64_t width, std::uint64_t height);

// Some builds of OpenImageIO write remarks to standard error, which is not ours to write to.
void keep_quiet();

// What is left of a library's message when it has to fit into one line of ours.
std::string one_line(const std::string& message);

// OpenImageIO's name of the format that the first bytes announce, whatever the file is called. Throws Error(input) when they announce
// none of those that are read here.
std::string format_of(const std::filesystem::path& file);

// A reader and the memory it reads from, if it does.
struct PictureInput {
  std::filesystem::path file;  // for messages
  std::vector<std::uint8_t> bytes;
  std::unique_ptr<OIIO::Filesystem::IOMemReader> memory;
  std::unique_ptr<OIIO::ImageInput> reader;
};

// Opened, with size and kind checked. raw_colour asks for CMYK as it is stored, where the format's reader can do that.
PictureInput open_picture(const std::filesystem::path& file, const std::string& format);
PictureInput open_picture(const std::filesystem::path& file, std::vector<std::uint8_t> bytes,
                          const std::string& format, bool raw_colour = false);

// The colour (1, 3 or with raw_colour 4 channels) and the alpha (1 channel, or nothing) among a file's channels, found by the
// names R, G, B and A, else by position.
struct ChannelChoice {
  std::vector<int> colour;
  int alpha = -1;
};
ChannelChoice choose_channels(const OIIO::ImageSpec& spec, bool raw_colour = false);

// The values of groups of channels in the order given, a raster for each; read strip by strip.
std::vector<Raster> read_channels(PictureInput& picture, const std::vector<std::vector<int>>& groups);

}  // namespace impasto
