package dev.twoqueue.gate;

import dev.twoqueue.Gate;
import dev.twoqueue.GateRequest;
import dev.twoqueue.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Holds while a process of somebody else's does what only one should do at a time: downloads or
 * loads a model, sweeps a test suite.
 *
 * <p>This process, its descendants (what tasks started themselves) and its ancestors (a test run
 * that the host is part of) do not count. The hold names each process found: pid, command (one line
 * of at most 120 characters, obvious secrets masked) and since when.
 *
 * <p>A process whose arguments the system hides, as of other users on macOS, meets a rule by its
 * program alone: that may hold without need, but lets nothing pass that it cannot see. One behind
 * an interpreter cannot be told then; how many hide theirs is in the verdict.
 *
 * <p>Immutable and thread-safe. A process list may be up to a second old.
 */
public final class ProcessGate implements Gate {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);
  private static final int SHOWN = 3;

  private final List<ProcessRule> rules;
  private final HostFigures figures;

  private ProcessGate(List<ProcessRule> rules, HostFigures figures) {
    this.rules = rules;
    this.figures = figures;
  }

  /**
   * A gate with {@link ProcessRule#defaults}.
   *
   * @return the gate
   */
  public static ProcessGate standard() {
    return of(ProcessRule.defaults());
  }

  /**
   * A gate with other rules.
   *
   * @param rules any of them holds; at least one
   * @return the gate
   * @throws IllegalArgumentException when empty
   */
  public static ProcessGate of(Collection<ProcessRule> rules) {
    return new ProcessGate(Arguments.notEmpty(rules, "rules"), HostFigures.live());
  }

  /**
   * The same on other figures.
   *
   * @param source where the processes come from
   * @return a copy
   */
  public ProcessGate withFigures(HostFigures source) {
    return new ProcessGate(rules, Arguments.notNull(source, "source"));
  }

  @Override
  public String name() {
    return "processes";
  }

  @Override
  public Verdict look(GateRequest request) throws Exception {
    Arguments.notNull(request, "request");
    return Looks.holdingOnFailure(
        "the list of processes", LOOK_AGAIN, Verdict.Scope.CLASS, this::judge);
  }

  private Verdict judge() throws IOException {
    ProcessTable table = figures.processTable();
    Set<Long> own = new HashSet<>(table.treesOf(process -> process.pid() == table.selfPid()));
    own.addAll(table.ancestorsOfSelf());
    List<String> found = new ArrayList<>();
    int hidden = 0;
    for (HostProcess process : table.processes()) {
      if (!own.contains(process.pid())) {
        conflict(process).ifPresent(found::add);
        hidden += process.commandLine().isEmpty() ? 1 : 0;
      }
    }
    String unseen = hidden == 0 ? "" : "; " + hidden + " do not show their command line";
    return found.isEmpty()
        ? Verdict.proceed(
            "none of " + table.processes().size() + " processes is in the way" + unseen)
        : Verdict.holdClass(shown(found) + unseen, LOOK_AGAIN);
  }

  private Optional<String> conflict(HostProcess process) {
    for (ProcessRule rule : rules) {
      ProcessRule.Match match = rule.match(process);
      if (match != ProcessRule.Match.NONE) {
        return Optional.of(describe(process, rule, match));
      }
    }
    return Optional.empty();
  }

  private static String describe(HostProcess process, ProcessRule rule, ProcessRule.Match match) {
    String since =
        process
            .started()
            .map(started -> "since " + started.truncatedTo(ChronoUnit.SECONDS))
            .orElse("since when is unknown");
    String command = process.commandLine().map(CommandText::of).orElseGet(process::name);
    String doubt =
        match == ProcessRule.Match.HIDDEN_ARGUMENTS
            ? "; its arguments are hidden, so it may be something else"
            : "";
    return rule.describe() + " runs: pid " + process.pid() + ", " + since + ": " + command + doubt;
  }

  private static String shown(List<String> found) {
    String first = found.stream().limit(SHOWN).collect(Collectors.joining(" | "));
    return found.size() <= SHOWN ? first : first + " | and " + (found.size() - SHOWN) + " more";
  }
}
