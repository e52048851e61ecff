package dev.twoqueue.internal.engine.explore;

import dev.twoqueue.DrainPolicy;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TurnPolicy;
import dev.twoqueue.internal.engine.EngineSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A small world: which tasks may come, what the host's plug-ins may answer, and how often anybody
 * disturbs. Built once, then only read.
 */
final class WorldSpec {
  static final long SECOND = 1_000_000_000L;

  final String name;
  final List<Kind> kinds = new ArrayList<>();
  final Map<Ask, List<Answer>> answers = new EnumMap<>(Ask.class);
  final Map<Op, Integer> budgets = new EnumMap<>(Op.class);
  final List<Integer> limits = new ArrayList<>();

  int fleetLimit = 2;
  int cap = Integer.MAX_VALUE;
  int suspendedLimit = 100;
  long localBudget = 2 * SECOND;
  long fleetBudget = 2 * SECOND;
  Duration hold = Duration.ofSeconds(1);
  boolean leases;
  boolean asynchronous;
  boolean failures;
  boolean embeddings;
  boolean truthful;
  boolean timePasses = true;
  int mostRefusals = Integer.MAX_VALUE;
  int mostLateAnswers = 1;

  /** The longest that a body runs and that an answer takes; 0 for no bound. */
  long longestBody;

  long longestAnswer;

  /** The calls that built it, for a test that is pasted. */
  private final StringBuilder code = new StringBuilder();

  WorldSpec(String name) {
    this.name = name;
    code.append("new WorldSpec(\"").append(name).append("\")");
  }

  private WorldSpec said(String call, @Nullable Object... arguments) {
    code.append("\n            .").append(call).append('(');
    String separator = "";
    for (Object each : arguments) {
      code.append(separator);
      if (each instanceof Enum<?> constant) {
        code.append(constant.getDeclaringClass().getSimpleName()).append('.');
      }
      code.append(each instanceof String ? "\"" + each + "\"" : each);
      separator = ", ";
    }
    code.append(')');
    return this;
  }

  /** As an expression in Java. */
  String code() {
    return code.toString();
  }

  WorldSpec local(@Nullable String model, int count) {
    return kind(TaskClass.LOCAL_HEAVY, model, 0, 0, count);
  }

  WorldSpec fleet(int count) {
    return kind(TaskClass.FLEET, null, 0, 0, count);
  }

  /** Deadlines in seconds; 0 for none. */
  WorldSpec kind(
      TaskClass taskClass, @Nullable String model, int startWithin, int runTimeout, int count) {
    kinds.add(
        new Kind(
            taskClass,
            model == null ? null : ResidencyKey.of(model),
            startWithin == 0 ? null : Duration.ofSeconds(startWithin),
            runTimeout == 0 ? null : Duration.ofSeconds(runTimeout),
            count));
    return said("kind", taskClass, model, startWithin, runTimeout, count);
  }

  /** The host gave the plug-in that answers this. */
  WorldSpec answers(Ask ask, Answer... allowed) {
    answers.put(ask, List.of(allowed));
    List<Object> arguments = new ArrayList<>(List.of(ask));
    arguments.addAll(List.of(allowed));
    return said("answers", arguments.toArray());
  }

  /** Gates for local-heavy tasks. */
  WorldSpec looks(Answer... allowed) {
    return answers(Ask.LOOK_EARLY, allowed).answers(Ask.LOOK_FINAL, allowed);
  }

  /** How often it may happen. */
  WorldSpec upTo(int times, Op op) {
    budgets.put(op, times);
    return said("upTo", times, op);
  }

  WorldSpec fleetLimit(int limit, Integer... others) {
    fleetLimit = limit;
    limits.addAll(List.of(others));
    List<Object> arguments = new ArrayList<>(List.of(limit));
    arguments.addAll(limits);
    return said("fleetLimit", arguments.toArray());
  }

  WorldSpec cap(int starts) {
    cap = starts;
    return said("cap", starts);
  }

  WorldSpec suspendedLimit(int tasks) {
    suspendedLimit = tasks;
    return said("suspendedLimit", tasks);
  }

  WorldSpec budgetSeconds(int local, int fleet) {
    localBudget = local * SECOND;
    fleetBudget = fleet * SECOND;
    return said("budgetSeconds", local, fleet);
  }

  WorldSpec holdSeconds(int seconds) {
    hold = Duration.ofSeconds(seconds);
    return said("holdSeconds", seconds);
  }

  /** Gates give leases. */
  WorldSpec leases() {
    leases = true;
    return said("leases");
  }

  /** Bodies may end while they are suspended. */
  WorldSpec asynchronous() {
    asynchronous = true;
    return said("asynchronous");
  }

  /** Bodies may fail; matters where the model of the last that ended well is a hint. */
  WorldSpec failures() {
    failures = true;
    return said("failures");
  }

  WorldSpec embeddings() {
    embeddings = true;
    return said("embeddings");
  }

  /** The probe sees the model of the last start, which the cap's bound needs. */
  WorldSpec truthful() {
    truthful = true;
    return said("truthful");
  }

  /** Whether the cap bounds how many start before a task. */
  boolean isCapped() {
    return truthful && cap < Integer.MAX_VALUE;
  }

  /** Time stands still but for timers. */
  WorldSpec noTimePasses() {
    timePasses = false;
    return said("noTimePasses");
  }

  /** How many answers may say no, in all. */
  WorldSpec mostRefusals(int answersThatSayNo) {
    mostRefusals = answersThatSayNo;
    return said("mostRefusals", answersThatSayNo);
  }

  /** How many questions that are not wanted any more may be open at once. */
  WorldSpec mostLateAnswers(int questions) {
    mostLateAnswers = questions;
    return said("mostLateAnswers", questions);
  }

  /** Bodies and answers take at most so many seconds. */
  WorldSpec timed(int body, int answer) {
    longestBody = body * SECOND;
    longestAnswer = answer * SECOND;
    return said("timed", body, answer);
  }

  boolean isTimed() {
    return longestBody > 0;
  }

  List<Answer> answersTo(Ask ask) {
    return answers.getOrDefault(ask, List.of());
  }

  boolean asks(Ask ask) {
    return answers.containsKey(ask);
  }

  /** The longest time ago that can still decide anything. */
  long horizon() {
    if (isTimed()) {
      Bounds bounds = new Bounds(this);
      return 2 * Math.max(bounds.fleetHead(), bounds.localHead());
    }
    return Math.max(SECOND, Math.max(localBudget, fleetBudget));
  }

  EngineSettings settings() {
    return new EngineSettings(
        TurnPolicy.budget(Duration.ofNanos(localBudget), Duration.ofNanos(fleetBudget)),
        DrainPolicy.DEFAULT,
        asks(Ask.OBSERVE),
        asks(Ask.EVICT),
        asks(Ask.LOOK_FINAL),
        asks(Ask.LOOK_FLEET),
        asks(Ask.PERMIT),
        fleetLimit,
        100,
        100,
        cap,
        suspendedLimit,
        true);
  }

  /** Whether models may be exchanged and nothing else changes. */
  boolean isSymmetric() {
    boolean third = kinds.stream().anyMatch(kind -> String.valueOf(kind.key()).equals("m3"));
    if (third && asks(Ask.OBSERVE)) {
      return false;
    }
    return answers.values().stream()
        .allMatch(allowed -> allowed.contains(Answer.M1) == allowed.contains(Answer.M2));
  }

  @Override
  public String toString() {
    return name;
  }
}
