package dev.twoqueue.internal.engine;

import dev.twoqueue.Lease;
import dev.twoqueue.Outcome;
import dev.twoqueue.Residency;
import dev.twoqueue.TaskClass;
import dev.twoqueue.Verdict;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An engine that is told what a {@link RecordingEngine} has written down, line by line. */
public final class EngineReplay {
  private final Engine engine;
  private final ReplayedPolicies policies = new ReplayedPolicies();
  private final ReplayedJobs jobs = new ReplayedJobs();
  private final long beginning;
  private long now;
  private @Nullable Residency lastResidency;
  private @Nullable Job endedBody;

  /** Begins with a log's first line. */
  public EngineReplay(String firstLine) throws BadInputException {
    InputHeader.Beginning header =
        InputHeader.read(firstLine, policies.turnPolicy, policies.drainPolicy);
    beginning = header.now();
    now = beginning;
    engine = new Engine(header.settings(), now);
  }

  /**
   * What one line came to.
   *
   * @param line the line
   * @param nanos its time, since the log's beginning
   * @param decisions what the engine made of it, for people
   * @param expected the digest in the log
   * @param digest the digest of these decisions
   */
  public record Decided(String line, long nanos, String decisions, String expected, String digest) {
    /** Whether the engine decided what it had decided when the log was written. */
    public boolean same() {
      return expected.equals(digest);
    }

    /** What the engine was told, for people. */
    public String input() {
      String[] fields = line.split("\t", -1);
      StringBuilder words = new StringBuilder(String.format(Locale.ROOT, "%.6f s  ", nanos / 1e9));
      words.append(InputKind.of(fields[0]).orElseThrow().words);
      for (int i = 2; i < fields.length - 1; i++) {
        words.append(fields[i].isEmpty() ? "" : " ").append(fields[i]);
      }
      return words.toString();
    }
  }

  /** Something that the engine is told; its answer, in words. */
  @FunctionalInterface
  private interface Input {
    String tell();
  }

  /** Tells the engine the next line's input. */
  public Decided next(String line) throws BadInputException {
    int lastField = line.lastIndexOf('\t');
    if (lastField < 0) {
      throw new BadInputException("it is no input, which has a kind, a time and a digest");
    }
    String[] digest = line.substring(lastField + 1).split(":", 2);
    policies.answer(digest.length == 1 ? "" : digest[1]);
    InputFields fields = new InputFields(line.substring(0, lastField));
    String letter = fields.text();
    InputKind kind =
        InputKind.of(letter)
            .orElseThrow(() -> new BadInputException("no input has the kind '" + letter + "'"));
    long then = now + fields.number(0);
    if (then < now) {
      throw new BadInputException("its time is later than time goes");
    }
    now = then;
    Input input = read(kind, fields);
    fields.end();
    String decisions = told(input);
    return new Decided(line, now - beginning, decisions, digest[0], Decisions.digest(decisions));
  }

  private Input read(InputKind kind, InputFields fields) throws BadInputException {
    try {
      return switch (kind) {
        case SUBMIT -> submit(jobs.submitted(fields));
        case CANCEL, BODY_ENDED, AWAIT, BEGIN_JOIN, END_JOIN ->
            ofJob(kind, jobs.named(fields), fields);
        case OBSERVED, VERDICT, FLEET_VERDICT, EVICTED, PERMIT_GRANTED, PERMIT_REFUSED ->
            answer(kind, fields.number(0), fields);
        default -> ofHost(kind, fields);
      };
    } catch (IllegalArgumentException wrong) { // a public type's, about what it is made of
      throw new BadInputException(String.valueOf(wrong.getMessage()));
    }
  }

  private Input submit(Job job) {
    return () -> {
      String why = engine.submit(job, now);
      if (why == null) {
        jobs.keep(job);
      }
      return Decisions.rejected(why);
    };
  }

  private Input ofJob(InputKind kind, Job job, InputFields fields) throws BadInputException {
    return switch (kind) {
      case CANCEL -> () -> Decisions.cancelled(engine.cancel(job, "cancelled", now));
      case BODY_ENDED -> {
        Outcome<?> outcome = OutcomeText.read(fields.text());
        endedBody = job;
        yield () -> did(() -> engine.bodyEnded(job, outcome, now));
      }
      case AWAIT -> {
        Job awaited = jobs.named(fields);
        yield () -> Decisions.deadlock(engine.await(job, awaited, now));
      }
      case BEGIN_JOIN -> {
        Job joined = jobs.named(fields);
        yield () -> Decisions.deadlock(engine.beginJoin(job, joined, now));
      }
      default -> () -> did(() -> engine.endJoin(job, now));
    };
  }

  private Input answer(InputKind kind, long token, InputFields fields) throws BadInputException {
    return switch (kind) {
      case OBSERVED -> {
        Residency seen = residency(fields.text());
        yield () -> did(() -> engine.observed(token, seen, now));
      }
      case VERDICT -> {
        Verdict verdict = VerdictText.read(fields);
        yield () -> did(() -> engine.verdict(token, verdict, now));
      }
      case FLEET_VERDICT -> {
        Verdict verdict = VerdictText.read(fields);
        yield () -> did(() -> engine.fleetVerdict(token, verdict, now));
      }
      case EVICTED -> {
        boolean failed = fields.is(RecordingEngine.FAILED, RecordingEngine.DONE);
        yield () -> did(() -> engine.evicted(token, failed ? "it failed" : null, now));
      }
      case PERMIT_GRANTED -> {
        boolean leased = fields.is(RecordingEngine.LEASE, RecordingEngine.NO_LEASE);
        Lease permit = leased ? VerdictText.SOME_LEASE : Lease.NONE;
        yield () -> did(() -> engine.permitGranted(token, permit, now));
      }
      default -> () -> did(() -> engine.permitRefused(token, "it was refused", now));
    };
  }

  private Residency residency(String text) throws BadInputException {
    Residency seen = text.equals(RecordingEngine.SAME) ? lastResidency : LogText.residency(text);
    if (seen == null) {
      throw new BadInputException("the same residency as before, but there was none before");
    }
    lastResidency = seen;
    return seen;
  }

  private Input ofHost(InputKind kind, InputFields fields) throws BadInputException {
    return switch (kind) {
      case PAUSE -> {
        TaskClass taskClass = LogText.taskClass(fields.text());
        yield () -> did(() -> engine.pause(taskClass, now));
      }
      case RESUME -> {
        TaskClass taskClass = LogText.taskClass(fields.text());
        yield () -> did(() -> engine.resume(taskClass, now));
      }
      case FLEET_LIMIT -> {
        int limit = (int) Math.min(fields.number(1), Integer.MAX_VALUE);
        yield () -> did(() -> engine.fleetLimit(limit, now));
      }
      case SHUTDOWN -> () -> did(() -> engine.shutdown(now));
      case SHUTDOWN_NOW -> () -> Decisions.neverRan(engine.shutdownNow("shut down", now));
      default -> () -> did(() -> engine.tick(now));
    };
  }

  private static String did(Runnable input) {
    input.run();
    return "";
  }

  private String told(Input input) {
    String answer;
    try {
      answer = input.tell();
    } catch (RuntimeException thrown) { // as it may have when the log was written
      answer = Decisions.THREW;
    }
    List<Effect> effects = engine.takeEffects();
    jobs.forget(endedBody, effects);
    endedBody = null;
    String decisions = Decisions.text(answer, effects, engine.wakeSince(beginning));
    String difference = policies.difference();
    return difference.isEmpty() ? decisions : decisions + " (" + difference + ")";
  }
}
