package dev.twoqueue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.DrainPolicy;
import dev.twoqueue.Outcome;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TurnPolicy;
import dev.twoqueue.internal.engine.Effect;
import dev.twoqueue.internal.engine.Engine;
import dev.twoqueue.internal.engine.EngineSettings;
import dev.twoqueue.internal.engine.Job;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the threads that carry effects out owe each other. */
@Timeout(60)
class EngineLoopTest {
  private final Fleet first = new Fleet(1);
  private final Fleet second = new Fleet(2);
  private final CountDownLatch finishing = new CountDownLatch(1);
  private final CountDownLatch mayFinish = new CountDownLatch(1);
  private final AtomicInteger terminations = new AtomicInteger();

  private static final class Fleet extends Job {
    Fleet(long id) {
      super(id, TaskClass.FLEET, null, "agent " + id, null, null);
    }
  }

  /** The handle of the first task gets its outcome late. */
  private void carryOut(Effect effect) {
    if (effect instanceof Effect.Finish finish && finish.job() == first) {
      finishing.countDown();
      try {
        mayFinish.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void nothingIsTerminatedBeforeTheLastHandleHasItsOutcome() throws Exception {
    SystemClock clock = new SystemClock();
    EngineLoop loop =
        new EngineLoop(
            new Engine(settings(), clock.nanos()),
            clock,
            new EventBus(List.of(), Runnable::run, clock, 1),
            this::carryOut,
            null,
            terminations::incrementAndGet);
    loop.tell((engine, now) -> engine.submit(first, now));
    loop.tell((engine, now) -> engine.submit(second, now));
    CompletableFuture<Void> slow = CompletableFuture.runAsync(() -> end(loop, first));
    assertTrue(finishing.await(30, TimeUnit.SECONDS));

    end(loop, second);
    loop.tell(Engine::shutdown);
    assertEquals(0, terminations.get(), "the first handle has no outcome yet");

    mayFinish.countDown();
    slow.get(30, TimeUnit.SECONDS);
    assertEquals(1, terminations.get());
  }

  private static void end(EngineLoop loop, Job job) {
    loop.tell((engine, now) -> engine.bodyEnded(job, new Outcome.Succeeded<>("done"), now));
  }

  private static EngineSettings settings() {
    return new EngineSettings(
        TurnPolicy.DEFAULT,
        DrainPolicy.DEFAULT,
        false,
        false,
        false,
        false,
        false,
        5,
        100,
        100,
        100,
        100,
        false);
  }
}
