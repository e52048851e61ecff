package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Two threads that do two things at as nearly the same moment as they can, again and again. Whoever
 * won is made to begin a little later in the next round, so that the race stays a close one however
 * fast the machine is; and some rounds are run one after the other, so that each side wins some for
 * certain, and what follows when both have won can be asserted.
 */
final class Duel implements AutoCloseable {
  /** How often each race is run; a hundred thousand times with {@code -Dtwoqueue.rounds=100000}. */
  static final int ROUNDS = Integer.getInteger("twoqueue.rounds", 5_000);

  private static final int FORCED_ONE_IN = 64;
  private static final int JITTER = 500;

  /** In nanoseconds. What is further apart than that is no race. */
  private static final int LONGEST_DELAY = 40_000;

  private static final int STEP = 250;

  private static final int SPINS_BEFORE_YIELD = 500;

  private final String name;
  private final long seed = Long.getLong("twoqueue.seed", System.nanoTime());
  private final SplittableRandom random = new SplittableRandom(seed);
  private final Thread opponent;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private volatile @Nullable Runnable there;
  private volatile boolean closed;
  private volatile boolean opponentReady;
  private volatile boolean go;
  private int thereDelay;
  private boolean thereSaysGo;

  private int round;
  private int headStart; // of the other side in nanoseconds; negative: of this side
  private int hereWon;
  private int thereWon;

  Duel(String name) {
    this.name = name;
    System.out.println(name + ": -Dtwoqueue.seed=" + seed);
    opponent = new Thread(this::oppose, "opponent");
    opponent.setDaemon(true);
    opponent.start();
  }

  /**
   * One round.
   *
   * @param here what this thread does
   * @param there what the other thread does
   * @param whenHereIsAlone waits until what this side did has had its effect, in the rounds in
   *     which the other side comes after it
   */
  void meet(Runnable here, Runnable there, Runnable whenHereIsAlone) {
    int number = round++ % FORCED_ONE_IN;
    if (number == 0) {
      here.run();
      whenHereIsAlone.run();
      beginThere(there);
      go = true;
    } else if (number == FORCED_ONE_IN / 2) {
      beginThere(there);
      go = true;
      awaitThere();
      here.run();
    } else {
      thereDelay = Math.max(0, -headStart) + random.nextInt(JITTER);
      int delay = Math.max(0, headStart) + random.nextInt(JITTER);
      // Where cores are few, the thread that says go is the one that runs: each does in its turn.
      thereSaysGo = number % 2 == 1;
      beginThere(there);
      go = true;
      spin(delay);
      here.run();
    }
    awaitThere();
    thereSaysGo = false;
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new AssertionError(name + ": the other side failed in round " + round, thrown);
    }
  }

  /** Says who won the round, so that the next one is closer. */
  void won(boolean here) {
    if (here) {
      hereWon++;
      headStart = Math.min(headStart + STEP, LONGEST_DELAY);
    } else {
      thereWon++;
      headStart = Math.max(headStart - STEP, -LONGEST_DELAY);
    }
  }

  /** Whether a race that is to be run so often has more rounds to go. */
  boolean goesOn(int rounds) {
    return round < rounds;
  }

  /** How many rounds have begun. */
  int round() {
    return round;
  }

  /** Prints who won how often, and asserts what the rounds without a race make certain. */
  void assertBothWon() {
    System.out.println(name + ": " + hereWon + " to " + thereWon + " of " + round + " rounds");
    assertTrue(hereWon > 0 && thereWon > 0, name + " was no race");
  }

  private void beginThere(Runnable what) {
    opponentReady = false;
    go = false;
    there = what;
    await(() -> opponentReady);
  }

  private void awaitThere() {
    await(() -> there == null);
  }

  private void oppose() {
    while (true) {
      await(() -> there != null || closed);
      Runnable what = there;
      if (what == null) {
        return;
      }
      boolean atOnce = thereSaysGo;
      opponentReady = true;
      await(() -> go || atOnce);
      spin(thereDelay);
      thereDelay = 0;
      try {
        what.run();
      } catch (Throwable thrown) {
        failure.compareAndSet(null, thrown);
      }
      there = null;
    }
  }

  /** Spins, since a park would take longer than what is raced for; yields where cores are few. */
  @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it but the time it takes
  private static void await(BooleanSupplier condition) {
    for (int i = 0; !condition.getAsBoolean(); i++) {
      if (i < SPINS_BEFORE_YIELD) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  private static void spin(int nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
