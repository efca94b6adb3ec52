// Colour profiles and transfer curves on the way in, and the profile on the way out.
#include "catch.h"
#include "image/colour.h"
#include "impasto/image.h"
#include "support/picture_file.h"
#include "support/weights.h"

#include <lcms2.h>

#include <array>
#include <cmath>

using namespace impasto;
using namespace impasto::test;

namespace {

IccProfile bytes_of(cmsHPROFILE profile) {
  cmsUInt32Number size = 0;
  REQUIRE(cmsSaveProfileToMem(profile, nullptr, &size));
  IccProfile bytes(size);
  REQUIRE(cmsSaveProfileToMem(profile, bytes.data(), &size));
  cmsCloseProfile(profile);
  return bytes;
}

const cmsCIExyY kD65 = {0.3127, 0.3290, 1};

IccProfile rgb_profile(const cmsCIExyYTRIPLE& primaries, double gamma) {
  cmsToneCurve* curve = cmsBuildGamma(nullptr, gamma);
  cmsToneCurve* curves[3] = {curve, curve, curve};
  const IccProfile bytes = bytes_of(cmsCreateRGBProfile(&kD65, &primaries, curves));
  cmsFreeToneCurve(curve);
  return bytes;
}

// sRGB's own primaries, red and blue exchanged, and light itself instead of a curve.
IccProfile swapped_linear_profile() {
  return rgb_profile({{0.15, 0.06, 1}, {0.30, 0.60, 1}, {0.64, 0.33, 1}}, 1);
}

// Adobe RGB (1998): section 4.3.1 has its primaries, 4.3.4 its gamma.
IccProfile adobe_profile() {
  return rgb_profile({{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}}, 563.0 / 256);
}

IccProfile grey_profile(double gamma) {
  cmsToneCurve* curve = cmsBuildGamma(nullptr, gamma);
  const IccProfile bytes = bytes_of(cmsCreateGrayProfile(&kD65, curve));
  cmsFreeToneCurve(curve);
  return bytes;
}

// A profile of inks that absorb ideally: Lab of (1-c)(1-k) and so on, through the sRGB profile.
IccProfile cmyk_profile() {
  cmsHPROFILE srgb = cmsCreate_sRGBProfile();
  cmsHPROFILE lab = cmsCreateLab4Profile(nullptr);
  cmsHTRANSFORM to_lab =
      cmsCreateTransform(srgb, TYPE_RGB_DBL, lab, TYPE_Lab_DBL, INTENT_RELATIVE_COLORIMETRIC, 0);
  REQUIRE(to_lab);
  cmsPipeline* pipeline = cmsPipelineAlloc(nullptr, 4, 3);
  cmsStage* stage = cmsStageAllocCLut16bit(nullptr, 17, 4, 3, nullptr);
  const auto sample = [](const cmsUInt16Number in[], cmsUInt16Number out[], void* cargo) -> cmsInt32Number {
    double rgb[3];
    for (int c = 0; c < 3; ++c) rgb[c] = (1 - in[c] / 65535.0) * (1 - in[3] / 65535.0);
    cmsCIELab value;
    cmsDoTransform(cargo, rgb, &value, 1);
    cmsFloat2LabEncoded(out, &value);
    return TRUE;
  };
  REQUIRE(cmsStageSampleCLut16bit(stage, sample, to_lab, 0));
  for (cmsStage* part :
       {cmsStageAllocToneCurves(nullptr, 4, nullptr), stage,
        cmsStageAllocToneCurves(nullptr, 3, nullptr)}) {  // the order that the format asks for
    REQUIRE(cmsPipelineInsertStage(pipeline, cmsAT_END, part));
  }
  cmsHPROFILE profile = cmsCreateProfilePlaceholder(nullptr);
  cmsSetProfileVersion(profile, 4.3);
  cmsSetDeviceClass(profile, cmsSigOutputClass);
  cmsSetColorSpace(profile, cmsSigCmykData);
  cmsSetPCS(profile, cmsSigLabData);
  REQUIRE(cmsWriteTag(profile, cmsSigAToB0Tag, pipeline));
  REQUIRE(cmsWriteTag(profile, cmsSigAToB1Tag, pipeline));
  cmsPipelineFree(pipeline);
  cmsDeleteTransform(to_lab);
  cmsCloseProfile(lab);
  cmsCloseProfile(srgb);
  return bytes_of(profile);
}

void embed(OIIO::ImageSpec& spec, const IccProfile& profile) {
  spec.attribute("ICCProfile", OIIO::TypeDesc(OIIO::TypeDesc::UINT8, static_cast<int>(profile.size())),
                 profile.data());
}

std::vector<float> load_with(const std::filesystem::path& file, const IccProfile& profile, int channels,
                             const std::vector<float>& pixel) {
  OIIO::ImageSpec spec(8, 8, channels, file.extension() == ".jpg" ? OIIO::TypeUInt8 : OIIO::TypeUInt16);
  embed(spec, profile);
  spec.attribute("compression", file.extension() == ".jpg" ? "jpeg:100" : "zip");
  std::vector<float> values;
  for (int i = 0; i < 64; ++i) values.insert(values.end(), pixel.begin(), pixel.end());
  write_picture(file, spec, values);
  const std::vector<float> rgb = load_image(file).rgb;
  return {rgb.begin(), rgb.begin() + 3};
}

double encoded(double light) {
  return light <= 0.0031308 ? 12.92 * light : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
}

double decoded(double value) {
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

}  // namespace

TEST_CASE("The sRGB curve is the standard's, both ways and beyond its range") {
  for (const double value : {0.0, 0.001, 0.0031308, 0.2, 0.5, 1.0, 3.0}) {
    CHECK(linear_to_srgb(float(value)) == Approx(encoded(value)).margin(1e-6));
    CHECK(srgb_to_linear(float(encoded(value))) == Approx(value).margin(1e-6));
    CHECK(linear_to_srgb(-float(value)) == -linear_to_srgb(float(value)));
  }
}

TEST_CASE("A profile with exchanged primaries exchanges the channels") {
  const TemporaryFolder folder;
  const char* name = GENERATE("a.png", "a.tif", "a.jpg");
  const std::vector<float> rgb =
      load_with(folder.path() / name, swapped_linear_profile(), 3, {0.2F, 0.4F, 0.6F});
  INFO(name);
  CHECK(rgb[0] == Approx(encoded(0.6)).margin(0.004));
  CHECK(rgb[1] == Approx(encoded(0.4)).margin(0.004));
  CHECK(rgb[2] == Approx(encoded(0.2)).margin(0.004));
}

TEST_CASE("Adobe RGB is converted as its primaries say") {
  const TemporaryFolder folder;
  const std::vector<float> rgb = load_with(folder.path() / "a.png", adobe_profile(), 3, {0.5F, 0.6F, 0.5F});
  // The product of the standards' RGB → XYZ and XYZ → RGB matrices, both for D65.
  const double red = std::pow(0.5, 563.0 / 256);
  const double green = std::pow(0.6, 563.0 / 256);
  const double blue = red;
  CHECK(rgb[0] == Approx(encoded(1.39836 * red - 0.39836 * green)).margin(2e-3));
  CHECK(rgb[1] == Approx(encoded(green)).margin(2e-3));
  CHECK(rgb[2] == Approx(encoded(-0.04293 * green + 1.04293 * blue)).margin(2e-3));
}

TEST_CASE("Grey and CMYK profiles are used") {
  const TemporaryFolder folder;
  const std::vector<float> grey = load_with(folder.path() / "a.png", grey_profile(1), 1, {0.4F});
  for (const float value : grey) CHECK(value == Approx(encoded(0.4)).margin(1e-3));

  OIIO::ImageSpec spec(8, 8, 4, OIIO::TypeUInt16);
  spec.channelnames = {"C", "M", "Y", "K"};
  spec.alpha_channel = -1;
  spec.attribute("tiff:ColorSpace", "CMYK");
  spec.attribute("oiio:ColorSpace", "CMYK");
  spec.attribute("tiff:PhotometricInterpretation", 5);
  std::vector<float> values;
  for (int i = 0; i < 64; ++i) values.insert(values.end(), {0.2F, 0.4F, 0.6F, 0.1F});
  write_picture(folder.path() / "plain.tif", spec, values);
  const std::vector<float> plain = load_image(folder.path() / "plain.tif").rgb;
  embed(spec, cmyk_profile());
  write_picture(folder.path() / "profiled.tif", spec, values);
  const std::vector<float> profiled = load_image(folder.path() / "profiled.tif").rgb;
  for (const std::vector<float>& rgb : {plain, profiled}) {
    CHECK(rgb[0] == Approx(0.72).margin(0.02));
    CHECK(rgb[1] == Approx(0.54).margin(0.02));
    CHECK(rgb[2] == Approx(0.36).margin(0.02));
  }
}

TEST_CASE("A broken or unfitting profile counts as sRGB") {
  const TemporaryFolder folder;
  const IccProfile whole = adobe_profile();
  const IccProfile broken(whole.begin(), whole.begin() + 100);
  const IccProfile noise(600, 0x5a);
  for (const IccProfile& profile : {broken, noise, grey_profile(1)}) {
    const std::vector<float> rgb = load_with(folder.path() / "a.tif", profile, 3, {0.2F, 0.4F, 0.6F});
    CHECK(largest_difference(rgb, {0.2F, 0.4F, 0.6F}) < 1e-4);
  }
}

TEST_CASE("A profile that is sRGB leaves the values as they are") {
  const TemporaryFolder folder;
  cmsHPROFILE srgb = cmsCreate_sRGBProfile();
  const std::vector<float> rgb = load_with(folder.path() / "a.tif", bytes_of(srgb), 3, {0.2F, 0.4F, 0.6F});
  CHECK(largest_difference(rgb, {0.2F, 0.4F, 0.6F}) < 1e-5);
}

TEST_CASE("An sRGB profile is written where the format has a place for it") {
  const TemporaryFolder folder;
  CHECK(srgb_profile().size() > 128);
  for (const char* name : {"a.png", "a.jpg", "a.tif"}) {
    save_image(folder.path() / name, smooth_picture(8, 8));
    const auto input = OIIO::ImageInput::open((folder.path() / name).string());
    REQUIRE(input);
    const OIIO::ParamValue* profile = input->spec().find_attribute("ICCProfile");
    INFO(name);
    REQUIRE(profile);
    const auto* bytes = static_cast<const uint8_t*>(profile->data());
    CHECK(IccProfile(bytes, bytes + profile->datasize()) == srgb_profile());
  }
}

TEST_CASE("A PNG's gamma is obeyed") {
  const TemporaryFolder folder;
  const std::string pixel("\x33\x66\x99", 3);
  const auto load = [&](const std::string& gamma) {
    write_bytes(folder.path() / "a.png", png_bytes(1, 1, 8, 2, {pixel}, png_chunk("gAMA", gamma)));
    return load_image(folder.path() / "a.png").rgb;
  };
  const std::vector<float> linear = load(std::string("\x00\x01\x86\xa0", 4));  // 100000: light itself
  CHECK(linear[1] == Approx(encoded(0.4)).margin(1e-5));
  const std::vector<float> ordinary = load(std::string("\x00\x00\xb1\x8f", 4));  // 45455: 1/2.2
  CHECK(ordinary[1] == Approx(0.4).margin(1e-6));
  const std::vector<float> macintosh = load(std::string("\x00\x00\xd9\x03", 4));  // 55555: 1/1.8
  CHECK(macintosh[1] == Approx(encoded(std::pow(0.4, 1.8))).margin(1e-3));
}

TEST_CASE("EXR is encoded from light, and premultiplied colours are divided first") {
  const TemporaryFolder folder;
  OIIO::ImageSpec spec(1, 1, 4, OIIO::TypeFloat);
  write_picture(folder.path() / "a.exr", spec, {0.1F, 0.2F, 0.3F, 0.5F});
  const Image image = load_image(folder.path() / "a.exr");
  CHECK(image.rgb[0] == Approx(encoded(0.2)).margin(1e-5));
  CHECK(image.rgb[2] == Approx(encoded(0.6)).margin(1e-5));
  CHECK(image.alpha[0] == 0.5F);
  CHECK(decoded(image.rgb[1]) == Approx(0.4).margin(1e-5));
}
