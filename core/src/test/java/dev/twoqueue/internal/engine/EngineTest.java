package dev.twoqueue.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.DrainPolicy;
import dev.twoqueue.GateRequest;
import dev.twoqueue.Lease;
import dev.twoqueue.Outcome;
import dev.twoqueue.Residency;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TurnPolicy;
import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/** What only a wrong shell, or an answer of another question, could bring about. */
class EngineTest {
  private long lastId;

  private static Engine engine(boolean probes, boolean looks) {
    return new Engine(
        new EngineSettings(
            TurnPolicy.DEFAULT,
            DrainPolicy.DEFAULT,
            probes,
            false,
            looks,
            false,
            false,
            5,
            100,
            100,
            100,
            100,
            true),
        0);
  }

  private Job submitted(Engine engine, TaskClass taskClass, long now) {
    Job job = new Job(++lastId, taskClass, null, "job " + lastId, null, null);
    assertNull(engine.submit(job, now));
    return job;
  }

  private static <E extends Effect> E only(Engine engine, Class<E> type) {
    List<E> effects =
        engine.takeEffects().stream().filter(type::isInstance).map(type::cast).toList();
    assertEquals(1, effects.size(), () -> "one " + type.getSimpleName());
    return effects.get(0);
  }

  @Test
  void anAnswerToAnotherQuestionChangesNothing() {
    Engine engine = engine(true, true);
    Job job = submitted(engine, TaskClass.LOCAL_HEAVY, 0);
    long token = only(engine, Effect.Observe.class).token();
    engine.observed(token + 1, Residency.unknown("of another question"), 1);
    engine.evicted(token, "nothing was to be evicted", 1);
    engine.permitRefused(token, "no permit was asked for", 1);
    engine.fleetVerdict(token, Verdict.refuse("of the fleet"), 1);
    assertEquals(List.of(), engine.takeEffects());
    engine.observed(token, Residency.of(List.of()), 2);
    Effect.Look look = only(engine, Effect.Look.class);
    assertEquals(GateRequest.Stage.FINAL, look.stage());
    engine.observed(token, Residency.of(List.of()), 3);
    assertEquals(List.of(), engine.takeEffects(), "it was answered before");
    engine.verdict(look.token(), Verdict.proceed(), 4);
    assertEquals(job, only(engine, Effect.Start.class).job());
  }

  @Test
  void aLateVerdictAndALatePermitAreGivenBack() {
    Engine engine = engine(false, true);
    Job job = submitted(engine, TaskClass.LOCAL_HEAVY, 0);
    Effect.Look look = only(engine, Effect.Look.class);
    assertTrue(engine.cancel(job, "not wanted", 1));
    engine.takeEffects();
    Lease late = () -> {};
    engine.verdict(look.token(), Verdict.proceed().withLease(late), 2);
    assertEquals(List.of(new Effect.Release(late)), engine.takeEffects());
    engine.permitGranted(look.token(), late, 3);
    assertEquals(List.of(new Effect.Release(late)), engine.takeEffects());
  }

  @Test
  void timeNeverRunsBackwards() {
    Engine engine = engine(false, false);
    Job job = new Job(++lastId, TaskClass.FLEET, null, "job", null, Duration.ofNanos(100));
    assertNull(engine.submit(job, 1_000));
    engine.takeEffects();
    engine.tick(1_099);
    engine.tick(0);
    assertEquals(1_099, engine.view(500).now());
    assertEquals(1_100, engine.nextWake());
    engine.tick(1_100);
    assertEquals(
        new Outcome.TimedOut<>(Outcome.Deadline.RUN_TIMEOUT, Duration.ofNanos(100)),
        only(engine, Effect.Finish.class).outcome());
  }

  @Test
  void aBodyThatDoesNotRunCannotEnd() {
    Engine engine = engine(false, false);
    Job first = submitted(engine, TaskClass.LOCAL_HEAVY, 0);
    Job second = submitted(engine, TaskClass.LOCAL_HEAVY, 0);
    Outcome<String> done = new Outcome.Succeeded<>("done");
    assertThrows(IllegalStateException.class, () -> engine.bodyEnded(second, done, 1));
    engine.bodyEnded(first, done, 2);
    assertThrows(IllegalStateException.class, () -> engine.bodyEnded(first, done, 3));
    assertEquals(List.of(second), engine.view(4).running(TaskClass.LOCAL_HEAVY));
  }

  @Test
  void anIdleEngineWantsNoWake() {
    Engine engine = engine(true, true);
    assertEquals(Long.MAX_VALUE, engine.nextWake());
    Job job = submitted(engine, TaskClass.FLEET, 0);
    engine.takeEffects();
    assertEquals(Long.MAX_VALUE, engine.nextWake(), "a running task without a deadline");
    engine.bodyEnded(job, new Outcome.Succeeded<>("done"), 1);
    assertEquals(Long.MAX_VALUE, engine.nextWake());
    assertEquals(List.of(), engine.view(2).running(TaskClass.FLEET));
  }

  /** Each is an event: whatever it does, time has passed with it. */
  @Test
  void everyEventTellsTheTime() {
    Engine engine = engine(false, false);
    Job local = submitted(engine, TaskClass.LOCAL_HEAVY, 10);
    Job fleet = submitted(engine, TaskClass.FLEET, 10);
    Residency seen = Residency.unknown("nobody has asked");
    Outcome<String> done = new Outcome.Succeeded<>("done");
    List<LongConsumer> events =
        List.of(
            now -> engine.observed(99, seen, now),
            now -> engine.verdict(99, Verdict.proceed(), now),
            now -> engine.fleetVerdict(99, Verdict.proceed(), now),
            now -> engine.evicted(99, null, now),
            now -> engine.permitGranted(99, Lease.NONE, now),
            now -> engine.permitRefused(99, "nobody has asked", now),
            now -> engine.tick(now),
            now -> engine.pause(TaskClass.FLEET, now),
            now -> engine.resume(TaskClass.FLEET, now),
            now -> engine.fleetLimit(3, now),
            now -> engine.beginJoin(local, fleet, now),
            now -> engine.endJoin(local, now),
            now -> engine.await(local, fleet, now),
            now -> engine.cancel(local, "not wanted", now),
            now -> engine.bodyEnded(fleet, done, now),
            now -> engine.bodyEnded(local, done, now),
            now -> engine.shutdown(now),
            now -> engine.shutdownNow("closed", now));
    for (int i = 0; i < events.size(); i++) {
      long now = 20L + i;
      events.get(i).accept(now);
      assertEquals(now, engine.now(), "of event " + i);
    }
  }

  @Test
  void anAnswerOfAnotherKindIsNone() {
    Driver driver = new Driver().evicts().looks();
    Job job = driver.local("job", "llama");
    driver.resident("qwen");
    driver.verdict(Verdict.proceed());
    long eviction = driver.only(Effect.Evict.class).token();
    driver.engine().verdict(eviction, Verdict.proceed(), 0);
    driver.engine().observed(eviction, Residency.of(List.of()), 0);
    assertEquals(List.of(), driver.engine().takeEffects());
    assertEquals(Job.Stage.QUEUED, job.stage());
  }
}
