package dev.twoqueue.gate.classify;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Input that was made to cost much costs little, and is not taken for light. */
class HostileInputTest {
  private static final int LENGTH = 64 * 1024;
  private static final long MOST_BYTES = 512L << 20;

  private final WorkClassifier classifier = WorkClassifier.standard();

  static Stream<String> lines() {
    return Stream.of(
            "(",
            ")",
            "{ ",
            "$(",
            "`",
            "\"",
            "'",
            "\"$(",
            "((",
            "$((",
            "<(",
            "<<",
            "<<E\n",
            "${",
            "\\",
            "sudo ",
            "env A=1 ",
            "A=1 ",
            "bash -c \"",
            "bash -c '",
            "timeout 1 ",
            "find -exec ",
            "sudo --x ",
            "nice --y z ",
            "a|",
            "a;",
            "a&&",
            "x ",
            "* ",
            "-",
            "--a=b ",
            "[[ ",
            "case x in ",
            "for i in ",
            "if ",
            "export A=b;",
            "curl http://localhost/",
            "pytest -k ",
            "git -c ",
            "docker exec c ",
            "xargs ",
            "echo x | sh | ",
            "eval ",
            "a/",
            "\n",
            "#")
        .map(piece -> piece.repeat(LENGTH / piece.length()) + "ollama pull x");
  }

  @ParameterizedTest
  @MethodSource("lines")
  void a_line_of_64_kilobytes_is_classified_in_bounded_time_and_memory(String line) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] bytes = new long[1];
    WorkClass found =
        assertTimeoutPreemptively(
            Duration.ofSeconds(10),
            () -> {
              long before = threads.getCurrentThreadAllocatedBytes();
              WorkClass work = classifier.command(line);
              bytes[0] = threads.getCurrentThreadAllocatedBytes() - before;
              return work;
            });

    assertTrue(bytes[0] < MOST_BYTES, () -> bytes[0] + " bytes");
    assertFalse(
        found instanceof WorkClass.Fleet,
        () -> "taken for fleet: " + found + ": " + line.substring(0, 40));
  }

  @Test
  void addresses_bodies_and_names_of_any_length_are_bounded() {
    for (String piece :
        List.of("/", "a/", "resolve/", "[", "{", "\"", "{\"a\":", "*", "%41", "@", ":", "&a=b")) {
      String text = piece.repeat(LENGTH / piece.length());
      assertTimeoutPreemptively(
          Duration.ofSeconds(10),
          () -> {
            classifier.model(text);
            classifier.request("POST", "http://localhost/" + text, text);
            classifier.request("POST", text, "{\"model\":" + text);
          },
          piece);
    }
  }

  @Test
  void what_is_too_long_or_too_deep_to_read_is_unknown() {
    WorkClass tooLong = classifier.command("ls " + "x".repeat(300_000));
    WorkClass tooDeep = classifier.command("sudo ".repeat(100) + "ls");
    WorkClass tooMany = classifier.command("ls;".repeat(20_000));

    for (WorkClass found : List.of(tooLong, tooDeep, tooMany)) {
      assertTrue(found instanceof WorkClass.Unknown, found::toString);
    }
  }
}
