package dev.twoqueue.benchmarks;

import dev.twoqueue.Outcome;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.TaskClass;
import dev.twoqueue.internal.engine.Effect;
import dev.twoqueue.internal.engine.Engine;
import dev.twoqueue.internal.engine.Job;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The whole engine without a shell: a local-heavy task is submitted, the running one ends, and the
 * next in drain order starts.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EngineEvent {
  private static final int FRESH = 256;
  private static final Outcome<Boolean> SUCCEEDED = new Outcome.Succeeded<>(true);

  /** How many tasks wait. */
  @Param({"10", "1000", "100000", "1000000"})
  public int queued = 10;

  /** Over how many models they are spread. */
  @Param({"1", "30", "1000"})
  public int models = 1;

  private static final class NoOp extends Job {
    NoOp(long id, ResidencyKey key) {
      super(id, TaskClass.LOCAL_HEAVY, key, "no-op", null, null);
    }
  }

  private final SplittableRandom random = new SplittableRandom(4);
  private final Job[] fresh = new Job[FRESH];
  private Engine engine = new Engine(Engines.unguarded(1), 0);
  private List<ResidencyKey> keys = List.of();
  private @Nullable Job running;
  private long lastId;
  private long now;

  /** Fills the engine; the first task runs. */
  @Setup
  public void fill() {
    engine = new Engine(Engines.unguarded(queued + 1), now);
    keys = IntStream.range(0, models).mapToObj(i -> ResidencyKey.of("model-" + i)).toList();
    for (int i = 0; i <= queued; i++) {
      submit(job());
    }
  }

  /** New jobs are made outside of what is timed. */
  @Setup(Level.Invocation)
  public void make() {
    for (int i = 0; i < FRESH; i++) {
      fresh[i] = job();
    }
  }

  /** One submit, one end, one start. */
  @Benchmark
  @OperationsPerInvocation(FRESH)
  public @Nullable Job endAndStart() {
    for (Job job : fresh) {
      Job ending = running;
      if (ending == null) {
        throw new IllegalStateException("nothing runs");
      }
      engine.bodyEnded(ending, SUCCEEDED, ++now);
      carryOut();
      submit(job);
    }
    return running;
  }

  private Job job() {
    return new NoOp(++lastId, keys.get(random.nextInt(models)));
  }

  private void submit(Job job) {
    String rejected = engine.submit(job, ++now);
    if (rejected != null) {
      throw new IllegalStateException(rejected);
    }
    carryOut();
  }

  /** What the shell asks for after every event. */
  private void carryOut() {
    for (Effect effect : engine.takeEffects()) {
      if (effect instanceof Effect.Start start) {
        running = start.job();
      }
    }
    if (engine.nextWake() != Long.MAX_VALUE) {
      throw new IllegalStateException("nothing waits for a time");
    }
  }
}
