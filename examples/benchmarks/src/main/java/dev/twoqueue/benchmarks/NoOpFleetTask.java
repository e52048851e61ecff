package dev.twoqueue.benchmarks;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/**
 * A fleet task that does nothing, from submit to its end. Each submitter hands over so many tasks,
 * waits for the end of their bodies, and hands over the next: what is left to do after a body (a
 * handle to complete, a permit to pass on) delays the tasks behind it and so is measured as well.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class NoOpFleetTask {

  /** Who runs the tasks. */
  public enum Contender {
    /** The library. */
    TWO_QUEUE("Two-Queue"),
    /** A pool, {@code execute}. */
    POOL("`ThreadPoolExecutor.execute`"),
    /** A pool, {@code submit}. */
    POOL_WITH_FUTURE("`ThreadPoolExecutor.submit`"),
    /** Resilience4j. */
    RESILIENCE4J("Resilience4j `ThreadPoolBulkhead`"),
    /** Failsafe. */
    FAILSAFE("Failsafe `Bulkhead`"),
    /** A semaphore. */
    SEMAPHORE("semaphore, virtual threads"),
    /** Netflix's limits. */
    CONCURRENCY_LIMITS("concurrency-limits");

    final String title;

    Contender(String title) {
      this.title = title;
    }

    FleetContender make() {
      return switch (this) {
        case TWO_QUEUE -> FleetContenders.twoQueue();
        case POOL -> FleetContenders.pool();
        case POOL_WITH_FUTURE -> FleetContenders.poolWithFuture();
        case RESILIENCE4J -> FleetContenders.resilience4j();
        case FAILSAFE -> FleetContenders.failsafe();
        case SEMAPHORE -> FleetContenders.semaphoreWithVirtualThreads();
        case CONCURRENCY_LIMITS -> FleetContenders.concurrencyLimits();
      };
    }

    boolean runsHere() {
      return this != SEMAPHORE || VirtualThreads.exist();
    }
  }

  /** Who runs the tasks. */
  @Param public Contender contender = Contender.TWO_QUEUE;

  /** How many tasks each submitter has under way: one at a time, or a queue full of them. */
  @Param({"1", "1024"})
  public int underWay = 1;

  private @Nullable FleetContender running;

  /** One submitter's tasks. */
  @State(Scope.Thread)
  public static class Submitter {
    private final Batch batch = new Batch();
  }

  /** Makes the contender. */
  @Setup
  public void start() {
    running = contender.make();
  }

  /** Ends it. */
  @TearDown
  public void end() {
    running().close();
  }

  /** One thread submits. */
  @Benchmark
  @Threads(1)
  @OperationsPerInvocation(Batch.SIZE)
  public void submitters1(Submitter submitter) {
    submitter.batch.run(running(), underWay);
  }

  /** Two threads submit. */
  @Benchmark
  @Threads(2)
  @OperationsPerInvocation(Batch.SIZE)
  public void submitters2(Submitter submitter) {
    submitter.batch.run(running(), underWay);
  }

  /** Eight threads submit. */
  @Benchmark
  @Threads(8)
  @OperationsPerInvocation(Batch.SIZE)
  public void submitters8(Submitter submitter) {
    submitter.batch.run(running(), underWay);
  }

  private FleetContender running() {
    FleetContender contender = running;
    if (contender == null) {
      throw new IllegalStateException("start comes first");
    }
    return contender;
  }
}
