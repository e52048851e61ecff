package dev.twoqueue.gate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The files of one state of a host, of {@code hosts/<host>/<state>}, put together in a scratch
 * folder moment by moment: those of {@code <host>/common}, then the state's own; each may have
 * folders 1, 2 and so on for what is otherwise from that moment on.
 */
final class RecordedFiles {
  private final List<Path> layers;
  private final Path root;
  private int moment;

  RecordedFiles(String name, Path scratch) throws IOException {
    Path state = hosts().resolve(name);
    this.layers = List.of(state.resolveSibling("common"), state);
    this.root = scratch;
    for (Path layer : layers) {
      if (Files.isDirectory(layer)) {
        copy(layer, true);
      }
    }
    next();
  }

  static Path hosts() throws IOException {
    URL url = Objects.requireNonNull(RecordedFiles.class.getResource("hosts"), "hosts");
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  /** All states, as {@code <host>/<state>}. */
  static List<String> states() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path host : folders(hosts())) {
      for (Path each : folders(host)) {
        if (!each.endsWith("common")) {
          found.add(host.getFileName() + "/" + each.getFileName());
        }
      }
    }
    return found;
  }

  private static List<Path> folders(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isDirectory).sorted().toList();
    }
  }

  Path root() {
    return root;
  }

  /** Goes on to the next moment. */
  void next() throws IOException {
    moment++;
    boolean found = false;
    for (Path layer : layers) {
      Path files = layer.resolve(Integer.toString(moment));
      if (Files.isDirectory(files)) {
        copy(files, false);
        found = true;
      }
    }
    if (!found) {
      throw new IOException("the recording in " + layers + " has no moment " + moment);
    }
  }

  private void copy(Path from, boolean withoutMoments) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      all.filter(Files::isRegularFile)
          .filter(file -> !withoutMoments || !from.relativize(file).toString().matches("[0-9]+/.*"))
          .forEach(file -> copy(file, root.resolve(from.relativize(file).toString())));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void copy(Path from, Path to) {
    try {
      Files.createDirectories(to.getParent());
      String text = Files.readString(from);
      // The kernel separates words by NULs, with which a fixture would be no text.
      Files.writeString(to, to.endsWith("cmdline") ? text.replace('\n', '\0') : text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean has(String file) {
    return Files.exists(root.resolve(file));
  }

  String text(String file) throws IOException {
    return Files.readString(root.resolve(file), StandardCharsets.UTF_8);
  }

  /** The rows of a table: cells are separated by bars; lines that begin with # are remarks. */
  List<List<String>> rows(String file) throws IOException {
    return text(file)
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> Stream.of(line.split("\\|", -1)).map(String::strip).toList())
        .toList();
  }

  /** {@code key = value}. */
  Map<String, String> figures() throws IOException {
    Map<String, String> found = new HashMap<>();
    text("figures")
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.split("=", 2))
        .forEach(parts -> found.put(parts[0].strip(), parts[1].strip()));
    return found;
  }
}
