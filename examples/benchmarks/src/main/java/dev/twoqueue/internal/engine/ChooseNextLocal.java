package dev.twoqueue.internal.engine;

import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import org.openjdk.jmh.annotations.TearDown;

/**
 * Choosing the next local-heavy task, and what else happens to one that waits. New jobs are made
 * outside of what is timed, so that neither their allocation nor its collection is measured.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChooseNextLocal {
  private static final int FRESH = 256;

  /** What keeps the order. */
  public enum Structure {
    /** The library's, with residency as a probe sees it. */
    TWO_QUEUE,
    /** The library's, where nobody observes residency. */
    TWO_QUEUE_UNPROBED,
    /** A heap. */
    PRIORITY_QUEUE,
    /** A list. */
    LINEAR_SCAN;

    LocalOrder make() {
      return switch (this) {
        case TWO_QUEUE -> new DrainOrder(true);
        case TWO_QUEUE_UNPROBED -> new DrainOrder(false);
        case PRIORITY_QUEUE -> new PriorityQueueOrder();
        case LINEAR_SCAN -> new LinearScanOrder();
      };
    }
  }

  /**
   * A structure with the jobs that wait in it. What a benchmark needs besides is in a subclass: JMH
   * would give a second state that asks for this one a queue of its own.
   */
  @State(Scope.Thread)
  public static class Queue {
    /** What keeps the order. */
    @Param public Structure structure = Structure.TWO_QUEUE;

    /** How many tasks wait. */
    @Param({"10", "1000", "100000", "1000000"})
    public int queued = 10;

    /** Over how many models they are spread, at random. */
    @Param({"1", "30", "1000"})
    public int models = 1;

    final SplittableRandom random = new SplittableRandom(4);
    LocalOrder order = new LinearScanOrder();
    private List<ModelJob> oneOfEach = List.of();
    List<ModelJob> oneOfEachWaiting = List.of();

    /** By which a model's line is found where nothing but memory is measured. */
    final Map<ResidencyKey, ModelJob> ofModel = new HashMap<>();

    final List<ModelJob> waiting = new ArrayList<>();
    private long lastId;
    private int turn;

    /** Fills the structure. */
    @Setup
    public void fill() {
      order = structure.make();
      waiting.clear();
      oneOfEach =
          IntStream.range(0, models)
              .mapToObj(i -> new ModelJob(++lastId, ModelJob.Model.of(i)))
              .toList();
      for (int i = 0; i < queued; i++) {
        ModelJob job = job();
        waiting.add(job);
        order.add(job);
      }
      // Of models that wait: where nothing is served, less is done, and small queues would be that.
      Set<ModelJob.Model> seen = new HashSet<>();
      oneOfEachWaiting = waiting.stream().filter(job -> seen.add(job.model)).toList();
      ofModel.clear();
      oneOfEachWaiting.forEach(job -> ofModel.put(job.model.key(), job));
      order.resident(waiting.get(0));
    }

    /** A job of the next model in turn, among those that wait. */
    final ModelJob otherModel() {
      turn = turn + 1 == oneOfEachWaiting.size() ? 0 : turn + 1;
      return oneOfEachWaiting.get(turn);
    }

    final ModelJob job() {
      return new ModelJob(++lastId, oneOfEach.get(random.nextInt(models)).model);
    }
  }

  /** Jobs that are made before an invocation. */
  @State(Scope.Thread)
  public static class Fresh extends Queue {
    final List<ModelJob> jobs = new ArrayList<>();

    /** Makes them. */
    @Setup(Level.Invocation)
    public void make() {
      jobs.clear();
      for (int i = 0; i < FRESH; i++) {
        jobs.add(job());
      }
    }
  }

  /** Jobs that leave again after an invocation. */
  @State(Scope.Thread)
  public static class Passing extends Fresh {
    /** Takes them out. */
    @TearDown(Level.Invocation)
    public void remove() {
      jobs.forEach(order::remove);
    }
  }

  /** Jobs of models that are known only while they are here, as with {@link Passing}. */
  @State(Scope.Thread)
  public static class PassingModels extends Fresh {
    /** Forgets their models, but for those that wait. */
    @TearDown(Level.Invocation)
    public void forget() {
      jobs.forEach(job -> ofModel.remove(job.model.key()));
      oneOfEachWaiting.forEach(job -> ofModel.put(job.model.key(), job));
    }
  }

  /** Jobs to cancel, anywhere in the queue, and those that come in their place. */
  @State(Scope.Thread)
  public static class Leaving extends Fresh {
    private final int[] at = new int[FRESH];

    /** Chooses them. */
    @Setup(Level.Invocation)
    public void choose() {
      for (int i = 0; i < FRESH; i++) {
        at[i] = random.nextInt(queued);
      }
    }
  }

  /** Walks along the lines of all models, as taking one after the other does. */
  @State(Scope.Thread)
  public static class Walking extends Fresh {
    private final List<Job> at = new ArrayList<>();

    /** Begins where the lines begin. */
    @Setup(Level.Invocation)
    public void begin() {
      if (at.isEmpty()) {
        at.addAll(oneOfEachWaiting);
      }
    }

    Job step(int turn) {
      int line = turn % at.size();
      Job here = at.get(line);
      Job next = here.next == null ? oneOfEachWaiting.get(line) : here.next;
      at.set(line, next);
      return next;
    }
  }

  /** Makes the new jobs and nothing else, which tells how many bytes are theirs. */
  @Benchmark
  @OperationsPerInvocation(FRESH)
  public int baseline(Fresh queue) {
    return queue.jobs.size();
  }

  /**
   * What memory alone costs a job that leaves from the middle and one that comes: reads what tells
   * where it waits and writes the references that any list of them has to, in the same objects, and
   * decides nothing. The collector's barrier comes with each.
   */
  @Benchmark
  @OperationsPerInvocation(FRESH)
  public long touchMiddle(Leaving queue) {
    long sum = 0;
    for (int i = 0; i < FRESH; i++) {
      int at = queue.at[i];
      ModelJob job = queue.waiting.get(at);
      queue.waiting.set(at, job);
      sum += job.heldUntil;
      job.touchedBy = null;
      link(job.previous, job.next);
      Line line = job.line;
      link(line == null ? null : line.jobs.first(), queue.jobs.get(i));
    }
    return sum;
  }

  /** The same for one that is taken and one that comes; goes along the lines of all models. */
  @Benchmark
  @OperationsPerInvocation(FRESH)
  public void touchNext(Walking queue) {
    for (int i = 0; i < FRESH; i++) {
      link(queue.step(i), queue.jobs.get(i));
    }
  }

  /** The same for one that comes: finds its model's line in a map, and is its last one then. */
  @Benchmark
  @OperationsPerInvocation(FRESH)
  public void touchLast(PassingModels queue) {
    for (ModelJob job : queue.jobs) {
      link(queue.ofModel.put(job.model.key(), job), job);
    }
  }

  /**
   * What memory alone costs another model that is resident: reads it, finds its line in a map, and
   * reads the first of that.
   */
  @Benchmark
  public long touchModel(Queue queue) {
    ModelJob job = queue.otherModel();
    long seen = ((Residency.Observed) job.model.seen()).models().get(0).bytes();
    ModelJob found = queue.ofModel.get(job.model.key());
    Line line = found == null ? null : found.line;
    Job first = line == null ? null : line.jobs.first();
    return seen + (line == null || first == null ? 0 : first.id + line.place);
  }

  private static void link(@Nullable Job one, @Nullable Job other) {
    if (one instanceof ModelJob here && other instanceof ModelJob there) {
      here.touchedBy = there;
      there.touchedBy = here;
    }
  }

  /** Chooses, and leaves everything as it is. */
  @Benchmark
  public @Nullable Job choose(Queue queue) {
    return queue.order.next();
  }

  /** Chooses, takes out, makes that model resident, and adds a new job at the end. */
  @Benchmark
  @OperationsPerInvocation(FRESH)
  public @Nullable Job takeNext(Fresh queue) {
    Job next = null;
    for (ModelJob job : queue.jobs) {
      next = queue.order.next();
      if (next == null) {
        throw new IllegalStateException("nothing waits");
      }
      queue.order.remove(next);
      queue.order.resident((ModelJob) next);
      queue.order.add(job);
    }
    return next;
  }

  /** Adds a new job at the end. */
  @Benchmark
  @OperationsPerInvocation(FRESH)
  public void submit(Passing queue) {
    for (ModelJob job : queue.jobs) {
      queue.order.add(job);
    }
  }

  /** Takes a job out of the middle, and adds a new one at the end. */
  @Benchmark
  @OperationsPerInvocation(FRESH)
  public void cancelAndSubmit(Leaving queue) {
    for (int i = 0; i < FRESH; i++) {
      ModelJob job = queue.jobs.get(i);
      queue.order.remove(queue.waiting.set(queue.at[i], job));
      queue.order.add(job);
    }
  }

  /** Another model becomes resident, and the next job is chosen. */
  @Benchmark
  public @Nullable Job changeResidency(Queue queue) {
    queue.order.resident(queue.otherModel());
    return queue.order.next();
  }
}
