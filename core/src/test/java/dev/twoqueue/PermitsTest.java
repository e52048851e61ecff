package dev.twoqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a source of outside permits may answer (I11), in manual time. */
class PermitsTest {
  private final ManualTime time = new ManualTime();

  /** Stages that grant nothing, and one that grants but does not like to be a future. */
  enum Odd {
    FAILED("java.lang.IllegalStateException: the lock server is gone"),
    NULL("null was granted"),
    CANCELLED("java.util.concurrent.CancellationException"),
    NO_FUTURE("");

    private final String reason;

    Odd(String reason) {
      this.reason = reason;
    }

    @SuppressWarnings("NullAway") // what a careless host may do
    CompletionStage<Lease> stage() {
      CompletableFuture<Lease> stage =
          this == NO_FUTURE
              ? new CompletableFuture<>() {
                @Override
                public CompletableFuture<Lease> toCompletableFuture() {
                  throw new UnsupportedOperationException("as its contract allows");
                }
              }
              : new CompletableFuture<>();
      switch (this) {
        case FAILED ->
            stage.completeExceptionally(new IllegalStateException("the lock server is gone"));
        case NULL -> stage.complete(null);
        case CANCELLED -> stage.cancel(false);
        case NO_FUTURE -> stage.complete(Lease.NONE);
      }
      return stage;
    }
  }

  @ParameterizedTest
  @EnumSource
  void anOddAnswerHoldsTheTaskOrStartsIt(Odd odd) {
    boolean[] healthy = {false};
    TwoQueueScheduler scheduler =
        time.scheduler()
            .outsidePermits(
                (taskClass, name) ->
                    healthy[0] ? CompletableFuture.completedFuture(Lease.NONE) : odd.stage())
            .build();
    TaskHandle<String> sweep = scheduler.submit(Tasks.local("sweep"));
    TaskHandle<String> agent = scheduler.submit(Tasks.fleet("agent"));
    time.run();
    if (odd != Odd.NO_FUTURE) {
      for (TaskHandle<String> held : List.of(sweep, agent)) {
        WaitReason why = held.waitsFor().orElseThrow();
        assertEquals(WaitReason.Cause.HELD, why.cause());
        assertEquals("no permit from outside: " + odd.reason, why.text());
      }
      healthy[0] = true;
      time.seconds(5);
    }
    assertEquals("sweep", Tasks.ended(sweep));
    assertEquals("agent", Tasks.ended(agent));
  }

  @Test
  void aSourceThatGrantsNothingForLongLetsTheFleetInMeanwhile() {
    TwoQueueScheduler scheduler =
        time.scheduler()
            .outsidePermits(
                (taskClass, name) ->
                    taskClass == TaskClass.FLEET
                        ? CompletableFuture.completedFuture(Lease.NONE)
                        : new CompletableFuture<>())
            .build();
    TaskHandle<String> sweep = scheduler.submit(Tasks.local("sweep"));
    time.run();
    TaskHandle<String> agent = scheduler.submit(Tasks.fleet("agent"));
    time.seconds(29);
    assertEquals(TaskState.QUEUED, agent.state());
    time.seconds(2);
    assertEquals("agent", Tasks.ended(agent));
    assertTrue(sweep.waitsFor().isPresent());
    assertTrue(sweep.cancel("the test is over"));
  }
}
