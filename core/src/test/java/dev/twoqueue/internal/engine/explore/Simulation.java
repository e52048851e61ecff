package dev.twoqueue.internal.engine.explore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A long run of a timed world in virtual time: tasks arrive at random, bodies and answers take
 * random times up to their bounds and often just these, gates admit, and the probe tells the truth.
 */
final class Simulation {
  private final SplittableRandom random;
  private final World world;
  private final Set<ExploredJob> startedBefore = new HashSet<>();
  private final Map<ExploredJob, Long> arrived = new HashMap<>();
  private double worstShare;

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

  /** How near the most starts that came before a task were to its bound. */
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
        default -> others.add(move);
      }
    }
    if (!submits.isEmpty() && random.nextDouble() < eagerness * eagerness) {
      world.apply(anyOf(submits));
    } else if (timeCanPass && (others.isEmpty() || random.nextDouble() < slowness)) {
      world.apply(Move.of(Op.TICK));
    } else if (!others.isEmpty()) {
      world.apply(anyOf(others));
    } else if (!submits.isEmpty()) {
      world.apply(anyOf(submits));
    } else {
      return false;
    }
    return true;
  }

  private Move anyOf(List<Move> moves) {
    return moves.get(random.nextInt(moves.size()));
  }

  private void count() {
    for (ExploredJob job : world.witness.jobs) {
      if (arrived.putIfAbsent(job, world.now) != null && job.started && world.spec.isCapped()) {
        starts(job);
      }
    }
  }

  private void starts(ExploredJob job) {
    if (job.isLocal() && startedBefore.add(job)) {
      long most = Bounds.mostBefore(job.older, world.spec.cap);
      long waited = world.now - arrived.getOrDefault(job, world.now);
      long bound = (most + 1) * new Bounds(world.spec).localHead();
      Violation.unless(waited <= bound, "I6", job, " waited ", waited / 1e9, " s");
      worstShare = Math.max(worstShare, (double) job.overtaken / most);
    }
  }
}
