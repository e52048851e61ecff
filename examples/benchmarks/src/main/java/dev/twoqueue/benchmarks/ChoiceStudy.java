package dev.twoqueue.benchmarks;

import dev.twoqueue.internal.engine.ChooseNextLocal;
import dev.twoqueue.internal.engine.ChooseNextLocal.Structure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** {@link ChooseNextLocal} and {@link EngineEvent}: what a task that waits costs. */
final class ChoiceStudy implements Study {
  private static final List<String> NAMES = List.of("structure", "queued", "models");
  private static final String[] SIZES = {"10", "1000", "100000", "1000000"};

  /** A linear scan of a million takes milliseconds. */
  private static final String[] BEARABLE = {"10", "1000", "100000"};

  private static final String[] MODELS = {"1", "30", "1000"};

  private static final List<Operation> OPERATIONS =
      List.of(
          new Operation("choose", "Choosing the next", false, ""),
          new Operation("takeNext", "Choosing, taking out, adding another", true, "touchNext"),
          new Operation("submit", "Adding one at the end", true, "touchLast"),
          new Operation(
              "cancelAndSubmit",
              "Taking one out of the middle, adding another",
              true,
              "touchMiddle"),
          new Operation(
              "changeResidency",
              "Another model is resident, choosing the next",
              false,
              "touchModel"));

  /** Of making the new jobs, which is not timed but counted where bytes are. */
  private static final String BASELINE = "baseline TWO_QUEUE 10 30";

  /**
   * What is measured.
   *
   * @param touch what touches the same jobs and does nothing else; empty without
   */
  private record Operation(String method, String title, boolean addsJobs, String touch) {}

  private static final String METHODS =
      OPERATIONS.stream().map(Operation::method).collect(Collectors.joining("|"));

  private static final String TOUCHES =
      OPERATIONS.stream()
          .map(Operation::touch)
          .filter(touch -> !touch.isEmpty())
          .collect(Collectors.joining("|"));

  @Override
  public String name() {
    return "choose";
  }

  @Override
  public Findings run(Plan.Effort effort) throws Exception {
    Figures figures = new Figures();
    measure(effort, Structure.TWO_QUEUE, METHODS + "|" + TOUCHES, SIZES, figures);
    measure(effort, Structure.TWO_QUEUE_UNPROBED, METHODS, SIZES, figures);
    measure(effort, Structure.PRIORITY_QUEUE, METHODS, SIZES, figures);
    measure(effort, Structure.LINEAR_SCAN, METHODS, BEARABLE, figures);
    Jmh.run(
        effort,
        ChooseNextLocal.class,
        "baseline",
        options ->
            options.param("structure", "TWO_QUEUE").param("queued", "10").param("models", "30"),
        NAMES,
        figures);
    double newJob = figures.bytes(BASELINE);
    Jmh.run(
        effort, EngineEvent.class, ".*", options -> options, List.of("queued", "models"), figures);
    List<Table> tables = new ArrayList<>();
    List<Target> targets = new ArrayList<>();
    for (Operation operation : OPERATIONS) {
      Table table = new Table(operation.title() + ", ns", header());
      for (Structure structure : Structure.values()) {
        for (String models : MODELS) {
          String prefix = operation.method() + " " + structure + " ";
          if (figures.has(prefix + SIZES[0] + " " + models)) {
            double own = operation.addsJobs() ? newJob : 0;
            table.row(cells(structure.toString(), prefix, models, own, figures));
          }
        }
      }
      addTouches(operation, figures, table);
      tables.add(table);
      addTargets(operation, figures, targets);
    }
    Table engine = new Table("The whole engine: submit, end, next start, ns", header());
    for (String models : MODELS) {
      engine.row(cells("Engine", "endAndStart ", models, newJob, figures));
    }
    tables.add(engine);
    return new Findings(tables, targets);
  }

  /** The library over all numbers of models, the others over one of them. */
  private static void measure(
      Plan.Effort effort, Structure structure, String methods, String[] sizes, Figures figures)
      throws Exception {
    boolean ours = structure == Structure.TWO_QUEUE;
    Jmh.run(
        effort,
        ChooseNextLocal.class,
        methods,
        options ->
            options
                .param("structure", structure.name())
                .param("queued", sizes)
                .param("models", ours ? MODELS : new String[] {"30"}),
        NAMES,
        figures);
  }

  private static String[] header() {
    List<String> cells = new ArrayList<>(List.of("structure", "models"));
    Stream.of(SIZES).map(size -> size + " queued").forEach(cells::add);
    cells.add("bytes");
    return cells.toArray(String[]::new);
  }

  private static String[] cells(
      String title, String prefix, String models, double newJob, Figures figures) {
    List<String> cells = new ArrayList<>(List.of(title, models));
    double bytes = 0;
    for (String size : SIZES) {
      String name = prefix + size + " " + models;
      if (figures.has(name)) {
        cells.add(String.format(Locale.ROOT, "%,.0f", figures.score(name)));
        bytes = Math.max(bytes, figures.bytes(name) - newJob);
      } else {
        cells.add("—");
      }
    }
    cells.add(String.format(Locale.ROOT, "%,.0f", bytes));
    return cells.toArray(String[]::new);
  }

  private static void addTouches(Operation operation, Figures figures, Table table) {
    if (!operation.touch().isEmpty()) {
      for (String models : MODELS) {
        String prefix = operation.touch() + " TWO_QUEUE ";
        table.row(cells("memory alone", prefix, models, 0, figures));
      }
    }
  }

  private static void addTargets(Operation operation, Figures figures, List<Target> targets) {
    for (String models : MODELS) {
      double[] own = scores(operation.method(), models, figures);
      String over = " over " + models + " models";
      if (operation.method().equals("choose")) {
        double slowest = Arrays.stream(own).max().orElseThrow();
        targets.add(Target.atMost(100, "ns, " + operation.title() + over, slowest));
      }
      double[] memory =
          operation.touch().isEmpty()
              ? DoubleStream.generate(() -> 1).limit(own.length).toArray()
              : scores(operation.touch(), models, figures);
      String beside = operation.touch().isEmpty() ? "" : ", beside memory alone";
      targets.add(
          Target.atMost(2, "growth, " + operation.title() + over + beside, growth(own, memory)));
    }
  }

  private static double[] scores(String method, String models, Figures figures) {
    return Arrays.stream(SIZES)
        .map(size -> String.join(" ", method, "TWO_QUEUE", size, models))
        .mapToDouble(figures::score)
        .toArray();
  }

  /**
   * How many times as slow as at the smallest size it is at the slowest, for each time that memory
   * alone slows down from the smallest size to that one.
   */
  static double growth(double[] own, double[] memory) {
    double most = 1;
    for (int i = 0; i < own.length; i++) {
      most = Math.max(most, own[i] / own[0] / (memory[i] / memory[0]));
    }
    return most;
  }
}
