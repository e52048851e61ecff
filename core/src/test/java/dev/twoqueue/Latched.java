package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A body on a real thread that stays until the test releases it. */
final class Latched implements TaskBody<String> {
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final CountDownLatch interrupted = new CountDownLatch(1);
  private final boolean stubborn;

  private Latched(boolean stubborn) {
    this.stubborn = stubborn;
  }

  /** Ends early when it is interrupted. */
  static Latched polite() {
    return new Latched(false);
  }

  /** Stays when it is interrupted, and remembers. */
  static Latched stubborn() {
    return new Latched(true);
  }

  @Override
  public String run(TaskContext task) throws InterruptedException {
    begun.countDown();
    while (true) {
      try {
        released.await();
        return "released";
      } catch (InterruptedException told) {
        interrupted.countDown();
        if (!stubborn) {
          throw told;
        }
      }
    }
  }

  Latched awaitBegun() throws InterruptedException {
    assertTrue(begun.await(10, TimeUnit.SECONDS), "the body did not begin");
    return this;
  }

  void awaitInterrupted() throws InterruptedException {
    assertTrue(interrupted.await(10, TimeUnit.SECONDS), "the body was not interrupted");
  }

  boolean hasBegun() {
    return begun.getCount() == 0;
  }

  void release() {
    released.countDown();
  }
}
