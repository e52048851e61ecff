import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The files under version control, and new ones that are not ignored. */
final class Repository {
  final Set<String> files = new TreeSet<>();
  private final Set<String> folders = new HashSet<>();

  static Repository open() throws IOException, InterruptedException {
    Process git =
        new ProcessBuilder("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (git.waitFor() != 0) {
      throw new IOException("git ls-files failed: is this a clone?");
    }
    Repository repository = new Repository();
    Stream.of(names.split("\0"))
        .filter(name -> Files.isRegularFile(Path.of(name)))
        .forEach(repository::add);
    if (!repository.files.contains("pom.xml")) {
      throw new IOException("no pom.xml here: run this from the root of the repository");
    }
    return repository;
  }

  private void add(String file) {
    files.add(file);
    folders.add("");
    for (int slash = file.indexOf('/'); slash >= 0; slash = file.indexOf('/', slash + 1)) {
      folders.add(file.substring(0, slash));
    }
  }

  List<String> withSuffix(String... suffixes) {
    return files.stream().filter(name -> Stream.of(suffixes).anyMatch(name::endsWith)).toList();
  }

  boolean has(String path) {
    return files.contains(path) || folders.contains(path);
  }

  static String read(String file) {
    try {
      return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
