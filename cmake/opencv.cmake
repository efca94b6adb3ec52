# OpenCV's optical flow, optional: IMPASTO_OPENCV_LIBRARIES and _INCLUDE when it is there. By hand where distributions leave the CMake
# package to one that brings everything.
option(IMPASTO_FLOW "Compute optical flow with OpenCV, where it is found" ON)
if(IMPASTO_FLOW)
  find_path(IMPASTO_OPENCV_INCLUDE opencv2/video/tracking.hpp PATH_SUFFIXES opencv4)
  find_library(IMPASTO_OPENCV_VIDEO opencv_video)
  find_library(IMPASTO_OPENCV_CORE opencv_core)
  mark_as_advanced(IMPASTO_OPENCV_INCLUDE IMPASTO_OPENCV_VIDEO IMPASTO_OPENCV_CORE)
  if(IMPASTO_OPENCV_INCLUDE AND IMPASTO_OPENCV_VIDEO AND IMPASTO_OPENCV_CORE)
    set(IMPASTO_OPENCV_LIBRARIES ${IMPASTO_OPENCV_VIDEO} ${IMPASTO_OPENCV_CORE})
  else()
    message(STATUS "impasto sequence will only read optical flow: OpenCV was not found.")
  endif()
endif()
