package dev.twoqueue.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.twoqueue.DrainPolicy;
import dev.twoqueue.Lease;
import dev.twoqueue.Outcome;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskDeadlockException;
import dev.twoqueue.TurnPolicy;
import dev.twoqueue.Verdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An engine driven by hand. Its settings are made first; then each method is one event at the
 * present time, and what is asked for is what the last event brought about.
 */
final class Driver {
  private TurnPolicy turnPolicy = TurnPolicy.DEFAULT;
  private DrainPolicy drainPolicy = DrainPolicy.DEFAULT;
  private boolean probes;
  private boolean evicts;
  private boolean looks;
  private boolean looksAtFleet;
  private boolean asksOutside;
  private boolean tells = true;
  private int fleetLimit = 5;
  private int queueLimit = 1_000;
  private int fleetQueueLimit = 1_000;
  private int cap = Integer.MAX_VALUE;
  private int suspendedLimit = 100;

  private @Nullable Lines lines;
  private @Nullable Engine engine;
  private long now;
  private long lastId;
  private List<Effect> effects = List.of();
  private final Map<Class<?>, Effect> lastOfKind = new HashMap<>();

  Driver turns(TurnPolicy policy) {
    turnPolicy = policy;
    return this;
  }

  Driver drain(DrainPolicy policy) {
    drainPolicy = policy;
    return this;
  }

  Driver probes() {
    probes = true;
    return this;
  }

  Driver evicts() {
    evicts = true;
    return probes();
  }

  Driver looks() {
    looks = true;
    return this;
  }

  Driver looksAtFleet() {
    looksAtFleet = true;
    return this;
  }

  Driver asksOutside() {
    asksOutside = true;
    return this;
  }

  /** Nobody wants the effects that only tell something. */
  Driver tellsNothing() {
    tells = false;
    return this;
  }

  Driver fleetLimit(int limit) {
    fleetLimit = limit;
    return this;
  }

  Driver queueLimit(int limit) {
    queueLimit = limit;
    return fleetQueueLimit(limit);
  }

  /** Another bound than that of the local-heavy tasks. */
  Driver fleetQueueLimit(int limit) {
    fleetQueueLimit = limit;
    return this;
  }

  Driver cap(int starts) {
    cap = starts;
    return this;
  }

  Driver suspendedLimit(int limit) {
    suspendedLimit = limit;
    return this;
  }

  /** Writes down all that the engine is told. */
  Driver recordedIn(Lines sink) {
    lines = sink;
    return this;
  }

  EngineSettings settings() {
    return new EngineSettings(
        turnPolicy,
        drainPolicy,
        probes,
        evicts,
        looks,
        looksAtFleet,
        asksOutside,
        fleetLimit,
        queueLimit,
        fleetQueueLimit,
        cap,
        suspendedLimit,
        tells);
  }

  Engine engine() {
    Engine made = engine == null ? newEngine() : engine;
    engine = made;
    return made;
  }

  private Engine newEngine() {
    return lines == null
        ? new Engine(settings(), now)
        : new RecordingEngine(settings(), now, lines);
  }

  EngineView view() {
    return engine().view(now);
  }

  private void settle() {
    effects = engine().takeEffects();
    effects.forEach(effect -> lastOfKind.put(effect.getClass(), effect));
  }

  // Events.

  Job fleet(String name) {
    return submit(job(TaskClass.FLEET, name, null, null, null));
  }

  Job local(String name) {
    return submit(job(TaskClass.LOCAL_HEAVY, name, null, null, null));
  }

  Job local(String name, String model) {
    return submit(job(TaskClass.LOCAL_HEAVY, name, ResidencyKey.of(model), null, null));
  }

  Job job(
      TaskClass taskClass,
      String name,
      @Nullable ResidencyKey key,
      @Nullable Duration startWithin,
      @Nullable Duration runTimeout) {
    return new Job(++lastId, taskClass, key, name, startWithin, runTimeout);
  }

  Job submit(Job job) {
    assertNull(submitted(job));
    return job;
  }

  @Nullable String submitted(Job job) {
    String rejected = engine().submit(job, now);
    settle();
    return rejected;
  }

  /** The body ends well. */
  void end(Job job) {
    end(job, new Outcome.Succeeded<>("done"));
  }

  void end(Job job, Outcome<?> outcome) {
    engine().bodyEnded(job, outcome, now);
    settle();
  }

  boolean cancel(Job job) {
    boolean did = engine().cancel(job, "not wanted", now);
    settle();
    return did;
  }

  /** Lets time pass, and the wake-up come. */
  void seconds(long seconds) {
    pass(Duration.ofSeconds(seconds));
  }

  void pass(Duration duration) {
    now += duration.toNanos();
    engine().tick(now);
    settle();
  }

  /** Lets time pass without an event. */
  void later(Duration duration) {
    now += duration.toNanos();
  }

  /** The time between now and the wake-up that the engine wants; null for none. */
  @Nullable Duration wakesIn() {
    long wake = engine().nextWake();
    return wake == Job.NEVER ? null : Duration.ofNanos(wake - now);
  }

  /** The answer to the last observation that was asked for. */
  void resident(String... models) {
    observed(
        Residency.of(
            Stream.of(models).map(model -> ResidentModel.worker(model, 1 << 20)).toList()));
  }

  void observed(Residency residency) {
    engine().observed(last(Effect.Observe.class).token(), residency, now);
    settle();
  }

  /** The answer to the last look that was asked for. */
  void verdict(Verdict verdict) {
    engine().verdict(last(Effect.Look.class).token(), verdict, now);
    settle();
  }

  void fleetVerdict(Verdict verdict) {
    engine().fleetVerdict(last(Effect.LookAtFleet.class).token(), verdict, now);
    settle();
  }

  /** The last eviction has returned, or failed. */
  void evicted(@Nullable String failure) {
    engine().evicted(last(Effect.Evict.class).token(), failure, now);
    settle();
  }

  void granted(long token, Lease permit) {
    engine().permitGranted(token, permit, now);
    settle();
  }

  void permitRefused(long token, String why) {
    engine().permitRefused(token, why, now);
    settle();
  }

  @Nullable TaskDeadlockException await(Job job, Job target) {
    TaskDeadlockException dead = engine().await(job, target, now);
    settle();
    return dead;
  }

  @Nullable TaskDeadlockException join(Job job, Job target) {
    TaskDeadlockException dead = engine().beginJoin(job, target, now);
    settle();
    return dead;
  }

  void endJoin(Job job) {
    engine().endJoin(job, now);
    settle();
  }

  void changeFleetLimit(int limit) {
    engine().fleetLimit(limit, now);
    settle();
  }

  void pause(TaskClass taskClass) {
    engine().pause(taskClass, now);
    settle();
  }

  void resume(TaskClass taskClass) {
    engine().resume(taskClass, now);
    settle();
  }

  void shutdown() {
    engine().shutdown(now);
    settle();
  }

  List<Job> shutdownNow() {
    List<Job> neverRan = engine().shutdownNow("closed", now);
    settle();
    return neverRan;
  }

  /** The last effect of a kind, whenever that was. */
  <E extends Effect> E last(Class<E> type) {
    Effect effect = lastOfKind.get(type);
    assertNotNull(effect, () -> "no " + type.getSimpleName() + " so far");
    return type.cast(effect);
  }

  // What the last event brought about.

  List<Effect> effects() {
    return effects;
  }

  <E extends Effect> List<E> all(Class<E> type) {
    return effects.stream().filter(type::isInstance).map(type::cast).toList();
  }

  <E extends Effect> E only(Class<E> type) {
    List<E> found = all(type);
    assertEquals(1, found.size(), () -> "one " + type.getSimpleName() + " in " + effects);
    return found.get(0);
  }

  /** The jobs whose bodies the last event started. */
  List<Job> started() {
    return all(Effect.Start.class).stream().map(Effect.Start::job).toList();
  }

  /** The suspended jobs that the last event let go on. */
  List<Job> resumed() {
    return all(Effect.Resume.class).stream().map(Effect.Resume::job).toList();
  }
}
