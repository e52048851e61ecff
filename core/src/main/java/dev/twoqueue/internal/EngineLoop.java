package dev.twoqueue.internal;

import dev.twoqueue.SchedulerClock;
import dev.twoqueue.SchedulerEvent;
import dev.twoqueue.internal.engine.Effect;
import dev.twoqueue.internal.engine.Engine;
import dev.twoqueue.internal.engine.EngineView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lock around the engine: take it, tell the engine, take the effects, leave it, carry them out.
 * The clock is read before the lock is taken, so that one that hangs hangs its caller alone; no
 * code of the host's runs under the lock, but for the turn policy.
 */
final class EngineLoop {
  private static final Logger LOG = LoggerFactory.getLogger(EngineLoop.class);

  private static final int SPINS = 100;

  /** A longer list is not kept. */
  private static final int FEW = 16;

  private final ReentrantLock lock = new ReentrantLock();
  private final Engine engine;
  private final SchedulerClock clock;
  private final EventBus events;
  private final Consumer<Effect> effects;
  private final Runnable onTermination;
  private final WakeUp wakeUp;
  private final @Nullable InputLogWriter inputLog;

  /** How many lists of effects were taken, under the lock, and how many were carried out. */
  private final AtomicLong taken = new AtomicLong();

  private final AtomicLong carriedOut = new AtomicLong();
  private volatile boolean allEnded;

  /**
   * Lists that were carried out, to be filled again. Two, since one thread mostly submits or starts
   * a task while another ends one.
   */
  private final AtomicReference<@Nullable List<Effect>> spare = new AtomicReference<>();

  private final AtomicReference<@Nullable List<Effect>> otherSpare = new AtomicReference<>();

  /** One object: it is asked for with every decision. */
  private final Supplier<List<Effect>> lists = this::listToFill;

  /** The time of day of the event that the engine is being told; under the lock. */
  private Instant at = Instant.EPOCH;

  EngineLoop(
      Engine engine,
      SchedulerClock clock,
      EventBus events,
      Consumer<Effect> effects,
      @Nullable InputLogWriter inputLog,
      Runnable onTermination) {
    this.engine = engine;
    this.clock = clock;
    this.events = events;
    this.effects = effects;
    this.inputLog = inputLog;
    this.onTermination = onTermination;
    this.wakeUp = new WakeUp(clock, () -> tell(Engine::tick));
  }

  /** Something to tell the engine. */
  @FunctionalInterface
  interface Event {
    /** Called under the lock. */
    void on(Engine engine, long now);
  }

  /** Something to tell the engine that has an answer. */
  @FunctionalInterface
  interface Question<R extends @Nullable Object> {
    /** Called under the lock. */
    R on(Engine engine, long now);
  }

  /** Something to tell the engine about two things, that has an answer. */
  @FunctionalInterface
  interface QuestionAbout<
      A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> {
    /** Called under the lock. */
    R on(Engine engine, long now, A first, B second);
  }

  /** Tells the engine something and does what follows from it. */
  void tell(Event event) {
    ask(
        event,
        event,
        (to, now, told, same) -> {
          told.on(to, now);
          return true;
        });
  }

  /** Tells the engine something, does what follows from it, and gives its answer. */
  <R extends @Nullable Object> R ask(Question<R> question) {
    return ask(question, question, (to, now, asked, same) -> asked.on(to, now));
  }

  /**
   * The same for what happens with every task: a question that captures nothing allocates nothing.
   */
  <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> R ask(
      A first, B second, QuestionAbout<A, B, R> question) {
    R answer;
    List<Effect> todo;
    long now = enter();
    try {
      answer = question.on(engine, now, first, second);
      todo = decided();
    } finally {
      lock.unlock();
    }
    carryOut(todo);
    return answer;
  }

  /**
   * Takes the lock.
   *
   * @return the time, read before
   */
  private long enter() {
    long now = clock.nanos();
    Instant told = events.hasListeners() ? clock.instant() : Instant.EPOCH;
    lock();
    at = told;
    return now;
  }

  /** Reads the engine. */
  <R> R look(Function<EngineView, R> reader) {
    long now = clock.nanos();
    lock.lock();
    try {
      return reader.apply(engine.view(now));
    } finally {
      lock.unlock();
    }
  }

  /** Whether anybody is to be told. */
  boolean hasListeners() {
    return events.hasListeners();
  }

  /** Tells the listeners something; under the lock, which gives the order. */
  void publish(Function<Instant, SchedulerEvent> event) {
    if (events.hasListeners()) {
      events.publish(event.apply(at));
    }
  }

  private List<Effect> decided() {
    List<Effect> todo = engine.takeEffects(lists);
    wakeUp.want(engine.nextWake());
    if (events.hasListeners()) {
      todo.forEach(effect -> Telling.of(effect, at).ifPresent(events::publish));
    }
    if (!todo.isEmpty()) {
      taken.setRelease(taken.getPlain() + 1); // alone under the lock
    }
    return todo;
  }

  private List<Effect> listToFill() {
    List<Effect> used = spare.getAndSet(null);
    if (used == null) {
      used = otherSpare.getAndSet(null);
    }
    return used == null ? new ArrayList<>() : used;
  }

  /** What is done under the lock is short, so it mostly comes free before a thread could park. */
  private void lock() {
    for (int i = 0; i < SPINS; i++) {
      if (lock.tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    lock.lock();
  }

  private void carryOut(List<Effect> todo) {
    if (lock.isHeldByCurrentThread()) {
      throw new IllegalStateException("effects are carried out outside the lock");
    }
    for (int i = 0; i < todo.size(); i++) {
      carryOut(todo.get(i));
    }
    // The last handle may have its outcome from any of the lists that are carried out just now.
    if (!todo.isEmpty()) {
      if (carriedOut.incrementAndGet() == taken.get() && allEnded) {
        if (inputLog != null) {
          inputLog.terminated();
        }
        onTermination.run();
      }
      reuse(todo);
    }
    wakeUp.arm();
    events.deliver();
    if (inputLog != null) {
      inputLog.deliver();
    }
  }

  private void reuse(List<Effect> carriedOut) {
    if (carriedOut.size() <= FEW) {
      carriedOut.clear();
      // Where both are there already, one of three is dropped, which is no harm.
      (spare.get() == null ? spare : otherSpare).lazySet(carriedOut);
    }
  }

  private void carryOut(Effect effect) {
    if (effect instanceof Effect.Terminated) {
      allEnded = true;
      return;
    }
    try {
      effects.accept(effect);
    } catch (Throwable thrown) {
      // One effect that fails must not take the others with it.
      LOG.error("{} could not be carried out", effect, thrown);
    }
  }
}
