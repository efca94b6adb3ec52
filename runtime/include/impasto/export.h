// Marks what the library shows to programs; everything else is hidden.
#pragma once

#if !defined(_WIN32)
#define IMPASTO_API __attribute__((visibility("default")))
#elif !defined(IMPASTO_SHARED)
#define IMPASTO_API
#elif defined(IMPASTO_BUILDING)
#define IMPASTO_API __declspec(dllexport)
#else
#define IMPASTO_API __declspec(dllimport)
#endif
