package dev.twoqueue.examples.replay;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where the tests look for the traces, which are no part of this repository. */
final class Traces {
  private Traces() {}

  /** Aborts the test, saying why, where the file is missing. */
  static Path file(String name) {
    Path folder =
        Path.of(System.getProperty("twoqueue.traces", root().resolve("../shared/traces") + ""));
    Path file = folder.resolve(name).normalize();
    assumeTrue(
        Files.isRegularFile(file),
        "skipped: no " + file + "; name the traces' folder with -Dtwoqueue.traces=FOLDER");
    return file;
  }

  /** The outermost folder with a pom.xml: a test may run in its module's folder or above. */
  private static Path root() {
    return Stream.iterate(Path.of("").toAbsolutePath(), path -> path != null, Path::getParent)
        .takeWhile(path -> Files.exists(path.resolve("pom.xml")))
        .reduce((inner, outer) -> outer)
        .orElseGet(() -> Path.of("").toAbsolutePath());
  }
}
