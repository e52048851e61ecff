package dev.twoqueue.gate;

import dev.twoqueue.Gate;
import dev.twoqueue.GateRequest;
import dev.twoqueue.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Holds while others keep the processors busy: at or above the threshold it holds every local-heavy
 * task, below it lets them pass.
 *
 * <p>What counts is the CPU time that <em>others</em> used over about the last 2 s, in cores: the
 * busy time of the system, less that of this JVM, its descendants, and the model servers with
 * theirs. The 1-minute load average is shown beside it, but does not decide, since after an own
 * heavy task it stays high for minutes (from 16 to 4 in 60·ln(16/4) = 83 s).
 *
 * <p>A look takes one sample and does not sleep. Where there is no earlier sample of at least 500
 * ms and at most 5 s ago, a look passes at once if the load average is below the threshold (it
 * counts our own load too, so that errs on the safe side) and, where the system tells (Linux), no
 * more threads than the threshold want to run at this moment (it sees a load that has just begun,
 * which the average does not). Otherwise it holds for a second, to have a window. Where CPU time is
 * not to be had at all, the load average decides; where that is missing too (Windows), it holds,
 * and says so.
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

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);
  private static final Duration WINDOW_FILLS = Duration.ofSeconds(1);

  private final double threshold;
  private final boolean perCore;
  private final List<String> modelServers;
  private final HostFigures figures;
  private final CpuWindow window = new CpuWindow();

  private LoadGate(
      double threshold, boolean perCore, List<String> modelServers, HostFigures figures) {
    this.threshold = threshold;
    this.perCore = perCore;
    this.modelServers = modelServers;
    this.figures = figures;
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
   * A gate whose threshold grows with the machine.
   *
   * @param share of each logical core that others may use, above 0; 1/3 is the default
   * @return the gate
   * @throws IllegalArgumentException when not positive or not finite
   */
  public static LoadGate perCore(double share) {
    return new LoadGate(
        Arguments.positive(share, "share"), true, DEFAULT_MODEL_SERVERS, HostFigures.live());
  }

  /**
   * A gate with the same threshold on every machine.
   *
   * @param cores how many cores others may use, above 0
   * @return the gate
   * @throws IllegalArgumentException when not positive or not finite
   */
  public static LoadGate absolute(double cores) {
    return new LoadGate(
        Arguments.positive(cores, "cores"), false, DEFAULT_MODEL_SERVERS, HostFigures.live());
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
    return new LoadGate(threshold, perCore, names, figures);
  }

  /**
   * The same on other figures.
   *
   * @param source where the figures come from
   * @return a gate with a window of its own
   */
  public LoadGate withFigures(HostFigures source) {
    return new LoadGate(threshold, perCore, modelServers, Arguments.notNull(source, "source"));
  }

  @Override
  public String name() {
    return "load";
  }

  @Override
  public synchronized Verdict look(GateRequest request) throws Exception {
    Arguments.notNull(request, "request");
    return Looks.holdingOnFailure("the load", LOOK_AGAIN, Verdict.Scope.CLASS, this::judge);
  }

  private Verdict judge() throws IOException {
    OptionalInt cores = perCore ? figures.logicalCores() : OptionalInt.of(1);
    if (cores.isEmpty()) {
      return Verdict.holdClass(
          "the number of cores is unknown here; give LoadGate.absolute", LOOK_AGAIN);
    }
    double limit = threshold * cores.getAsInt();
    OptionalDouble average = figures.loadAverage();
    ProcessTable table = figures.processTable();
    if (table.busyCpuNanos().isEmpty()) {
      return byAverage(limit, average);
    }
    window.add(table, table.busyCpuNanos().getAsLong(), table.treesOf(p -> isOurs(p, table)));
    Optional<CpuWindow.Measured> measured = window.measure();
    return measured.isPresent()
        ? byWindow(limit, measured.get(), average)
        : beforeTheWindow(limit, average);
  }

  private boolean isOurs(HostProcess process, ProcessTable table) {
    return process.pid() == table.selfPid()
        || modelServers.stream().anyMatch(server -> Program.isExecutable(process, server));
  }

  // The comparisons below are written so that NaN holds.

  private static Verdict byWindow(
      double limit, CpuWindow.Measured measured, OptionalDouble average) {
    String text =
        String.format(
            Locale.ROOT,
            "others use %.2f cores over the last %.1f s (we %.2f; 1-minute load average %s), limit"
                + " %.2f",
            measured.foreignCores(),
            measured.over().toMillis() / 1000.0,
            measured.ownCores(),
            shown(average),
            limit);
    return measured.foreignCores() < limit
        ? Verdict.proceed(text)
        : Verdict.holdClass(text, LOOK_AGAIN);
  }

  private Verdict beforeTheWindow(double limit, OptionalDouble average) {
    OptionalInt runnable = figures.runnableThreads();
    boolean quietNow = runnable.isEmpty() || runnable.getAsInt() - 1 < limit;
    String text =
        String.format(
            Locale.ROOT,
            "no window of CPU time yet; 1-minute load average %s, threads that want to run now %s,"
                + " limit %.2f",
            shown(average),
            runnable.isPresent() ? Integer.toString(runnable.getAsInt()) : "unknown",
            limit);
    return average.isPresent() && average.getAsDouble() < limit && quietNow
        ? Verdict.proceed(text)
        : Verdict.holdClass(text, WINDOW_FILLS);
  }

  private static Verdict byAverage(double limit, OptionalDouble average) {
    if (average.isEmpty()) {
      return Verdict.holdClass(
          "the load is unknown: this system tells neither CPU time nor a load average", LOOK_AGAIN);
    }
    String text =
        String.format(
            Locale.ROOT,
            "1-minute load average %s (our own load included, since this system tells no CPU time),"
                + " limit %.2f",
            shown(average),
            limit);
    return average.getAsDouble() < limit
        ? Verdict.proceed(text)
        : Verdict.holdClass(text, LOOK_AGAIN);
  }

  private static String shown(OptionalDouble average) {
    return average.isPresent()
        ? String.format(Locale.ROOT, "%.2f", average.getAsDouble())
        : "unknown";
  }
}
