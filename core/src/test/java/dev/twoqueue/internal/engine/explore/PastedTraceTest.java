package dev.twoqueue.internal.engine.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.TaskClass;
import dev.twoqueue.internal.engine.Engine;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the explorer prints of a violation is a test: it compiles as it is, and fails the same. */
class PastedTraceTest {
  private static final String NAME = PastedTraceTest.class.getPackageName() + ".Pasted";

  private static String pasted(Trace trace) {
    return String.format(
        """
        package dev.twoqueue.internal.engine.explore;

        import dev.twoqueue.TaskClass;
        import org.junit.jupiter.api.Test;

        class Pasted {
        %s
          public static void main(String[] none) {
            new Pasted().shortestTraceInHeld();
          }
        }
        """,
        trace);
  }

  /** The bounds hold where gates admit; here these do not. */
  private static Explorer.Result boundThatDoesNotHold() {
    WorldSpec spec =
        new WorldSpec("held")
            .local("m1", 1)
            .fleet(2)
            .fleetLimit(1, 2)
            .answers(Ask.LOOK_FLEET, Answer.PROCEED, Answer.HOLD)
            .holdSeconds(60)
            .upTo(1, Op.CANCEL)
            .timed(1, 1);
    return new Explorer(spec, () -> new World(spec), 50_000).explore();
  }

  @Test
  void whatIsPrintedCompilesAndFailsTheSame(@TempDir Path folder) throws Exception {
    Trace found = boundThatDoesNotHold().violation();
    assertNotNull(found);
    assertEquals(3, found.moves().size(), () -> "not the shortest: " + found);
    Path source = folder.resolve("Pasted.java");
    Files.writeString(source, pasted(found));
    String classes =
        Stream.of(World.class, Engine.class, TaskClass.class, Test.class)
            .map(PastedTraceTest::home)
            .distinct()
            .collect(Collectors.joining(File.pathSeparator));
    assertEquals("", run(folder, "javac", "-nowarn", "-cp", classes, "-d", ".", source.toString()));
    String failure = run(folder, "java", "-cp", "." + File.pathSeparator + classes, NAME);
    assertTrue(failure.contains(Objects.requireNonNull(found.broken().getMessage())), failure);
  }

  /** The folder or JAR that a class was read from. */
  private static String home(Class<?> type) {
    String name = type.getName().replace('.', '/') + ".class";
    String url = Objects.requireNonNull(type.getResource("/" + name)).toString();
    String home = url.substring(0, url.length() - name.length());
    String plain = home.startsWith("jar:") ? home.substring(4, home.length() - 2) : home;
    return Path.of(URI.create(plain)).toString();
  }

  /** What a tool of this JDK has to say; nothing where all is well. */
  private static String run(Path folder, String tool, String... arguments)
      throws IOException, InterruptedException {
    Path program = Path.of(System.getProperty("java.home"), "bin", tool);
    List<String> command =
        Stream.concat(Stream.of(program.toString()), Stream.of(arguments)).toList();
    Path output = folder.resolve(tool + ".out");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertTrue(process.waitFor(2, TimeUnit.MINUTES), () -> tool + " hangs");
    String said = Files.readString(output, StandardCharsets.UTF_8);
    return process.exitValue() == 0 ? "" : said;
  }
}
