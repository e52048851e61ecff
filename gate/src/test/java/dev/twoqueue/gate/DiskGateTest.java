package dev.twoqueue.gate;

import static dev.twoqueue.gate.Requests.fleet;
import static dev.twoqueue.gate.Requests.holds;
import static dev.twoqueue.gate.Requests.proceeds;
import static dev.twoqueue.gate.Requests.sweep;
import static dev.twoqueue.gate.Requests.writing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullUnmarked // nulls are passed on purpose, and fields set by JUnit
class DiskGateTest {
  private static final long GB = 1_000_000_000;

  private static DiskGate withFree(long bytes) {
    return DiskGate.of(path -> OptionalLong.of(bytes));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 30", // nothing to write: what is kept free
    "10, 40", // kept free after the write
    "30, 60", // both rules alike
    "40, 80" // twice the bytes while the write goes on
  })
  void the_larger_of_both_rules_counts_to_the_byte(long writeGb, long neededGb) throws Exception {
    proceeds(withFree(neededGb * GB).look(writing(writeGb * GB)));

    Verdict.Hold hold = holds(withFree(neededGb * GB - 1).look(writing(writeGb * GB)));

    assertTrue(hold.reason().contains(neededGb + ".0 GB needed"), hold.reason());
    assertEquals(Duration.ofSeconds(2), hold.lookAgainAfter());
  }

  @Test
  void every_heavy_task_needs_what_is_kept_free() throws Exception {
    assertEquals(Verdict.Scope.CLASS, holds(withFree(29 * GB).look(sweep())).scope());
    assertEquals(Verdict.Scope.CLASS, holds(withFree(29 * GB).look(fleet())).scope());
    assertEquals(
        "30.0 GB free at models, 30.0 GB needed (nothing declared to be written, and 30.0 GB"
            + " beside it)",
        proceeds(withFree(30 * GB).withDefaultPath(Path.of("models")).look(sweep())));
  }

  @Test
  void a_task_whose_own_bytes_do_not_fit_is_held_alone() throws Exception {
    assertEquals(Verdict.Scope.TASK, holds(withFree(50 * GB).look(writing(40 * GB))).scope());
    Path elsewhere = Path.of("elsewhere");
    assertEquals(Verdict.Scope.TASK, holds(withFree(1).look(writing(1, elsewhere))).scope());
  }

  @Test
  void the_file_system_that_takes_the_bytes_is_the_one_asked() throws Exception {
    List<Path> asked = new ArrayList<>();
    Path models = Path.of("models");
    Path own = Path.of("own");
    DiskGate gate =
        DiskGate.of(
                path -> {
                  asked.add(path);
                  return OptionalLong.of(100 * GB);
                })
            .withDefaultPath(models);

    gate.look(sweep());
    gate.look(writing(1));
    gate.look(writing(1, own));

    assertEquals(List.of(models, models, own), asked);
  }

  @Test
  void a_file_system_that_fails_or_does_not_tell_holds() throws Exception {
    DiskSource failing =
        path -> {
          throw new IOException("stale file handle");
        };

    assertTrue(holds(DiskGate.of(failing).look(sweep())).reason().contains("stale file handle"));
    assertTrue(
        holds(DiskGate.of(path -> OptionalLong.empty()).look(sweep()))
            .reason()
            .contains("unknown"));
    holds(withFree(-1).look(sweep()));
  }

  @Test
  void the_models_directory_is_the_one_of_the_environment_or_the_default() {
    assertEquals(
        Path.of("elsewhere"),
        ModelStores.directory(Map.of("OLLAMA_MODELS", "elsewhere"), Optional.of("home")).get());
    assertEquals(
        Path.of("home", ".ollama", "models"),
        ModelStores.directory(Map.of("OLLAMA_MODELS", " "), Optional.of("home")).get());
  }

  @Test
  void absurd_sizes_hold() throws Exception {
    holds(withFree(Long.MAX_VALUE - 1).look(writing(Long.MAX_VALUE)));
    holds(withFree(Long.MAX_VALUE).look(writing(Long.MAX_VALUE)));
    holds(withFree(100 * GB).withKeepFreeBytes(Long.MAX_VALUE).look(writing(1)));
    proceeds(withFree(0).withKeepFreeBytes(0).look(sweep()));
    assertFalse(new DiskNeed(OptionalLong.of(Long.MAX_VALUE / 2), 0, Long.MAX_VALUE).isMetBy(0));
    assertEquals(Long.MAX_VALUE, Writes.saturatedAdd(Long.MAX_VALUE, 1));
  }

  @Property(tries = 500)
  void less_room_or_more_bytes_never_turn_a_hold_into_a_proceed(
      @ForAll @LongRange(min = 0) long free,
      @ForAll @LongRange(min = 0) long toWrite,
      @ForAll @LongRange(min = 0) long lessRoom,
      @ForAll @LongRange(min = 0) long moreBytes)
      throws Exception {
    boolean held = withFree(free).look(writing(toWrite)) instanceof Verdict.Hold;
    long worse = Math.max(0, free - lessRoom);
    long larger = toWrite + moreBytes < 0 ? Long.MAX_VALUE : toWrite + moreBytes;

    Verdict verdict = withFree(worse).look(writing(larger));

    assertTrue(!held || verdict instanceof Verdict.Hold, verdict::toString);
    assertEquals(
        worse - larger >= 30 * GB && worse - larger >= larger, verdict instanceof Verdict.Proceed);
  }

  @Test
  void wrong_arguments_are_named() {
    DiskGate gate = withFree(1);
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> gate.withKeepFreeBytes(-1))
            .getMessage()
            .startsWith("bytes"));
    assertThrows(NullPointerException.class, () -> gate.withDefaultPath(null));
    assertThrows(NullPointerException.class, () -> DiskGate.of(null));
    assertThrows(NullPointerException.class, () -> gate.look(null));
  }
}
