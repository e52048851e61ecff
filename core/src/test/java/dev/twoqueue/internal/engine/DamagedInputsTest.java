package dev.twoqueue.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TurnPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines that no recording engine has written are said to be none, in words that help. */
class DamagedInputsTest {
  private static final String FIRST_LINE = InputHeader.of(new Driver().settings(), 0);

  private static String saidOfFirst(String line) {
    return String.valueOf(
        assertThrows(BadInputException.class, () -> new EngineReplay(line)).getMessage());
  }

  private static String saidOf(String line) throws BadInputException {
    EngineReplay replay = new EngineReplay(FIRST_LINE);
    assertTrue(replay.next(withDigest("s\t0\t1\tF\t\t\t", "start 1")).same());
    return String.valueOf(
        assertThrows(BadInputException.class, () -> replay.next(line + "\t0")).getMessage());
  }

  private static String withDigest(String line, String decisions) {
    return line + "\t" + Decisions.digest(decisions);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "two-queue|two|this is no log of inputs, which begins with two-queue-inputs",
        "'inputs\t1'|'inputs\t7'|this log is of version 7, and only version 1 is known here",
        "turns=default|turns=mine|'''default'' or ''logged'' is expected, not ''mine'''",
        "probes=|prods=|probes= is expected, not 'prods=false'",
        "tells=true|tells=yes|'''true'' or ''false'' is expected, not ''yes'''",
        "tells=true|'tells=true\tx'|it has 17 fields instead of 16",
        "tells=true|''|tells= is expected, not ''",
        "'\ttells=true'|''|it ends after 15 fields",
        "fleetLimit=5|fleetLimit=0|0 is less than 1",
        "fleetLimit=5|fleetLimit=2147483648|fleetLimit is at most 2147483647, not 2147483648",
        "nanos=0|nanos=x|a whole number is expected, not 'x'",
      })
  void aDamagedFirstLine(String from, String to, String said) {
    assertEquals(said, saidOfFirst(FIRST_LINE.replace(from, to)).split(":", 2)[0]);
  }

  @Test
  void everySettingIsReadAsItWasWritten() throws BadInputException {
    for (Driver driver :
        new Driver[] {
          new Driver().probes(),
          new Driver().evicts(),
          new Driver().looks(),
          new Driver().looksAtFleet(),
          new Driver().asksOutside(),
          new Driver().tellsNothing(),
          new Driver().fleetLimit(2),
          new Driver().fleetLimit(Integer.MAX_VALUE),
          new Driver().queueLimit(3),
          new Driver().cap(1),
          new Driver().suspendedLimit(9)
        }) {
      EngineSettings settings = driver.settings();
      InputHeader.Beginning read =
          InputHeader.read(InputHeader.of(settings, -7), (a, b, c) -> Duration.ZERO, w -> w.get(0));
      assertEquals(settings, read.settings());
      assertEquals(-7, read.now());
    }
    TurnPolicy own = (turn, elapsed, started) -> Duration.ZERO;
    String line = InputHeader.of(new Driver().turns(own).settings(), 0);
    assertEquals(own, InputHeader.read(line, own, w -> w.get(0)).settings().turnPolicy());
  }

  @ParameterizedTest
  @CsvSource({
    "z\t0, no input has the kind 'z'",
    "tt\t0, no input has the kind 'tt'",
    "'', no input has the kind ''",
    "t, it ends after 1 fields",
    "t\t0\t1, it has 3 fields instead of 2",
    "t\t-1, -1 is less than 0",
    "t\tx, 'a whole number is expected, not ''x'''",
    "s\t0\t1\tF\t\t\t, job 1 comes after job 1",
    "s\t0\t2\tX\t\t\t, 'a class is L or F, not ''X'''",
    "s\t0\t2\tL\t\t0\t, 0 is less than 1",
    "s\t0\t2\tL\t\t\t3153600000000000001, 3153600000000000001 ns are longer than a hundred years",
    "s\t0\t2\tL\tllama;ctx\t\t, 'a runner option is name=value, not ''ctx'''",
    "s\t0\t2\tL\tll\\u00zz\t\t, a backslash begins \\u and four hexadecimal digits in ll\\u00zz",
    "s\t0\t2\tL\tll\\u00e\t\t, a backslash begins \\u and four hexadecimal digits in ll\\u00e",
    "s\t0\t2\tL\tll\\x00e9\t\t, a backslash begins \\u and four hexadecimal digits in ll\\x00e9",
    "c\t0\t2, job 2 was never submitted",
    "c\t0\t-1, -1 is less than 0",
    "b\t0\t1\twell, no body ends with 'well'",
    "o\t0\t1\t=, 'the same residency as before, but there was none before'",
    "o\t0\t1\tw1, 'a resident model is a role, bytes and a name, not w1'",
    "o\t0\t1\tw;m, 'a resident model is a role, bytes and a name, not w;m'",
    "o\t0\t1\tx1;m, 'a resident model is a role, bytes and a name, not x1;m'",
    "o\t0\t1\tw-1;m, -1 is less than 0",
    "'v\t0\t-1\tproceed\t', -1 is less than 0",
    "'v\t0\t1\tmaybe\t', no verdict is 'maybe'",
    "'v\t0\t1\thold\t', a hold says when to look again",
    "e\t0\t1\tx, '''failed'' or '''' is expected, not ''x'''",
    "g\t0\t1\tx, '''lease'' or '''' is expected, not ''x'''",
    "p\t0\tX, 'a class is L or F, not ''X'''",
    "l\t0\t0, 0 is less than 1",
  })
  void aDamagedLine(String line, String said) throws BadInputException {
    assertEquals(said, saidOf(line));
  }

  @Test
  void aLineWithoutFields() throws BadInputException {
    EngineReplay replay = new EngineReplay(FIRST_LINE);
    assertEquals(
        "it is no input, which has a kind, a time and a digest",
        assertThrows(BadInputException.class, () -> replay.next("t")).getMessage());
    assertEquals(
        "a policy's answer begins with t or m, not 'x1'",
        assertThrows(BadInputException.class, () -> replay.next("t\t0\t0:x1")).getMessage());
    assertEquals(
        "a policy's answer begins with t or m, not ''",
        assertThrows(BadInputException.class, () -> replay.next("t\t0\t0:t1,")).getMessage());
  }

  @Test
  void timeEnds() throws BadInputException {
    EngineReplay replay = new EngineReplay(FIRST_LINE);
    replay.next("t\t" + Long.MAX_VALUE + "\t0");
    assertEquals(
        "its time is later than time goes",
        assertThrows(BadInputException.class, () -> replay.next("t\t1\t0")).getMessage());
  }

  @Test
  void anotherDigestIsAnotherDecision() throws BadInputException {
    EngineReplay replay = new EngineReplay(FIRST_LINE);
    EngineReplay.Decided decided = replay.next("s\t5\t1\tF\t\t\t\tabc");
    assertFalse(decided.same());
    assertEquals("abc", decided.expected());
    assertEquals("start 1", decided.decisions());
    assertEquals("0.000000 s  submit 1 F", decided.input());
  }

  @ParameterizedTest
  @CsvSource({
    "m2, the turn policy was asked more often than the log says",
    "'t20,t20,m2', a policy was asked less often than the log says",
    "'t20,m2,m3', a policy was asked less often than the log says",
    "'t20,m9', the drain policy's choice in the log does not wait: 9",
    "t20, the drain policy's choice in the log does not wait: null",
  })
  void anotherQuestionToAPolicyIsADivergence(String answers, String said) throws BadInputException {
    Lines lines = new Lines();
    Driver driver =
        new Driver()
            .recordedIn(lines)
            .turns((turn, elapsed, started) -> Duration.ofNanos(20))
            .drain(waiting -> waiting.get(0));
    Job first = driver.local("first");
    driver.local("second");
    driver.fleet("agent");
    driver.end(first);
    String last = lines.last();
    assertTrue(last.endsWith(":t20,m2"), last);
    EngineReplay replay = new EngineReplay(lines.all.get(0));
    for (String line : lines.all.subList(1, lines.all.size() - 1)) {
      assertTrue(replay.next(line).same(), line);
    }
    EngineReplay.Decided decided =
        replay.next(last.substring(0, last.lastIndexOf(':') + 1) + answers);
    assertFalse(decided.same());
    assertTrue(decided.decisions().endsWith(" (" + said + ")"), decided.decisions());
  }

  @Test
  void whatIsGoneIsForgottenAndMayBeNamedAllTheSame() throws BadInputException {
    ReplayedJobs jobs = new ReplayedJobs();
    Job job = jobs.submitted(new InputFields("4\tL\tllama\t5\t"));
    assertEquals(TaskClass.LOCAL_HEAVY, job.taskClass());
    assertEquals("llama", job.key().orElseThrow().model());
    assertEquals(Duration.ofNanos(5), job.startWithin);
    jobs.keep(job);
    assertEquals(job, jobs.named(new InputFields("4")));
    job.stage = Job.Stage.GONE;
    jobs.forget(job, List.of());
    assertEquals(job, jobs.named(new InputFields("4")), "its end is still to come");
    job.ended = true;
    jobs.forget(job, List.of());
    Job gone = jobs.named(new InputFields("4"));
    assertFalse(gone == job);
    assertTrue(gone.ended());
    assertEquals(Job.Stage.GONE, gone.stage());
  }

  @Test
  void whateverANameHoldsIsReadAsItWasWritten() throws BadInputException {
    String odd = "a\\b;c,d=e \u007f\u00e9";
    ResidencyKey key = new ResidencyKey(odd, Map.of(odd, odd, "x", ""));
    assertEquals(key, LogText.key(LogText.of(key)));
    assertTrue(LogText.of(key).chars().allMatch(c -> c >= ' ' && c < 127), LogText.of(key));
    Residency seen =
        Residency.of(
            List.of(
                new ResidentModel(
                    odd, Map.of(odd, odd), 7, ResidentModel.Role.WORKER, Optional.empty()),
                ResidentModel.alwaysResident("e", 0)));
    assertEquals(seen, LogText.residency(LogText.of(seen)));
    assertEquals(Residency.of(List.of()), LogText.residency(LogText.of(Residency.of(List.of()))));
  }
}
