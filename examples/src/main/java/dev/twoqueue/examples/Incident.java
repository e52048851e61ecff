package dev.twoqueue.examples;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.MemoryBudget;
import dev.twoqueue.SchedulerBuilder;
import dev.twoqueue.SchedulerSnapshot;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TurnPolicy;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.WaitReason;
import dev.twoqueue.gate.HostGates;
import dev.twoqueue.gate.HostMemory;
import dev.twoqueue.gate.LoadGate;
import dev.twoqueue.ollama.OllamaClient;
import dev.twoqueue.ollama.OllamaException;
import dev.twoqueue.ollama.OllamaTimeouts;
import dev.twoqueue.testkit.OccupancyMonitor;
import java.io.PrintStream;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The main job: the morning of 2026-05-13, 10:58, first as it was, then through the scheduler.
 * Exits with 0 when the rule held and everything ended as it should, 1 when the independent witness
 * saw the rule broken, 2 when a task did not end as it should, 3 when it could not begin, 64 for a
 * wrong option.
 */
public final class Incident {
  private static final Duration PACE = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final IncidentOptions options;
  private final PrintStream out;
  private final OccupancyMonitor witness = new OccupancyMonitor();

  private Incident(IncidentOptions options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  /**
   * Runs it on the terminal.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    int code = run(System.out, args);
    if (code != 0) {
      System.exit(code);
    }
  }

  /**
   * Runs it.
   *
   * @param out takes all that is said
   * @param args as on the command line
   * @return the exit code
   */
  public static int run(PrintStream out, String... args) {
    if (List.of(args).contains("--help")) {
      out.println(IncidentOptions.USAGE);
      return 0;
    }
    IncidentOptions options;
    try {
      options = IncidentOptions.parse(args);
    } catch (IncidentOptions.UsageException wrong) {
      out.println(wrong.getMessage() + System.lineSeparator() + IncidentOptions.USAGE);
      return 64;
    }
    Incident incident = new Incident(options, out);
    try (ModelMachine machine = incident.machine()) {
      return incident.play(machine);
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
      out.println("interrupted");
      return 3;
    } catch (Exception broken) {
      out.println("could not run: " + broken);
      return 3;
    }
  }

  private ModelMachine machine() {
    if (options.realServer()) {
      return ModelMachine.real(options.address(), options.models());
    }
    sayIfARealOneAnswers();
    return ModelMachine.simulated(options.speed());
  }

  /** A demo never touches a user's server unasked. */
  private void sayIfARealOneAnswers() {
    OllamaTimeouts quick =
        OllamaTimeouts.DEFAULTS
            .withConnect(Duration.ofMillis(500))
            .withQuick(Duration.ofMillis(500));
    try (OllamaClient there = OllamaClient.builder().timeouts(quick).build()) {
      out.println(
          "An Ollama "
              + there.version()
              + " answers at "
              + there.address()
              + ". It is left alone: add --ollama to use it.");
    } catch (OllamaException | IllegalArgumentException nobody) {
      out.println("No real Ollama answers here; with one, add --ollama [URL] to use it.");
    }
  }

  private int play(ModelMachine machine) throws Exception {
    out.println("The model server is " + machine.description + ".");
    try (CloudApi cloud = new CloudApi(Duration.ofMillis((long) (8_000 / options.speed())))) {
      Morning morning = new Morning(machine, cloud, witness);
      List<LocalHeavyTask<?>> localHeavy = morning.localHeavy();
      out.println();
      new AsItWas(out).describe(localHeavy, machine.client.workingSetPredictor(), budget(machine));
      out.println();
      out.println("Now through the scheduler:");
      Timeline timeline = new Timeline(out, machine.isSimulated() ? options.speed() : 1);
      List<TaskHandle<?>> handles = new ArrayList<>();
      SchedulerSnapshot last;
      boolean ended;
      try (TwoQueueScheduler scheduler = scheduler(machine, timeline)) {
        localHeavy.forEach(task -> handles.add(scheduler.submit(task)));
        morning.hopeless().ifPresent(task -> handles.add(scheduler.submit(task)));
        morning.agents(scheduler).forEach(task -> handles.add(scheduler.submit(task)));
        ended = watch(scheduler, timeline, handles, morning);
        last = scheduler.snapshot();
        if (!ended) {
          scheduler.shutdownNow("gave up after " + options.giveUpAfter());
        }
      }
      return new Report(out, machine, cloud, witness).print(handles, last, ended);
    }
  }

  private static MemoryBudget budget(ModelMachine machine) throws Exception {
    return machine.simulatedMachine().isPresent()
        ? ModelMachine.memory(machine.simulatedMachine().get()).budget()
        : HostMemory.standard().budget();
  }

  private TwoQueueScheduler scheduler(ModelMachine machine, Timeline timeline) {
    // snippet: incident-scheduler
    HostGates.Builder gates = HostGates.builder(); // load, processes, disk, memory: this machine's
    options.loadLimit().ifPresent(cores -> gates.load(LoadGate.absolute(cores)));
    if (!options.loadGate()) {
      gates.withoutLoad();
    }
    if (!options.processGate()) {
      gates.withoutProcesses();
    }
    machine.addGates(gates);
    SchedulerBuilder builder =
        TwoQueueScheduler.builder()
            .gate(gates.build())
            .residencyProbe(machine.client.residencyProbe()) // brings its evictor
            .workingSetPredictor(machine.client.workingSetPredictor())
            .listener(timeline);
    // end snippet
    if (machine.isSimulated()) {
      // Its minutes are short, so its turns are too.
      Duration turn = Duration.ofNanos((long) (30e9 / options.speed()));
      builder.turnPolicy(TurnPolicy.budget(turn, turn));
    }
    return builder.build();
  }

  /** Says how things stand until all has ended; at eleven the daemons fire. */
  private boolean watch(
      TwoQueueScheduler scheduler, Timeline timeline, List<TaskHandle<?>> handles, Morning morning)
      throws InterruptedException {
    long deadline = System.nanoTime() + options.giveUpAfter().toNanos();
    Duration untilEleven = timeline.until(LocalTime.of(11, 0));
    long eleven =
        System.nanoTime() + Math.min(untilEleven.toNanos(), Duration.ofSeconds(10).toNanos());
    boolean fired = false;
    long heldSince = 0;
    while (System.nanoTime() < deadline) {
      if (!fired && System.nanoTime() >= eleven) {
        fired = true;
        timeline.say("the top of the hour: seven daemons fire");
        morning.daemons().forEach(task -> handles.add(scheduler.submit(task)));
      }
      SchedulerSnapshot snapshot = scheduler.snapshot();
      timeline.state(snapshot);
      heldSince = adviseIfHeld(timeline, snapshot, heldSince);
      if (fired && handles.stream().allMatch(handle -> handle.outcome().isPresent())) {
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(PACE.toMillis());
    }
    return false;
  }

  private static long adviseIfHeld(Timeline timeline, SchedulerSnapshot snapshot, long since) {
    boolean held =
        snapshot
            .localHeavy()
            .classHold()
            .filter(reason -> reason.cause() == WaitReason.Cause.HELD)
            .isPresent();
    if (!held) {
      return 0;
    }
    long now = System.nanoTime();
    if (since == 0) {
      return now;
    }
    if (since > 0 && now - since > PATIENCE.toNanos()) {
      timeline.say(
          "help    this machine holds local-heavy tasks: "
              + snapshot.localHeavy().classHold().map(WaitReason::text).orElse("")
              + ". Stop what it names, or use --load-limit CORES, --no-load-gate or"
              + " --no-process-gate.");
      return -1; // said once
    }
    return since;
  }
}
