package dev.twoqueue.internal;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Work on its way to the threads that run it. To wake a thread costs more than all the rest of a
 * start, so it is avoided: at most one thread at a time is on its way to look for work, and whoever
 * hands work over waits some microseconds for a thread that is just coming free.
 *
 * <p>No work is left alone. While there is some, a thread searches, or a thread that hands over
 * waits; and both, before they leave, see to it that another one searches if there is work left.
 */
final class HandOver {
  /** Some microseconds. */
  private static final int LOOKS = Patience.ALONE ? 1 : 200;

  private final ConcurrentLinkedQueue<Runnable> work = new ConcurrentLinkedQueue<>();

  /** Whether a thread is on its way to look for work, or looks for it just now. */
  private final AtomicBoolean searching = new AtomicBoolean();

  /** How many threads wait for what they handed over to be taken. */
  private final AtomicInteger waiting = new AtomicInteger();

  private final Patience patience;
  private final int looks;
  private final BooleanSupplier allIsTaken = work::isEmpty;

  HandOver() {
    this(Patience.ofThisMachine(), LOOKS);
  }

  /**
   * @param patience of threads that hand over
   * @param looks how often a thread without work looks again before it goes
   */
  HandOver(Patience patience, int looks) {
    this.patience = patience;
    this.looks = looks;
  }

  /**
   * Hands work over.
   *
   * @param patiently whether the calling thread has nothing to run itself, and so may wait for one
   *     that comes free
   * @return whether the calling thread has to wake one that searches
   */
  boolean add(Runnable handedOver, boolean patiently) {
    if (!patiently) {
      work.add(handedOver);
      return searching.compareAndSet(false, true); // whoever searches already finds it
    }
    waiting.incrementAndGet();
    work.add(handedOver);
    patience.outlasts(allIsTaken);
    waiting.decrementAndGet();
    // Whoever took some before that line may have left the rest to this thread.
    return !work.isEmpty() && searching.compareAndSet(false, true);
  }

  /**
   * For a thread that was woken to search, or has to leave.
   *
   * @return work, or null when there was none for some microseconds
   */
  @Nullable Runnable search() {
    Runnable found = work.poll();
    for (int i = 1; found == null && i < looks; i++) {
      Thread.onSpinWait();
      found = work.poll();
    }
    searching.set(false);
    // Whoever handed work over before that line has woken nobody.
    return found != null ? found : work.poll();
  }

  /** For a thread that has come free: searches, unless another one does. */
  @Nullable Runnable next() {
    return searching.compareAndSet(false, true) ? search() : work.poll();
  }

  /** Whether the calling thread, which has taken some, has to wake one that searches for more. */
  boolean leavesSomeAlone() {
    return !work.isEmpty() && waiting.get() == 0 && searching.compareAndSet(false, true);
  }

  /** The thread that was to search could not be had. */
  void nobodyComes() {
    searching.set(false);
  }

  /** Whether it was still there; else another thread has it. */
  boolean takeBack(Runnable handedOver) {
    return work.remove(handedOver);
  }

  boolean isEmpty() {
    return work.isEmpty();
  }

  @Override
  public String toString() {
    return work.toString();
  }
}
