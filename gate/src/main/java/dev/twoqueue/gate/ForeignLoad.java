package dev.twoqueue.gate;

import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What others use of the processors, by the best figure that the system has. One look at a time;
 * not thread-safe.
 */
final class ForeignLoad {
  /** Two readings are at least this far apart, so a look without an earlier one waits so long. */
  private static final Duration STEP = Duration.ofMillis(300);

  private static final int STEPS = 5;

  /**
   * What was read.
   *
   * @param foreignCores in use by others
   * @param stalls for want of a disk or of memory; empty where the system does not tell
   * @param quota the CPU quota that counts for this process; empty where there is none
   * @param text the figures for people
   */
  record Reading(
      double foreignCores,
      Optional<CpuWindow.StallShares> stalls,
      Optional<QuotaUse> quota,
      String text) {}

  /**
   * A quota and what others use of it.
   *
   * @param foreignCores in use by others below it; empty where that is not told
   */
  record QuotaUse(double cores, OptionalDouble foreignCores) {}

  private final HostFigures figures;
  private final CpuWindow window = new CpuWindow();
  private final OwnLoadAverage ownAverage = new OwnLoadAverage();
  private final PerProcess<Boolean> servers;
  private Optional<CpuQuota> quota = Optional.empty();
  private String whyUnknown = "";
  private boolean known;

  ForeignLoad(HostFigures figures, List<String> modelServers) {
    this.figures = figures;
    this.servers =
        new PerProcess<>(
            process ->
                modelServers.stream().anyMatch(server -> Program.isExecutable(process, server)));
  }

  /** Begins a look: nothing is known yet. */
  void forget() {
    known = false;
  }

  boolean isKnown() {
    return known;
  }

  String whyUnknown() {
    return whyUnknown;
  }

  /** Reads; empty when nothing tells, for the reason {@link #whyUnknown}. */
  Optional<Reading> read() throws IOException, InterruptedException {
    OptionalDouble average = figures.loadAverage();
    ProcessTable table = figures.processTable();
    Optional<Reading> reading =
        table.busyCpuNanos().isPresent() ? byWindow(table, average) : byAverage(table, average);
    known = reading.isPresent();
    return reading;
  }

  private Optional<Reading> byWindow(ProcessTable first, OptionalDouble average)
      throws IOException, InterruptedException {
    add(first);
    Optional<CpuWindow.Measured> measured = window.measure();
    for (int i = 0; i < STEPS && measured.isEmpty(); i++) {
      figures.pause(STEP);
      add(figures.processTable());
      measured = window.measure();
    }
    whyUnknown = "no two readings of the CPU time at least 500 ms apart";
    return measured.map(
        it ->
            new Reading(
                it.foreignCores(),
                it.stalls(),
                quota.map(limit -> new QuotaUse(limit.cores(), it.foreignOfQuota())),
                text(it, average)));
  }

  private void add(ProcessTable table) throws IOException {
    OptionalLong busy = table.busyCpuNanos();
    quota = figures.cpuQuota();
    if (busy.isPresent()) {
      Optional<CpuWindow.StallReading> stalls =
          figures.stalls().map(it -> new CpuWindow.StallReading(figures.nanoTime(), it));
      BitSet ours = ours(table);
      Optional<CpuWindow.QuotaReading> used =
          quota.map(
              it -> new CpuWindow.QuotaReading(figures.nanoTime(), it, under(it, table, ours)));
      window.add(table, busy.getAsLong(), ours, stalls, used);
    }
  }

  /** A model server may run outside of this process's container. */
  private BitSet under(CpuQuota limit, ProcessTable table, BitSet ours) {
    BitSet found = new BitSet();
    ours.stream()
        .filter(i -> figures.isUnder(table.processes().get(i).pid(), limit))
        .forEach(found::set);
    return found;
  }

  private BitSet ours(ProcessTable table) {
    BitSet ours = table.treesOf(p -> p.pid() == table.selfPid() || servers.of(p));
    servers.keepOnly(table);
    return ours;
  }

  private static String text(CpuWindow.Measured measured, OptionalDouble average) {
    String stalls =
        measured
            .stalls()
            .map(
                it ->
                    ", tasks stalled for disk "
                        + Numbers.percent(it.io())
                        + ", memory "
                        + Numbers.percent(it.memory())
                        + ", processor "
                        + Numbers.percent(it.cpu()))
            .orElse("");
    return "others use "
        + Numbers.fixed(measured.foreignCores(), 2)
        + " cores over the last "
        + Numbers.fixed(measured.over().toMillis() / 1000.0, 1)
        + " s (we "
        + Numbers.fixed(measured.ownCores(), 2)
        + "; 1-minute load average "
        + (average.isPresent() ? Numbers.fixed(average.getAsDouble(), 2) : "unknown")
        + ")"
        + stalls;
  }

  private Optional<Reading> byAverage(ProcessTable table, OptionalDouble average) {
    if (average.isEmpty()) {
      whyUnknown = "this system tells neither CPU time nor a load average";
      return Optional.empty();
    }
    long cpuNanos =
        ours(table).stream().mapToLong(i -> table.processes().get(i).cpuNanos().orElse(0)).sum();
    int processors = figures.logicalCores().orElse(1);
    double own = ownAverage.at(table.takenAtNanos(), cpuNanos, processors);
    double foreign = average.getAsDouble() - own;
    return Optional.of(
        new Reading(
            foreign < 0 ? 0 : foreign,
            Optional.empty(),
            Optional.empty(),
            "1-minute load average "
                + Numbers.fixed(average.getAsDouble(), 2)
                + ", at least "
                + Numbers.fixed(own, 2)
                + " of it ours, since this system tells no CPU time"));
  }
}
