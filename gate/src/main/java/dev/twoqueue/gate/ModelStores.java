package dev.twoqueue.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where Ollama keeps its models: {@code OLLAMA_MODELS}, else {@code .ollama/models} in its user's
 * home. Asked is the server that runs, since it may be another user's or have been started with
 * another environment than this JVM; where none runs, this JVM's own environment counts. Where the
 * environment of the one that runs is hidden, every place that it may use counts.
 */
final class ModelStores {
  /** The home of the user that Ollama's installer for Linux makes for its service. */
  private static final Path SERVICE = Path.of("/usr/share/ollama/.ollama/models");

  private static final ProcessRule SERVER = ProcessRule.of("ollama", "serve");

  private final HostFigures figures;
  private final Map<String, String> ownEnvironment;
  private final String ownHome;
  private final PerProcess<Boolean> isServer =
      new PerProcess<>(process -> SERVER.match(process) != ProcessRule.Match.NONE);

  ModelStores(HostFigures figures, Map<String, String> ownEnvironment, String ownHome) {
    this.figures = figures;
    this.ownEnvironment = ownEnvironment;
    this.ownHome = ownHome;
  }

  /** The places, at least one, without doubles. */
  synchronized Set<Path> find() throws IOException {
    Set<Path> found = new LinkedHashSet<>();
    ProcessTable table = figures.processTable();
    for (HostProcess process : table.processes()) {
      if (isServer.of(process)) {
        figures
            .environment(process.pid())
            .flatMap(it -> directory(it, Optional.ofNullable(it.get("HOME"))))
            .ifPresentOrElse(found::add, () -> found.addAll(possible()));
      }
    }
    isServer.keepOnly(table);
    return found.isEmpty() ? Set.of(own()) : found;
  }

  private List<Path> possible() {
    return Files.isDirectory(SERVICE) ? List.of(own(), SERVICE) : List.of(own());
  }

  private Path own() {
    return directory(ownEnvironment, Optional.of(ownHome)).orElse(Path.of(".ollama", "models"));
  }

  /** By an environment; empty where it tells neither. */
  static Optional<Path> directory(Map<String, String> environment, Optional<String> home) {
    try {
      String configured = environment.getOrDefault("OLLAMA_MODELS", "").strip();
      return configured.isEmpty()
          ? home.map(it -> Path.of(it, ".ollama", "models"))
          : Optional.of(Path.of(configured));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
