// A program on the installed library: a few iterations from a photograph and a painting to a third picture.
#include <cstdio>
#include <impasto/error.h>
#include <impasto/session.h>

int main(int argc, char** argv) try {
  if (argc != 4) throw impasto::Error(impasto::ErrorKind::usage, "usage: consumer CONTENT STYLE OUTPUT");
  impasto::Job job;
  job.content = argv[1];
  job.styles = {{argv[2]}};
  job.size = 64;
  job.iterations = 3;
  impasto::Session session(job);
  while (session.advance()) {
  }
  session.save(argv[3], false);
  const impasto::Progress progress = session.progress();
  std::printf("%d iterations of %d x %d on %s\n", progress.iteration, progress.width, progress.height,
              progress.model.c_str());
} catch (const impasto::Error& error) {
  std::fprintf(stderr, "consumer: %s\n", error.what());
  return error.exit_code();
}
