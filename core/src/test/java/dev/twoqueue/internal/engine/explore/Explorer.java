package dev.twoqueue.internal.engine.explore;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Visits every reachable state of a world once, breadth first, so that the first violation found
 * has the shortest trace. The engine changes in place: each move is made in a copy of the world.
 */
final class Explorer {
  private final WorldSpec spec;
  private final Supplier<World> worlds;
  private final int mostStates;
  private final List<Fair> schedules;

  private final Canonical canonical;
  private final Copies copies = new Copies();
  private final Seen seen = new Seen();

  /**
   * The worlds of the states that were seen and not gone on from, in the order of their numbers.
   */
  private final Queue<World> frontier = new ArrayDeque<>();

  private final Map<Move, Integer> moveNumbers = new HashMap<>();
  private final List<Move> movesByNumber = new ArrayList<>();
  private final Map<Fair, Continuations> continuations = new EnumMap<>(Fair.class);
  private int[] parents = new int[1 << 12];
  private int[] lastMoves = new int[1 << 12];
  private long transitions;

  /**
   * An explorer of one world.
   *
   * @param worlds makes the world anew, as it is at the beginning
   * @param mostStates where to give up; what was explored until then counts as bounded
   */
  Explorer(WorldSpec spec, Supplier<World> worlds, int mostStates) {
    this.spec = spec;
    this.worlds = worlds;
    this.mostStates = mostStates;
    this.canonical = new Canonical(spec);
    schedules = Fair.in(spec);
    for (Fair schedule : schedules) {
      continuations.put(schedule, new Continuations());
    }
  }

  /**
   * What came of it.
   *
   * @param complete whether there is no state that was not visited
   * @param made what happened in it
   * @param given what was answered in it
   * @param violation the shortest trace to a violation; null when there is none
   */
  record Result(
      String world,
      int states,
      long transitions,
      int depth,
      Duration took,
      boolean complete,
      Set<Op> made,
      Set<Answer> given,
      @Nullable Trace violation) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%-22s %,11d states %,13d transitions, depth %3d, %7.1f s, %s",
          world,
          states,
          transitions,
          depth,
          took.toMillis() / 1000.0,
          violation != null ? "VIOLATED" : complete ? "complete" : "bounded");
    }
  }

  Result explore() {
    long began = System.nanoTime();
    visit(worlds.get(), -1, -1);
    int depth = 0;
    int levelEnd = seen.size();
    Trace violation = null;
    int at = 0;
    for (; at < seen.size() && violation == null && seen.size() < mostStates; at++) {
      if (at == levelEnd) {
        depth++;
        levelEnd = seen.size();
      }
      violation = expand(at);
    }
    boolean all = at == seen.size();
    if (violation == null) {
      violation = cycle();
    }
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    boolean complete = all && violation == null;
    Set<Op> made = EnumSet.noneOf(Op.class);
    Set<Answer> given = EnumSet.noneOf(Answer.class);
    for (Move move : movesByNumber) {
      made.add(move.op());
      given.add(move.answer());
    }
    return new Result(
        spec.name, seen.size(), transitions, depth, took, complete, made, given, violation);
  }

  private @Nullable Trace expand(int state) {
    World world = frontier.remove();
    Map<Fair, Move> fair = new EnumMap<>(Fair.class);
    for (Fair schedule : schedules) {
      try {
        Move next = schedule.next(world);
        if (next == null) {
          ends(schedule, state);
        } else {
          fair.put(schedule, next);
        }
      } catch (Violation broken) {
        return new Trace(spec, pathTo(state), broken, schedule);
      }
    }
    if (!world.timerIsLate) {
      try {
        copies.of(world).apply(Move.of(Op.UNTIL_WAKE));
      } catch (Violation broken) {
        return broken(state, Move.of(Op.UNTIL_WAKE), broken);
      }
    }
    List<Move> moves = Moves.of(world);
    World unused = null;
    for (int at = 0; at < moves.size(); at++) {
      Move move = moves.get(at);
      boolean isLast = at == moves.size() - 1;
      World next = isLast ? world : unused == null ? copies.of(world) : unused;
      transitions++;
      try {
        next.apply(move);
      } catch (RuntimeException broken) {
        return broken(state, move, broken);
      }
      unused = next.refused() ? next : null;
      if (next.refused()) {
        continue;
      }
      int to = visit(next, state, numberOf(move));
      fair.forEach(
          (schedule, goesOn) -> {
            if (goesOn.equals(move)) {
              goes(schedule, state, to);
            }
          });
    }
    return null;
  }

  private Trace broken(int state, Move move, RuntimeException why) {
    List<Move> whole = new ArrayList<>(pathTo(state));
    whole.add(move);
    return new Trace(spec, whole, why, null);
  }

  private int visit(World world, int parent, int move) {
    canonical.of(world);
    int before = seen.size();
    int number = seen.number(canonical.high(), canonical.low());
    if (number == before) {
      if (number == parents.length) {
        parents = Arrays.copyOf(parents, number * 2);
        lastMoves = Arrays.copyOf(lastMoves, number * 2);
      }
      parents[number] = parent;
      lastMoves[number] = move;
      frontier.add(world);
    }
    return number;
  }

  private void ends(Fair schedule, int state) {
    of(schedule).ends(state);
  }

  private void goes(Fair schedule, int state, int to) {
    of(schedule).goes(state, to);
  }

  private Continuations of(Fair schedule) {
    return continuations.computeIfAbsent(schedule, none -> new Continuations());
  }

  private @Nullable Trace cycle() {
    for (Fair schedule : schedules) {
      int state = of(schedule).firstWithoutEnd();
      if (state >= 0) {
        Violation broken = new Violation("I6", "a cycle without progress");
        return new Trace(spec, pathTo(state), broken, schedule);
      }
    }
    return null;
  }

  private List<Move> pathTo(int state) {
    List<Move> path = new ArrayList<>();
    for (int at = state; parents[at] >= 0; at = parents[at]) {
      path.add(movesByNumber.get(lastMoves[at]));
    }
    Collections.reverse(path);
    return path;
  }

  private int numberOf(Move move) {
    return moveNumbers.computeIfAbsent(
        move,
        unknown -> {
          movesByNumber.add(unknown);
          return movesByNumber.size() - 1;
        });
  }
}
