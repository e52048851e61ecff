package dev.twoqueue.internal.engine.explore;

import dev.twoqueue.ResidencyKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A long run of a timed world in virtual time: tasks arrive at random, bodies and answers take
 * random times up to their bounds and often just these, gates admit, and the probe tells the truth.
 * Counts which local-heavy starts come before each task.
 */
final class Simulation {
  private final SplittableRandom random;
  private final World world;
  private final List<ExploredJob> waiting = new ArrayList<>();
  private final Set<ExploredJob> startedBefore = new HashSet<>();
  private final Map<ExploredJob, Integer> older = new HashMap<>();
  private final Map<ExploredJob, Integer> overtaken = new HashMap<>();
  private final Map<ExploredJob, Long> arrived = new HashMap<>();
  private @Nullable String resident;
  private double worstShare;
  private int mostOvertaken;

  Simulation(WorldSpec spec, long seed) {
    random = new SplittableRandom(seed);
    world = new World(spec);
  }

  /** Runs until all tasks have come and gone, checking every event. */
  void run() {
    double eagerness = random.nextDouble();
    double slowness = random.nextDouble();
    while (step(eagerness, slowness)) {
      count();
    }
  }

  HeadWaits waits() {
    HeadWaits waits = world.witness.headWaits;
    if (waits == null) {
      throw new IllegalStateException("not a timed world");
    }
    return waits;
  }

  /** The most starts that came before a task, and how near that was to its bound. */
  int mostOvertaken() {
    return mostOvertaken;
  }

  double worstShare() {
    return worstShare;
  }

  private boolean step(double eagerness, double slowness) {
    List<Move> submits = new ArrayList<>();
    List<Move> others = new ArrayList<>();
    boolean timeCanPass = false;
    for (Move move : Moves.of(world)) {
      switch (move.op()) {
        case SUBMIT -> submits.add(move);
        case TICK -> timeCanPass = true;
        case ANSWER -> {
          if (isTrue(move)) {
            others.add(move);
          }
        }
        default -> others.add(move);
      }
    }
    if (!submits.isEmpty() && random.nextDouble() < eagerness * eagerness) {
      world.apply(anyOf(submits));
    } else if (timeCanPass && (others.isEmpty() || random.nextDouble() < slowness)) {
      world.apply(Move.of(Op.TICK));
    } else if (!others.isEmpty()) {
      happens(anyOf(others));
    } else if (!submits.isEmpty()) {
      world.apply(anyOf(submits));
    } else {
      return false;
    }
    return true;
  }

  private void happens(Move move) {
    if (move.op() == Op.ANSWER && world.witness.open.get(move.a()).ask == Ask.EVICT) {
      resident = null;
    }
    world.apply(move);
  }

  /** What a probe that tells the truth would see; every other answer is a good one. */
  private boolean isTrue(Move move) {
    if (world.witness.open.get(move.a()).ask != Ask.OBSERVE) {
      return true;
    }
    return switch (move.answer()) {
      case M1 -> "m1".equals(resident);
      case M2 -> "m2".equals(resident);
      case EMPTY -> resident == null || resident.equals("m3");
      default -> true;
    };
  }

  private Move anyOf(List<Move> moves) {
    return moves.get(random.nextInt(moves.size()));
  }

  private void count() {
    List<ExploredJob> jobs = world.witness.jobs;
    for (int at = jobs.size() - 1; at >= 0 && !arrived.containsKey(jobs.get(at)); at--) {
      ExploredJob job = jobs.get(at);
      arrived.put(job, world.now);
      if (job.isLocal()) {
        older.put(job, waiting.size());
        waiting.add(job);
      }
    }
    for (ExploredJob job : List.copyOf(waiting)) {
      if (job.started && startedBefore.add(job)) {
        starts(job);
      }
    }
  }

  private void starts(ExploredJob job) {
    ResidencyKey key = job.kind.key();
    resident = key == null ? resident : key.model();
    waiting.remove(job);
    waiting.forEach(other -> overtaken.merge(other, 1, Integer::sum));
    int before = overtaken.getOrDefault(job, 0);
    mostOvertaken = Math.max(mostOvertaken, before);
    WorldSpec spec = world.spec;
    if (spec.cap == Integer.MAX_VALUE) {
      return;
    }
    long n = older.getOrDefault(job, 0);
    long most = (n + 1) * spec.cap + n;
    Violation.unless(before <= most, "I6", before, " starts before ", job, ", at most ", most);
    long waited = world.now - arrived.getOrDefault(job, world.now);
    long bound = (most + 1) * new Bounds(spec).localHead();
    Violation.unless(waited <= bound, "I6", job, " waited ", waited / 1e9, " s");
    worstShare = Math.max(worstShare, (double) before / most);
  }
}
