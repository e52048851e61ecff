package dev.twoqueue.gate;

import dev.twoqueue.Gate;
import dev.twoqueue.GateRequest;
import dev.twoqueue.Verdict;
import dev.twoqueue.gate.internal.Arguments;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds while others keep the processors busy: at or above the limit it holds every local-heavy
 * task, below it lets them pass.
 *
 * <p>What counts is the CPU time that <em>others</em> used over about the last 2 s, in cores: the
 * busy time of the system, less that of this JVM, its descendants, and the model servers with
 * theirs. The 1-minute load average is shown beside it, but does not decide, since after an own
 * heavy task it stays high for minutes (from 16 to 4 in 60·ln(16/4) = 83 s). Where the system tells
 * no CPU time the load average decides, less {@linkplain OwnLoadAverage what is surely ours} of it;
 * where that is missing too, the gate holds, and says so.
 *
 * <p>On Linux it also holds while tasks stand still for want of the disk half of the time, or for
 * memory a tenth of it (pressure stall information, over the same window): a copy that keeps the
 * disk busy and a machine that swaps use little CPU time. Whose stalls these are the kernel does
 * not tell; those of an own task are past within the window. Stalls for processors are shown and do
 * not decide, since CPU time tells whose they are.
 *
 * <p>In a container Linux goes on telling the CPU time of the whole machine, so its limit is that
 * of the machine's cores. Where the container has a CPU quota, others below the same quota are
 * looked at as well, by the group's own account: they may use the same share of each core of the
 * quota.
 *
 * <p>A look needs two readings, at least 500 ms apart and not older than 5 s. Where the last look
 * is longer ago, the look itself waits for the second one, for about half a second; otherwise it
 * takes a fraction of a millisecond.
 *
 * <p>Once it holds, it lets go below four fifths of the limit, so that a load around the limit does
 * not make it flap. A hold tells its age; its next look comes after 1 s, later after 2 s. A machine
 * that is never quiet holds for ever, unless {@link #lettingOneThroughAfter} says otherwise.
 *
 * <p>Known limits: work on a GPU shows in no figure here. What a model server does on behalf of
 * somebody else counts as ours. A model server in another container or of another user, whose CPU
 * time the system hides, counts as foreign. An own child that ends within the window may count as
 * foreign for up to 5 s where the system keeps no account of ended children (all but Linux).
 *
 * <p>Thread-safe.
 */
public final class LoadGate implements Gate {
  /** The names of programs that count as model servers unless the host says otherwise. */
  public static final List<String> DEFAULT_MODEL_SERVERS = List.of("ollama");

  /** A hold ends below this share of the limit. */
  static final double LETS_GO = 0.8;

  private static final Logger log = LoggerFactory.getLogger(LoadGate.class);
  private static final double IO_LIMIT = 0.5;
  private static final double MEMORY_LIMIT = 0.1;
  private static final Duration LOOK_AGAIN_LATEST = Duration.ofSeconds(2);

  private final LoadLimit limit;
  private final List<String> modelServers;
  private final Optional<Duration> patience;
  private final HostFigures figures;
  private final ReentrantLock lock = new ReentrantLock();
  private final HoldPace pace = new HoldPace(HoldPace.SOONEST, LOOK_AGAIN_LATEST);
  private final ForeignLoad load;
  private boolean holding;

  private LoadGate(
      LoadLimit limit,
      List<String> modelServers,
      Optional<Duration> patience,
      HostFigures figures) {
    this.limit = limit;
    this.modelServers = modelServers;
    this.patience = patience;
    this.figures = figures;
    this.load = new ForeignLoad(figures, modelServers);
  }

  /**
   * A gate at a third of the host's logical cores: 4.0 on 12.
   *
   * @return the gate
   */
  public static LoadGate standard() {
    return perCore(1 / 3.0);
  }

  /**
   * A gate whose limit grows with the machine.
   *
   * @param share of each logical core that others may use, above 0; 1/3 is the default
   * @return the gate
   * @throws IllegalArgumentException when not positive or not finite
   */
  public static LoadGate perCore(double share) {
    return of(new LoadLimit(Arguments.positive(share, "share"), true, IO_LIMIT, MEMORY_LIMIT));
  }

  /**
   * A gate with the same limit on every machine.
   *
   * @param cores how many cores others may use, above 0
   * @return the gate
   * @throws IllegalArgumentException when not positive or not finite
   */
  public static LoadGate absolute(double cores) {
    return of(new LoadLimit(Arguments.positive(cores, "cores"), false, IO_LIMIT, MEMORY_LIMIT));
  }

  private static LoadGate of(LoadLimit limit) {
    return new LoadGate(limit, DEFAULT_MODEL_SERVERS, Optional.empty(), HostFigures.live());
  }

  /**
   * The same, with other model servers.
   *
   * @param programs names of executables without path and {@code .exe}; their CPU time, and that of
   *     everything below them, counts as ours; may be empty
   * @return a gate with a window of its own
   * @throws IllegalArgumentException when a name is blank
   */
  public LoadGate withModelServers(Collection<String> programs) {
    List<String> names = Arguments.copyOf(programs, "programs");
    names.forEach(name -> Arguments.notBlank(name, "program"));
    return new LoadGate(limit, names, patience, figures);
  }

  /**
   * The same with other limits on stalls, where the system tells of them.
   *
   * @param io share of time in which some task waits for a disk, 0.5 by default; above 1 to ignore
   *     them
   * @param memory the same for memory, 0.1 by default
   * @return a gate with a window of its own
   * @throws IllegalArgumentException when not positive or not finite
   */
  public LoadGate withStallLimits(double io, double memory) {
    LoadLimit other =
        new LoadLimit(
            limit.value(),
            limit.perCore(),
            Arguments.positive(io, "io"),
            Arguments.positive(memory, "memory"));
    return new LoadGate(other, modelServers, patience, figures);
  }

  /**
   * The same on other figures.
   *
   * @param source where the figures come from
   * @return a gate with a window of its own
   */
  public LoadGate withFigures(HostFigures source) {
    return new LoadGate(limit, modelServers, patience, Arguments.notNull(source, "source"));
  }

  /**
   * The same for a machine that is never quiet: when others' load has held tasks for so long, one
   * is let through (two never run at once), with a warning in the log, and the time begins anew. It
   * is not let through for any other gate. Off by default.
   *
   * @param time how long a load holds before one task passes it, positive
   * @return a gate with a window of its own
   * @throws IllegalArgumentException when not positive
   */
  public LoadGate lettingOneThroughAfter(Duration time) {
    return new LoadGate(
        limit, modelServers, Optional.of(Arguments.positive(time, "time")), figures);
  }

  @Override
  public String name() {
    return "load";
  }

  @Override
  public Verdict look(GateRequest request) throws Exception {
    Arguments.notNull(request, "request");
    lock.lockInterruptibly();
    try {
      load.forget();
      Verdict verdict =
          Looks.holdingOnFailure("the load", HoldPace.SOONEST, Verdict.Scope.CLASS, this::judge);
      return paced(request, verdict, figures.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  private Verdict judge() throws Exception {
    Optional<LoadLimit.Here> here = limit.on(figures.logicalCores());
    if (here.isEmpty()) {
      return unknown("the number of cores is unknown here; give LoadGate.absolute");
    }
    Optional<ForeignLoad.Reading> reading = load.read();
    if (reading.isEmpty()) {
      return unknown(load.whyUnknown());
    }
    if (reading.get().quota().filter(it -> it.foreignCores().isEmpty()).isPresent()) {
      return unknown("what others use of this control group's CPU quota is not told");
    }
    // Once it holds, a load just below the limit does not let go: it would come back at once.
    holding = !here.get().isKept(reading.get(), holding ? LETS_GO : 1);
    String text =
        reading.get().text() + ", " + here.get().text() + here.get().ofQuota(reading.get());
    return holding
        ? Verdict.holdClass(
            text + ", lets go below " + Numbers.percent(LETS_GO) + " of that", HoldPace.SOONEST)
        : Verdict.proceed(text);
  }

  private static Verdict unknown(String why) {
    return Verdict.holdClass(Gates.CANNOT_TELL + why, HoldPace.SOONEST);
  }

  private Verdict paced(GateRequest request, Verdict verdict, long now) {
    Duration age = pace.ageOfClass(now);
    boolean passes =
        verdict instanceof Verdict.Hold
            && load.isKnown() // what is not known is not a load that one may be let through
            && patience.isPresent()
            && age.compareTo(patience.get()) >= 0;
    if (!passes) {
      return pace.apply(request, verdict, now);
    }
    String text = ((Verdict.Hold) verdict).reason();
    String why = "held for " + Looks.seconds(age) + ", so one task is let through by policy: ";
    if (request.stage() == GateRequest.Stage.FINAL) {
      pace.end(request);
      log.warn("load gate lets {} start although {}: {}", request.task().name(), why, text);
    }
    return Verdict.proceed(why + text);
  }
}
