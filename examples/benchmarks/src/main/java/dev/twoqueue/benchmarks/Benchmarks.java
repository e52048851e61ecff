package dev.twoqueue.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the benchmarks and prints tables in Markdown. Arguments: {@code --quick} for shorter
 * measurements, and the names of the studies to run (fleet, choose, switch, million, held, memory,
 * preflight, forecast), all without one. Exits with 1 when a target is missed, with 2 when the
 * arguments are wrong.
 */
public final class Benchmarks {
  private static final List<Study> ALL =
      List.of(
          new FleetStudy(),
          new ChoiceStudy(),
          new SwitchStudy(),
          new MillionStudy(),
          new HeldStudy(),
          new MemoryStudy(),
          new PreflightStudy(),
          new ForecastStudy());

  private Benchmarks() {}

  /** Runs what the arguments name. */
  public static void main(String... arguments) throws Exception {
    Plan plan;
    try {
      plan = Plan.of(arguments);
      check(plan);
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage());
      System.exit(2);
      return;
    }
    System.exit(run(plan, System.out) ? 0 : 1);
  }

  private static void check(Plan plan) {
    List<String> names = ALL.stream().map(Study::name).toList();
    for (String study : plan.studies()) {
      if (!names.contains(study)) {
        throw new IllegalArgumentException("no study " + study + ", there are " + names);
      }
    }
  }

  /**
   * Runs a plan.
   *
   * @return whether all its targets are met
   */
  static boolean run(Plan plan, PrintStream out) throws Exception {
    out.printf(
        "JDK %s, %d processors, %s%n%n",
        Runtime.version(), Runtime.getRuntime().availableProcessors(), plan.effort());
    List<Target> targets = new ArrayList<>();
    for (Study study : ALL) {
      if (plan.includes(study.name())) {
        Study.Findings findings = study.run(plan.effort());
        findings.tables().forEach(out::println);
        targets.addAll(findings.targets());
      }
    }
    targets.forEach(out::println);
    return targets.stream().allMatch(Target::met);
  }
}
