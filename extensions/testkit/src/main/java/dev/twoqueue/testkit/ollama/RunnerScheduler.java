package dev.twoqueue.testkit.ollama;

import dev.twoqueue.testkit.ollama.OllamaEvent.Kind;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The server's own scheduler: a state machine under one lock, driven by requests and by timers.
 *
 * <p>It does what Ollama's does, step for step. A request whose runner is ready skips the queue.
 * All others go through one first-in-first-out queue, of which one request at a time is worked on:
 * while a victim is awaited or a model loads, the queue stands still. So alternating models thrash,
 * and a victim that a request with a keep_alive revives blocks the queue (Ollama's issue 17408):
 * both follow from the steps, neither is written down here.
 */
final class RunnerScheduler {
  /** Beyond this nobody waits for an expiry, and arithmetic on nanoseconds would overflow. */
  private static final long LONGEST_TIMER = Long.MAX_VALUE / 4;

  private final ServerSettings settings;
  private final SimulatedTime time;
  private final SimulatedMachine machine;
  private final ActivityLog log;
  private final OllamaFaults faults;
  private final Consumer<List<ResidentModel>> whenChanged;

  private final ArrayDeque<RunnerRequest> pending = new ArrayDeque<>();
  private final Map<String, Runner> runners = new LinkedHashMap<>();
  private @Nullable RunnerRequest current;
  private @Nullable Runner loading;

  RunnerScheduler(
      ServerSettings settings,
      SimulatedTime time,
      SimulatedMachine machine,
      ActivityLog log,
      OllamaFaults faults,
      Consumer<List<ResidentModel>> whenChanged) {
    this.settings = settings;
    this.time = time;
    this.machine = machine;
    this.log = log;
    this.faults = faults;
    this.whenChanged = whenChanged;
  }

  /** Asks for a runner; to be given to {@link #end} in any case. */
  synchronized RunnerRequest acquire(
      SimulatedModel model, RunnerOptions options, @Nullable Long keepAlive) {
    RunnerRequest request = new RunnerRequest(model, options, keepAlive);
    Runner runner = runners.get(model.weightsDigest());
    if (runner != null && runner.serves(options)) {
      grant(request, runner);
    } else if (pending.size() >= settings.maxQueue()) {
      request.granted.completeExceptionally(
          new ApiError(503, "server busy, please try again.  maximum pending requests exceeded"));
    } else {
      pending.addLast(request);
      pump();
    }
    return request;
  }

  /** Ends a request, whatever became of it: answered, failed, or its client has gone. */
  synchronized void end(RunnerRequest request) {
    if (request.ended) {
      return;
    }
    request.ended = true;
    Runner runner = request.runner;
    if (runner != null) {
      runner.users--;
      if (runner.users == 0) {
        becameIdle(runner);
      }
    } else if (request == current && loading != null) {
      finishLoad(loading, Kind.LOAD_ABORTED, null);
    }
    // Otherwise it keeps its place until its turn comes, as with the real server.
  }

  /**
   * Unloads when idle. A model that is not there, or still loads unlisted, is none of its business.
   */
  synchronized void unload(SimulatedModel model) {
    Runner runner = runners.get(model.weightsDigest());
    if (runner == null && loading != null && loading.listed && sameWeights(loading, model)) {
      runner = loading;
    }
    if (runner == null || runner.state == Runner.State.UNLOADING) {
      return;
    }
    runner.expiresAt = Instant.now();
    runner.keepAlive = 0;
    runner.reason = Kind.UNLOADED;
    if (runner.users == 0) {
      beginUnload(runner);
    }
    changed();
  }

  private static boolean sameWeights(Runner runner, SimulatedModel model) {
    return runner.model.weightsDigest().equals(model.weightsDigest());
  }

  /** The runner process dies; the server notices when it next needs it. */
  synchronized boolean kill(ModelName name) {
    for (Runner runner : runners.values()) {
      if (ModelName.of(runner.model.name()).equals(name)) {
        runner.dead = true;
        machine.give(runner.memory);
        runner.memory = 0;
        log.happened(Kind.DIED, runner.model);
        return true;
      }
    }
    return false;
  }

  /** What an out-of-memory at run time does to every runner: it leaves as soon as it is idle. */
  synchronized void losePins() {
    for (Runner runner : List.copyOf(runners.values())) {
      runner.keepAlive = 0;
      runner.reason = Kind.EXPIRED;
      if (runner.users == 0 && runner.state == Runner.State.READY) {
        beginUnload(runner);
      }
    }
  }

  /** Those in the queue and the one that it stands at. */
  synchronized int waiting() {
    return pending.size() + (current == null ? 0 : 1);
  }

  /** What ps lists, the longest-lived first. */
  synchronized List<ResidentModel> residents() {
    List<Runner> listed = new ArrayList<>(runners.values());
    if (loading != null && loading.listed) {
      listed.add(loading);
    }
    return listed.stream()
        .map(RunnerScheduler::shown)
        .sorted(Comparator.comparing(ResidentModel::expiresAt).reversed())
        .toList();
  }

  private static ResidentModel shown(Runner runner) {
    return new ResidentModel(
        runner.model,
        runner.model.workingSetBytes(runner.options.contextLength()),
        runner.options.contextLength(),
        runner.shownExpiry(),
        runner.users > 0);
  }

  /** Completes when no runner is being unloaded: 0.33 answers ps no earlier. */
  synchronized CompletableFuture<Void> unloadsDone() {
    return CompletableFuture.allOf(
        runners.values().stream()
            .filter(runner -> runner.state == Runner.State.UNLOADING)
            .map(runner -> runner.gone)
            .toArray(CompletableFuture<?>[]::new));
  }

  private void pump() {
    while (current == null && !pending.isEmpty()) {
      current = pending.removeFirst();
      advance(current);
    }
  }

  /** The next step for the request that the queue stands at. */
  private void advance(RunnerRequest request) {
    if (request.ended) {
      current = null;
      return;
    }
    if (runners.values().stream().anyMatch(each -> each.state == Runner.State.UNLOADING)) {
      return;
    }
    Runner runner = runners.get(request.model.weightsDigest());
    if (runner != null && runner.serves(request.options)) {
      current = null;
      grant(request, runner);
    } else if (runner != null) {
      evict(runner);
    } else if (runners.size() >= settings.maxLoadedModels()) {
      evict(victim());
    } else {
      startLoad(request);
    }
  }

  private void grant(RunnerRequest request, Runner runner) {
    runner.timerOff();
    runner.users++;
    if (request.keepAlive != null) {
      runner.keepAlive = request.keepAlive;
    }
    request.runner = runner;
    request.granted.complete(runner);
  }

  /** The shortest keep_alive, then the first by weights; one in use only when all are. */
  private Runner victim() {
    List<Runner> sorted = new ArrayList<>(runners.values());
    sorted.sort(
        Comparator.<Runner, Long>comparing(each -> each.keepAlive, Long::compareUnsigned)
            .thenComparing(each -> each.model.weightsDigest()));
    return sorted.stream().filter(each -> each.users == 0).findFirst().orElse(sorted.get(0));
  }

  private void evict(Runner victim) {
    victim.timerOff();
    victim.keepAlive = 0;
    victim.reason = Kind.EVICTED;
    if (victim.users == 0) {
      beginUnload(victim);
    }
  }

  private void becameIdle(Runner runner) {
    if (runner.keepAlive <= 0 || runner.dead) {
      beginUnload(runner);
      return;
    }
    runner.expiresAt = Instant.now().plusNanos(runner.keepAlive);
    if (runner.keepAlive < LONGEST_TIMER) {
      Instant due = runner.expiresAt;
      runner.timer = time.afterNanos(runner.keepAlive, () -> expire(runner, due));
    }
    changed();
  }

  /** Without effect where the runner was used since: its expiry is another one then. */
  private synchronized void expire(Runner runner, Instant due) {
    if (runner.users == 0 && runner.state == Runner.State.READY && due.equals(runner.expiresAt)) {
      runner.reason = Kind.EXPIRED;
      beginUnload(runner);
    }
  }

  private void beginUnload(Runner runner) {
    runner.timerOff();
    runner.state = Runner.State.UNLOADING;
    if (!runner.dead) {
      log.happened(runner.reason, runner.model);
    }
    runner.timer = time.after(settings.unloadTime(), () -> endUnload(runner));
  }

  private synchronized void endUnload(Runner runner) {
    runners.remove(runner.model.weightsDigest());
    machine.give(runner.memory);
    changed();
    if (current != null && loading == null) {
      advance(current);
    }
    pump();
    runner.gone.complete(null);
  }

  private void startLoad(RunnerRequest request) {
    SimulatedModel model = request.model;
    long keepAlive = request.keepAlive == null ? settings.keepAlive().toNanos() : request.keepAlive;
    Runner runner = new Runner(model, request.options, keepAlive);
    loading = runner;
    runner.users = 1;
    log.happened(Kind.LOAD_STARTED, model);
    log.heavyBegins();
    String failure = faults.loadFailure(model);
    long needed = model.workingSetBytes(request.options.contextLength());
    if (failure == null && settings.killsOnOutOfMemory() && !machine.fits(needed)) {
      failure = OllamaTexts.killedWhileLoading(settings.version());
    } else {
      runner.memory = needed;
      machine.take(needed);
    }
    scheduleLoad(runner, failure);
  }

  private void scheduleLoad(Runner runner, @Nullable String failure) {
    long nanos = time.nanos(faults.loadTime(runner.model));
    Runnable end =
        time.afterNanos(
            nanos,
            () -> {
              Kind outcome = failure == null ? Kind.LOADED : Kind.LOAD_FAILED;
              finishLoad(runner, outcome, failure);
            });
    // 0.24 lists a model once its memory is laid out, about half-way through the load.
    Runnable list =
        settings.version() == OllamaVersion.V0_24
            ? time.afterNanos(nanos / 2, () -> list(runner))
            : () -> {};
    runner.timer =
        () -> {
          end.run();
          list.run();
        };
  }

  private synchronized void list(Runner runner) {
    if (loading == runner) {
      runner.listed = true;
      changed();
    }
  }

  private synchronized void finishLoad(Runner runner, Kind outcome, @Nullable String failure) {
    RunnerRequest request = current;
    if (loading != runner || request == null) {
      return;
    }
    runner.timerOff();
    loading = null;
    current = null;
    log.heavyEnds();
    log.happened(outcome, runner.model);
    if (outcome == Kind.LOADED) {
      runner.state = Runner.State.READY;
      runners.put(runner.model.weightsDigest(), runner);
      request.runner = runner;
      request.granted.complete(runner);
    } else {
      machine.give(runner.memory);
      if (failure != null) {
        request.granted.completeExceptionally(new ApiError(500, failure));
      }
    }
    changed();
    pump();
  }

  private void changed() {
    whenChanged.accept(residents());
  }
}
