package dev.twoqueue.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The main job, with the simulated machine's minutes made short. */
@Timeout(120)
class IncidentTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  private String said() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theMorningRunsToItsTableAndTheRuleHolds() {
    // This JVM runs beside other tests and builds: their load is not what is tested here.
    int code = Incident.run(out, "--speed", "200", "--no-load-gate", "--no-process-gate");
    assertEquals(0, code, this::said);
    for (String part :
        List.of(
            "As it was, everything at once:",
            "over by",
            "pays a swap",
            "headroom after the next dispatch",
            "refused before a byte was loaded",
            "KV cache                    40.00 GiB",
            "the classes mixed              never",
            "loads, in order                [llama3.3:70b, qwen2.5:72b]",
            "The rule held.")) {
      assertTrue(said().contains(part), () -> "not said: " + part + "\n" + said());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--frobnicate, unknown option --frobnicate",
    "--speed, --speed needs a value",
    "--speed 0, --speed needs a number above 0",
    "--speed NaN, --speed needs a number above 0",
    "--load-limit -1, --load-limit needs a number above 0",
    "--models a, --models goes with --ollama",
    "'--ollama --models a,,b', --models has an empty name",
  })
  void wrongOptionsAreNamed(String args, String said) {
    assertEquals(64, Incident.run(out, args.split(" ")));
    assertTrue(said().contains(said), this::said);
    assertTrue(said().contains("usage: Incident"), this::said);
  }

  @Test
  void aServerThatIsNotThereIsSaid() {
    assertEquals(3, Incident.run(out, "--ollama", "http://127.0.0.1:9"));
    assertTrue(said().contains("could not run"), this::said);
  }

  @Test
  void helpIsThere() {
    assertEquals(0, Incident.run(out, "--help"));
    assertTrue(said().contains("--no-load-gate"), this::said);
  }
}
