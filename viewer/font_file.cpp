// Asks fontconfig where there is one, and looks in the usual folders where there is not.
#include "font_file.h"

#include <filesystem>
#include <initializer_list>
#include <memory>
#include <system_error>

#ifdef IMPASTO_HAS_FONTCONFIG
#include <fontconfig/fontconfig.h>
#endif

namespace impasto::viewer {

#ifdef IMPASTO_HAS_FONTCONFIG

std::string find_font_file() {
  const std::unique_ptr<FcConfig, void (*)(FcConfig*)> config(FcInitLoadConfigAndFonts(), FcConfigDestroy);
  const std::unique_ptr<FcPattern, void (*)(FcPattern*)> wanted(FcPatternCreate(), FcPatternDestroy);
  if (!config || !wanted) return "";
  for (const char* family :
       {"Inter", "Noto Sans", "Cantarell", "Roboto", "Open Sans", "DejaVu Sans", "sans-serif"})
    FcPatternAddString(wanted.get(), FC_FAMILY, reinterpret_cast<const FcChar8*>(family));
  FcPatternAddInteger(wanted.get(), FC_WEIGHT, FC_WEIGHT_REGULAR);
  FcPatternAddInteger(wanted.get(), FC_SLANT, FC_SLANT_ROMAN);
  FcPatternAddBool(wanted.get(), FC_OUTLINE, FcTrue);
  FcConfigSubstitute(config.get(), wanted.get(), FcMatchPattern);
  FcDefaultSubstitute(wanted.get());
  FcResult result = FcResultNoMatch;
  const std::unique_ptr<FcPattern, void (*)(FcPattern*)> found(
      FcFontMatch(config.get(), wanted.get(), &result), FcPatternDestroy);
  FcChar8* file = nullptr;
  if (!found || FcPatternGetString(found.get(), FC_FILE, 0, &file) != FcResultMatch) return "";
  return reinterpret_cast<const char*>(file);
}

#else

std::string find_font_file() {
  std::error_code ignored;
  for (const char* file :
       {"C:/Windows/Fonts/segoeui.ttf", "/System/Library/Fonts/SFNS.ttf",
        "/System/Library/Fonts/Helvetica.ttc", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"})
    if (std::filesystem::is_regular_file(file, ignored)) return file;
  return "";
}

#endif

}  // namespace impasto::viewer
