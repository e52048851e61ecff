package dev.twoqueue.gate;

import dev.twoqueue.Gate;
import dev.twoqueue.GateRequest;
import dev.twoqueue.Verdict;
import dev.twoqueue.gate.internal.Arguments;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Holds while a process of somebody else's does what only one should do at a time: downloads or
 * loads a model, sweeps a test suite.
 *
 * <p>This process, its descendants (what tasks started themselves) and its ancestors (a test run
 * that the host is part of) do not count, nor does what a model server runs below itself. The hold
 * names each process found: pid, command (one line of at most 120 characters, obvious secrets
 * masked) and since when.
 *
 * <p>A process whose arguments the system hides, as of other users on Windows, meets a rule by its
 * program alone: that may hold without need, but lets nothing pass that it cannot see. One behind
 * an interpreter cannot be told then; how many hide theirs is in the verdict.
 *
 * <p>The list of processes is read off the look's thread, at most 1.5 s ago; the verdict says when.
 * What a command line means is worked out once for each process.
 *
 * <p>Thread-safe.
 */
public final class ProcessGate implements Gate {
  private static final Duration LOOK_AGAIN_LATEST = Duration.ofSeconds(5);
  private static final int SHOWN = 3;

  private final List<ProcessRule> rules;
  private final boolean servers;
  private final HostFigures figures;
  private final HoldPace pace = new HoldPace(HoldPace.SOONEST, LOOK_AGAIN_LATEST);
  private final PerProcess<Optional<Conflict>> conflicts;
  private final LoadingServers loading;
  private final PerProcess<Boolean> modelServers =
      new PerProcess<>(
          process ->
              LoadGate.DEFAULT_MODEL_SERVERS.stream()
                  .anyMatch(server -> Program.isExecutable(process, server)));

  /** A process that is in the way for as long as it lives. */
  private record Conflict(ProcessRule rule, ProcessRule.Match match) {}

  private ProcessGate(List<ProcessRule> rules, boolean servers, HostFigures figures) {
    this.rules = rules;
    this.servers = servers;
    this.figures = figures;
    this.conflicts = new PerProcess<>(this::conflict);
    this.loading = new LoadingServers(figures);
  }

  /**
   * A gate with {@link ProcessRule#defaults}, which also holds while a {@code llama-server} of
   * somebody else's loads its model: asked at its own {@code /health}. One that does not answer is
   * taken as loading for its first ten minutes.
   *
   * @return the gate
   */
  public static ProcessGate standard() {
    return new ProcessGate(ProcessRule.defaults(), true, HostFigures.live());
  }

  /**
   * A gate with other rules, and these alone.
   *
   * @param rules any of them holds; at least one
   * @return the gate
   * @throws IllegalArgumentException when empty
   */
  public static ProcessGate of(Collection<ProcessRule> rules) {
    return new ProcessGate(Arguments.notEmpty(rules, "rules"), false, HostFigures.live());
  }

  /**
   * The same on other figures.
   *
   * @param source where the processes come from
   * @return a copy
   */
  public ProcessGate withFigures(HostFigures source) {
    return new ProcessGate(rules, servers, Arguments.notNull(source, "source"));
  }

  @Override
  public String name() {
    return "processes";
  }

  @Override
  public synchronized Verdict look(GateRequest request) throws Exception {
    Arguments.notNull(request, "request");
    Verdict verdict =
        Looks.holdingOnFailure(
            "the list of processes", HoldPace.SOONEST, Verdict.Scope.CLASS, this::judge);
    return pace.apply(request, verdict, figures.nanoTime());
  }

  private Verdict judge() throws IOException {
    ProcessTable table = figures.processTable();
    BitSet others = others(table);
    double age = Math.max(0, figures.nanoTime() - table.takenAtNanos()) / 1e9;
    String seen = "as of " + Numbers.fixed(age, 1) + " s ago" + hidden(table, others);
    String found = shown(table, others);
    conflicts.keepOnly(table);
    modelServers.keepOnly(table);
    return found.isEmpty()
        ? Verdict.proceed(
            "none of " + table.processes().size() + " processes is in the way, " + seen)
        : Verdict.holdClass(found + "; " + seen, HoldPace.SOONEST);
  }

  /** All but ours, those above us, and what model servers run below themselves. */
  private BitSet others(ProcessTable table) {
    BitSet notOthers = table.treesOf(process -> process.pid() == table.selfPid());
    notOthers.or(table.ancestorsOfSelf());
    BitSet belowServers = table.treesOf(modelServers::of);
    for (int i = belowServers.nextSetBit(0); i >= 0; i = belowServers.nextSetBit(i + 1)) {
      boolean isServer = modelServers.of(table.processes().get(i));
      notOthers.set(i, notOthers.get(i) || !isServer); // ollama pull is an ollama as well
    }
    notOthers.flip(0, table.processes().size());
    return notOthers;
  }

  private static String hidden(ProcessTable table, BitSet others) {
    long hidden =
        others.stream().filter(i -> table.processes().get(i).commandLine().isEmpty()).count();
    return hidden == 0 ? "" : "; " + hidden + " do not show their command line";
  }

  private String shown(ProcessTable table, BitSet others) {
    BitSet found = new BitSet();
    for (int i = others.nextSetBit(0); i >= 0; i = others.nextSetBit(i + 1)) {
      HostProcess process = table.processes().get(i);
      if (conflicts.of(process).isPresent() || (servers && loading.isLoading(process))) {
        found.set(i);
      }
    }
    if (found.isEmpty()) {
      return "";
    }
    table.keepLowest(found); // sudo ollama pull, and the ollama pull that it runs
    String first =
        found.stream()
            .limit(SHOWN)
            .mapToObj(i -> describe(table.processes().get(i)))
            .collect(Collectors.joining(" | "));
    int more = found.cardinality() - SHOWN;
    return more <= 0 ? first : first + " | and " + more + " more";
  }

  private Optional<Conflict> conflict(HostProcess process) {
    List<Program> programs = Program.of(process.commandLine().orElse(List.of()));
    for (ProcessRule rule : rules) {
      ProcessRule.Match match = rule.match(process, programs);
      if (match != ProcessRule.Match.NONE) {
        return Optional.of(new Conflict(rule, match));
      }
    }
    return Optional.empty();
  }

  private String describe(HostProcess process) {
    Optional<Conflict> conflict = conflicts.of(process);
    String what =
        conflict.map(it -> it.rule.describe() + " runs").orElseGet(() -> loading.describe(process));
    String since =
        process
            .started()
            .map(started -> "since " + started.truncatedTo(ChronoUnit.SECONDS))
            .orElse("since when is unknown");
    String command = process.commandLine().map(CommandText::of).orElseGet(process::name);
    String doubt =
        conflict.isPresent() && conflict.get().match == ProcessRule.Match.HIDDEN_ARGUMENTS
            ? "; its arguments are hidden, so it may be something else"
            : "";
    return what + ": pid " + process.pid() + ", " + since + ": " + command + doubt;
  }
}
