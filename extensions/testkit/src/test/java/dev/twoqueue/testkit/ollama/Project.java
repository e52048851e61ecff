package dev.twoqueue.testkit.ollama;

import java.nio.file.Path;

/** Finds the project's files from a test, which runs in its module's folder. */
final class Project {
  private static final Path MODULE = Path.of(System.getProperty("basedir", ""));

  private Project() {}

  static Path file(String name) {
    return MODULE.resolve("../..").resolve(name);
  }
}
