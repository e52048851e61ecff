package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A log of inputs is replayed to the same decisions, and one that is damaged is told so. */
@Timeout(40)
class InputLogTest {
  private static final long ENOUGH = 1 << 20;

  private final ManualTime time = new ManualTime();
  private final FakeModelServer server = new FakeModelServer().holding("A");

  private Path file;

  @BeforeEach
  void nameTheFile(@TempDir Path folder) {
    file = folder.resolve("inputs.log");
  }

  private SchedulerBuilder logged() {
    return time.scheduler().inputLog(InputLog.toFile(file, ENOUGH));
  }

  /** One of each: a hold, a refusal, an eviction, a cancel, deadlines, a pause, another limit. */
  private void aBusyMinute(SchedulerBuilder builder) throws InterruptedException {
    List<Verdict> verdicts =
        new ArrayList<>(
            List.of(
                Verdict.hold("secret reason", Duration.ofSeconds(2)),
                Verdict.proceed().withLease(() -> {}),
                Verdict.refuse("secret reason"),
                Verdict.holdClass("secret reason", Duration.ofSeconds(3))));
    TwoQueueScheduler scheduler =
        builder
            .listener(event -> {})
            .residencyProbe(server)
            .gate(request -> verdicts.isEmpty() ? Verdict.proceed() : verdicts.remove(0))
            .build();
    scheduler.submit(Tasks.fleet("secret name", time, Duration.ofSeconds(4)));
    for (String model : List.of("A", "B;=,\\\u00e9\t", "A", "B;=,\\\u00e9\t")) {
      scheduler.submit(
          LocalHeavyTask.asyncBuilder(
                  LocalKind.ORACLE,
                  "secret name",
                  task -> time.after(Duration.ofSeconds(1), "secret result"))
              .model(model)
              .runTimeout(Duration.ofMinutes(1))
              .build());
    }
    scheduler.fleetLimit(2);
    TaskHandle<String> cancelled =
        scheduler.submit(
            LocalHeavyTask.builder(LocalKind.OTHER, "secret name", task -> "secret result")
                .startWithin(Duration.ofSeconds(50))
                .build());
    cancelled.cancel("secret reason");
    scheduler.submit(
        LocalHeavyTask.asyncBuilder(
                LocalKind.OTHER,
                "secret name",
                task -> time.after(Duration.ofSeconds(15), "secret result"))
            .runTimeout(Duration.ofSeconds(5))
            .build());
    scheduler.pause(TaskClass.FLEET);
    time.seconds(30);
    scheduler.resume(TaskClass.FLEET);
    for (int i = 0; i < 3; i++) {
      scheduler.submit(Tasks.fleet("secret name", time, Duration.ofSeconds(3)));
      scheduler.submit(Tasks.local("secret name", time, Duration.ofSeconds(2)));
    }
    time.seconds(10);
    scheduler.snapshot();
    scheduler.shutdownNow("secret reason");
    time.pass(Duration.ofHours(2));
    assertTrue(scheduler.isTerminated());
    assertTrue(scheduler.awaitTermination(Duration.ofSeconds(20)));
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(file, StandardCharsets.US_ASCII);
  }

  private InputReplay replayOf(List<String> lines) throws IOException {
    Files.write(file, lines, StandardCharsets.US_ASCII);
    return InputLog.replay(file);
  }

  @Test
  void aLogIsReplayedToTheSameDecisions() throws Exception {
    aBusyMinute(logged());
    List<String> told = new ArrayList<>();
    InputReplay replay = InputLog.replay(file, told::add);
    assertEquals(Optional.empty(), replay.divergence());
    assertEquals(InputReplay.End.TERMINATED, replay.end());
    assertEquals(lines().size() - 2, replay.inputs());
    assertEquals(replay.inputs(), told.size());
    String all = String.join("\n", told);
    for (String decision :
        List.of("start 1", "evict A", "held 2 task 2000000000", "refused", "release", "tell 7")) {
      assertTrue(all.contains(decision), () -> decision + " is not in\n" + all);
    }
  }

  @Test
  void whatIsForPeopleIsNotLogged() throws Exception {
    aBusyMinute(logged());
    assertFalse(Files.readString(file).contains("secret"));
  }

  @Test
  void aLogIsAsGoodWithTheHostsOwnPolicies() throws Exception {
    aBusyMinute(
        logged()
            .turnPolicy((turn, elapsed, started) -> Duration.ofMillis(2_500).minus(elapsed))
            .drainPolicy(waiting -> waiting.get(waiting.size() - 1)));
    InputReplay replay = InputLog.replay(file);
    assertEquals(Optional.empty(), replay.divergence());
    assertEquals(InputReplay.End.TERMINATED, replay.end());
    String all = Files.readString(file);
    for (String answer : List.of("t[1-9]\\d+", "m\\d+")) {
      assertTrue(Pattern.compile("[:,]" + answer + "[,\n]").matcher(all).find(), all);
    }
  }

  @Test
  void anotherAnswerOfAPolicyIsADivergence() throws Exception {
    aBusyMinute(
        logged()
            .turnPolicy((turn, elapsed, started) -> Duration.ZERO)
            .drainPolicy(DrainPolicy.SUBMISSION_ORDER));
    List<String> whole = lines();
    for (String[] change :
        new String[][] {{"t0", ""}, {"t0", "t0,t0,t0"}, {"m\\d+", "m99"}, {"m\\d+", ""}}) {
      List<String> lines = new ArrayList<>(whole);
      lines.replaceAll(line -> line.matches(".*:.*") ? changed(line, change) : line);
      assertTrue(replayOf(lines).divergence().isPresent(), change[0] + " to " + change[1]);
    }
  }

  private static String changed(String line, String[] change) {
    int answers = line.lastIndexOf(':') + 1;
    String now = line.substring(answers).replaceFirst(change[0], change[1]);
    return line.substring(0, answers) + now.replaceFirst("^,", "").replaceFirst(",$", "");
  }

  @ParameterizedTest
  @CsvSource({
    "v\t.*\tleased\t, \tleased\t, \trefuse\t",
    "v\t.*\trefuse\t, \trefuse\t, \tproceed\t",
    "v\t.*\thold\t, \thold\t, \tholdClass\t",
    "o\t.*, \tw42949672960;A\t, \t-\t",
    "b\t.*, \tok\t, \tfailed\t",
    "l\t.*, \t2\t, \t3\t",
  })
  void anInputThatWasChangedIsADivergence(String which, String from, String to) throws Exception {
    aBusyMinute(logged());
    List<String> lines = lines();
    int at = 0;
    while (!(lines.get(at).matches(which + ".*") && lines.get(at).contains(from))) {
      at++;
    }
    lines.set(at, lines.get(at).replace(from, to));
    InputReplay replay = replayOf(lines);
    InputReplay.Divergence found = replay.divergence().orElseThrow();
    assertTrue(found.line() >= at + 1, found::toString);
    assertEquals(found.line() - 1, replay.inputs());
    assertFalse(found.expected().equals(found.digest()));
    assertEquals(InputReplay.End.NOT_REACHED, replay.end());
  }

  @Test
  void aTornLastLineIsIgnored() throws Exception {
    aBusyMinute(logged());
    byte[] whole = Files.readAllBytes(file);
    long inputs = InputLog.replay(file).inputs();
    int header = new String(whole, StandardCharsets.US_ASCII).indexOf('\n') + 1;
    for (int length = header; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      InputReplay replay = InputLog.replay(file);
      boolean wholeLine = whole[length - 1] == '\n';
      assertEquals(wholeLine ? InputReplay.End.OPEN : InputReplay.End.TORN, replay.end());
      assertEquals(Optional.empty(), replay.divergence());
      assertTrue(replay.inputs() <= inputs);
    }
  }

  @Test
  void everyDamagedLineIsNamedOrDiverges() throws Exception {
    aBusyMinute(logged());
    List<String> whole = lines();
    for (int i = 0; i < whole.size() - 1; i++) {
      for (String damage : List.of("", "\t", "zzz", "s\t-1\t1\tF\t\t\t\t0", "v\t1\t1\thold\t\t0")) {
        List<String> lines = new ArrayList<>(whole);
        lines.set(i, damage);
        int number = i + 1;
        InputLog.FormatException bad =
            assertThrows(InputLog.FormatException.class, () -> replayOf(lines));
        assertEquals(number, bad.line());
        assertTrue(said(bad).contains(file + ", line " + number + ": "), () -> said(bad));
      }
      List<String> lines = new ArrayList<>(whole);
      lines.set(i, lines.get(i) + "0");
      if (i > 0) {
        assertEquals(i + 1, replayOf(lines).divergence().orElseThrow().line());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', it has no whole line",
    "'no newline', it has no whole line",
    "'GIF89a\n', 'no log of inputs, which begins with two-queue-inputs'",
    "'two-queue-inputs\t2\tnanos=0\n', 'of version 2, and only version 1 is known'",
    "'two-queue-inputs\t1\tnanos=0\n', 'it ends after 3 fields'",
  })
  void whatIsNoLogOfThisVersionIsSaidToBeNone(String text, String said) throws IOException {
    Files.writeString(file, text);
    InputLog.FormatException bad =
        assertThrows(InputLog.FormatException.class, () -> InputLog.replay(file));
    assertTrue(said(bad).contains(said), () -> said(bad));
    assertEquals(1, bad.line());
  }

  @Test
  void aLineWithoutAnEndIsNotReadIntoMemory() throws Exception {
    Files.write(file, new byte[3 << 20]);
    InputLog.FormatException bad =
        assertThrows(InputLog.FormatException.class, () -> InputLog.replay(file));
    assertTrue(said(bad).contains("the line has no end"), () -> said(bad));
  }

  @Test
  void wrongArgumentsAndPlacesAreNamed() {
    assertEquals(
        "maxBytes must be at least 4096, was 4095",
        assertThrows(IllegalArgumentException.class, () -> InputLog.toFile(file, 4095))
            .getMessage());
    Path nowhere = file.resolveSibling("not there").resolve("inputs.log");
    SchedulerBuilder builder = time.scheduler().inputLog(InputLog.toFile(nowhere, 4096));
    UncheckedIOException failed = assertThrows(UncheckedIOException.class, builder::build);
    assertTrue(said(failed).contains(nowhere.toString()), () -> said(failed));
    assertThrows(IOException.class, () -> InputLog.replay(nowhere));
  }

  private static String said(Exception thrown) {
    return String.valueOf(thrown.getMessage());
  }
}
