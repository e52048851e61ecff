package dev.twoqueue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jetbrains.lincheck.datastructures.verifier.EpsilonVerifier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * No work is left alone, whatever the threads that hand over, search and come free do meanwhile. A
 * body may take for ever, so a thread that has taken work counts for no other.
 */
@Timeout(120)
public class HandOverTest {
  private static final Runnable WORK = HandOverTest::nothing;

  /** How much longer than in an ordinary build interleavings are tried. */
  private static final int EFFORT = Integer.getInteger("twoqueue.lincheck", 1);

  /** One look each: to look again is to begin again. */
  private final HandOver handOver = new HandOver(new Patience(1, 1), 1);

  /** Threads that were woken to search, and have not begun to. */
  private final AtomicInteger onTheirWay = new AtomicInteger();

  private static void nothing() {}

  /** A thread hands work over. */
  @Operation
  public void patiently() {
    wakeIf(handOver.add(WORK, true));
  }

  /** A thread that has to go on at once hands work over. */
  @Operation
  public void atOnce() {
    wakeIf(handOver.add(WORK, false));
  }

  /** One of those that were woken arrives. */
  @Operation
  public void arrive() {
    int before = onTheirWay.get();
    if (before > 0 && onTheirWay.compareAndSet(before, before - 1)) {
      take(handOver.search());
    }
  }

  /** The body that a thread was kept by has ended. */
  @Operation
  public void comeFree() {
    take(handOver.next());
  }

  private void take(@Nullable Runnable work) {
    wakeIf(work != null && handOver.leavesSomeAlone());
  }

  private void wakeIf(boolean wanted) {
    if (wanted) {
      onTheirWay.incrementAndGet();
    }
  }

  /** Holds when no thread is in the middle of anything. */
  @Validate
  public void noWorkIsLeftAlone() {
    if (!handOver.isEmpty() && onTheirWay.get() == 0) {
      throw new IllegalStateException("left alone: " + handOver);
    }
    if (onTheirWay.get() > 1) {
      throw new IllegalStateException(onTheirWay + " threads were woken where one was enough");
    }
  }

  @Test
  void noWorkIsLeftAloneInAnyInterleavingTried() {
    ModelCheckingOptions options = new ModelCheckingOptions();
    options.iterations(6 * EFFORT);
    options.invocationsPerIteration(200 * EFFORT);
    options.threads(3);
    options.actorsBefore(2);
    options.actorsPerThread(2);
    options.actorsAfter(0);
    options.verifier(EpsilonVerifier.class); // what counts is what is left at the end
    options.check(HandOverTest.class);
  }

  @Test
  void oneThreadIsWokenForAllThatIsHandedOverBeforeItComes() {
    assertTrue(handOver.add(WORK, false));
    assertFalse(handOver.add(WORK, false));
    assertSame(WORK, handOver.search());
    assertTrue(handOver.leavesSomeAlone(), "one is left, and nobody else knows of it");
    assertFalse(handOver.leavesSomeAlone(), "a thread was woken for it");
    assertSame(WORK, handOver.search());
    assertFalse(handOver.leavesSomeAlone());
    assertNull(handOver.search());
  }

  @Test
  void nobodyIsWokenForWhatAThreadWaitsFor() throws Exception {
    HandOver endless = new HandOver(new Patience(Integer.MAX_VALUE, Integer.MAX_VALUE), 1);
    CompletableFuture<Boolean> hasToWake =
        CompletableFuture.supplyAsync(() -> endless.add(WORK, true));
    while (endless.isEmpty()) {
      Thread.onSpinWait();
    }
    assertTrue(endless.add(WORK, false));
    assertSame(WORK, endless.search());
    assertFalse(endless.leavesSomeAlone(), "a thread waits, and will look");
    assertSame(WORK, endless.search());
    assertFalse(hasToWake.get(30, TimeUnit.SECONDS), "all is taken");
    assertTrue(endless.add(WORK, false), "nobody searches any more");
  }

  @Test
  void whatCouldNotBeGivenToAThreadIsTakenBackOnce() {
    assertTrue(handOver.add(WORK, false));
    handOver.nobodyComes();
    assertTrue(handOver.takeBack(WORK));
    assertFalse(handOver.takeBack(WORK));
    assertTrue(handOver.isEmpty());
    assertTrue(handOver.add(WORK, false), "the next one has to wake a thread again");
    assertEquals("[" + WORK + "]", handOver.toString());
  }
}
