package dev.twoqueue.internal.engine;

import dev.twoqueue.Lease;
import dev.twoqueue.Outcome;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskDeadlockException;
import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An engine that writes down what it is told, a line for each input: what the input is, the time
 * since the one before, whatever of it decides something, and a digest of the decisions. Names,
 * reasons and results decide nothing and are not written.
 */
public final class RecordingEngine extends Engine {
  /** Instead of a residency that is the same as the last one. */
  static final String SAME = "=";

  static final String LEASE = "lease";
  static final String NO_LEASE = "";
  static final String FAILED = "failed";
  static final String DONE = "";

  private final InputSink sink;
  private final PolicyAnswers policies;
  private final StringBuilder line = new StringBuilder();
  private final long beginning;
  private long last;
  private String lastResidency = "";

  /** An engine with empty queues; its settings are the sink's first line. */
  public RecordingEngine(EngineSettings settings, long now, InputSink sink) {
    this(settings, now, sink, new PolicyAnswers());
  }

  private RecordingEngine(
      EngineSettings settings, long now, InputSink sink, PolicyAnswers policies) {
    super(policies.listenTo(settings), now);
    this.sink = sink;
    this.policies = policies;
    this.beginning = now;
    this.last = now;
    sink.add(InputHeader.of(settings, now));
  }

  @Override
  public @Nullable String submit(Job job, long now) {
    return recorded(
            InputKind.SUBMIT,
            () -> Optional.ofNullable(super.submit(job, now)),
            why -> Decisions.rejected(why.orElse(null)),
            job.id,
            job.taskClass,
            job.key,
            job.startWithin,
            job.runTimeout)
        .orElse(null);
  }

  @Override
  public boolean cancel(Job job, String reason, long now) {
    return recorded(
        InputKind.CANCEL, () -> super.cancel(job, reason, now), Decisions::cancelled, job.id);
  }

  @Override
  public void observed(long token, Residency residency, long now) {
    recorded(InputKind.OBSERVED, () -> super.observed(token, residency, now), token, residency);
  }

  @Override
  public void verdict(long token, Verdict verdict, long now) {
    recorded(InputKind.VERDICT, () -> super.verdict(token, verdict, now), token, verdict);
  }

  @Override
  public void fleetVerdict(long token, Verdict verdict, long now) {
    recorded(
        InputKind.FLEET_VERDICT, () -> super.fleetVerdict(token, verdict, now), token, verdict);
  }

  @Override
  public void evicted(long token, @Nullable String failure, long now) {
    recorded(
        InputKind.EVICTED,
        () -> super.evicted(token, failure, now),
        token,
        failure == null ? DONE : FAILED);
  }

  @Override
  public void permitGranted(long token, Lease permit, long now) {
    recorded(
        InputKind.PERMIT_GRANTED,
        () -> super.permitGranted(token, permit, now),
        token,
        permit == Lease.NONE ? NO_LEASE : LEASE);
  }

  @Override
  public void permitRefused(long token, String why, long now) {
    recorded(InputKind.PERMIT_REFUSED, () -> super.permitRefused(token, why, now), token);
  }

  @Override
  public void bodyEnded(Job job, Outcome<?> outcome, long now) {
    recorded(InputKind.BODY_ENDED, () -> super.bodyEnded(job, outcome, now), job.id, outcome);
  }

  @Override
  public @Nullable TaskDeadlockException await(Job job, Job target, long now) {
    return recorded(
            InputKind.AWAIT,
            () -> Optional.ofNullable(super.await(job, target, now)),
            dead -> Decisions.deadlock(dead.orElse(null)),
            job.id,
            target.id)
        .orElse(null);
  }

  @Override
  public @Nullable TaskDeadlockException beginJoin(Job job, Job target, long now) {
    return recorded(
            InputKind.BEGIN_JOIN,
            () -> Optional.ofNullable(super.beginJoin(job, target, now)),
            dead -> Decisions.deadlock(dead.orElse(null)),
            job.id,
            target.id)
        .orElse(null);
  }

  @Override
  public void endJoin(Job job, long now) {
    recorded(InputKind.END_JOIN, () -> super.endJoin(job, now), job.id);
  }

  @Override
  public void tick(long now) {
    recorded(InputKind.TICK, () -> super.tick(now));
  }

  @Override
  public void pause(TaskClass taskClass, long now) {
    recorded(InputKind.PAUSE, () -> super.pause(taskClass, now), taskClass);
  }

  @Override
  public void resume(TaskClass taskClass, long now) {
    recorded(InputKind.RESUME, () -> super.resume(taskClass, now), taskClass);
  }

  @Override
  public void fleetLimit(int limit, long now) {
    recorded(InputKind.FLEET_LIMIT, () -> super.fleetLimit(limit, now), limit);
  }

  @Override
  public void shutdown(long now) {
    recorded(InputKind.SHUTDOWN, () -> super.shutdown(now));
  }

  @Override
  public List<Job> shutdownNow(String reason, long now) {
    return recorded(
        InputKind.SHUTDOWN_NOW, () -> super.shutdownNow(reason, now), Decisions::neverRan);
  }

  /** An input that has an answer. */
  @FunctionalInterface
  private interface Question<R> {
    R ask();
  }

  private void recorded(InputKind kind, Runnable input, @Nullable Object... fields) {
    recorded(
        kind,
        () -> {
          input.run();
          return "";
        },
        answer -> answer,
        fields);
  }

  private <R> R recorded(
      InputKind kind, Question<R> input, Function<R, String> words, @Nullable Object... fields) {
    if (sink.over()) {
      return input.ask();
    }
    int before = pending().size();
    policies.begin();
    String answer = Decisions.THREW;
    try {
      R got = input.ask();
      answer = words.apply(got);
      return got;
    } finally {
      append(kind, fields, answer, before);
    }
  }

  /** Nothing that goes wrong here may reach the caller: its input was decided. */
  private void append(InputKind kind, @Nullable Object[] fields, String answer, int before) {
    try {
      line.setLength(0);
      line.append(kind.letter).append('\t').append(now() - last);
      last = now();
      for (Object field : fields) {
        line.append('\t').append(text(field));
      }
      List<Effect> effects = pending().subList(before, pending().size());
      line.append('\t')
          .append(Decisions.digest(Decisions.text(answer, effects, wakeSince(beginning))));
      CharSequence answers = policies.end();
      if (!answers.isEmpty()) {
        line.append(':').append(answers);
      }
      sink.add(line);
    } catch (Throwable thrown) {
      sink.broken(thrown);
    }
  }

  private String text(@Nullable Object field) {
    if (field instanceof ResidencyKey key) {
      return LogText.of(key);
    } else if (field instanceof TaskClass taskClass) {
      return LogText.of(taskClass);
    } else if (field instanceof Duration duration) {
      return LogText.of(duration);
    } else if (field instanceof Verdict verdict) {
      return VerdictText.of(verdict) + '\t' + VerdictText.nanos(verdict);
    } else if (field instanceof Outcome<?> outcome) {
      return OutcomeText.of(outcome);
    } else if (field instanceof Residency residency) {
      String seen = LogText.of(residency);
      boolean same = seen.equals(lastResidency);
      lastResidency = seen;
      return same ? SAME : seen;
    }
    return field == null ? "" : field.toString();
  }
}
