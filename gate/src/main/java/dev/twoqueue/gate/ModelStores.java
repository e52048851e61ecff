package dev.twoqueue.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
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
  private final PerProcess<Set<Path>> stores = new PerProcess<>(this::storesOf);

  ModelStores(HostFigures figures, Map<String, String> ownEnvironment, String ownHome) {
    this.figures = figures;
    this.ownEnvironment = ownEnvironment;
    this.ownHome = ownHome;
  }

  /** The places, at least one, without doubles. */
  synchronized Set<Path> find() throws IOException {
    Set<Path> found = new LinkedHashSet<>();
    ProcessTable table = figures.processTable();
    table.processes().forEach(process -> found.addAll(stores.of(process)));
    stores.keepOnly(table);
    return found.isEmpty() ? Set.of(own()) : found;
  }

  /** None where it is no server. Asked once: an environment does not change. */
  private Set<Path> storesOf(HostProcess process) {
    if (SERVER.match(process) == ProcessRule.Match.NONE) {
      return Set.of();
    }
    return figures
        .environment(process.pid())
        .flatMap(it -> directory(it, Optional.ofNullable(it.get("HOME"))))
        .map(Set::of)
        .orElseGet(this::possible);
  }

  private Set<Path> possible() {
    return Files.isDirectory(SERVICE) ? Set.of(own(), SERVICE) : Set.of(own());
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
