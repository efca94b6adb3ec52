// Push constants of the viewer's picture pipeline.
#ifndef VIEWER_PICTURE_H
#define VIEWER_PICTURE_H

#ifdef __cplusplus
namespace impasto::viewer::shared {
#define VEC4          \
  struct {            \
    float x, y, z, w; \
  }
#else
#define VEC4 vec4
#endif

struct PicturePush {
  VEC4 rectangle;  // left, top, right, bottom in normalised device coordinates
  int width;       // of the picture
  int height;
  float scale;          // from the buffer's values to [0,1]
  float magnification;  // pixels of the screen a pixel of the picture
};

#undef VEC4
#ifdef __cplusplus
}  // namespace impasto::viewer::shared
#endif

#endif
