package dev.twoqueue.internal.engine.explore;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the fields of the engine and of the world around it mean for the question whether two states
 * are one. A field that is not named here counts as it is, so that a new one can only keep states
 * apart that are one, and never make one of two.
 */
final class Fields {
  /** How a value is to be read. */
  enum Meaning {
    VALUE,
    /** A time: relative to now, and no further in the past than anything looks. */
    TIME,
    /** A time that means nothing any more once it has passed. */
    FUTURE,
    /** The name of a question. */
    TOKEN,
    /** A job's number: its rank among those that are left. */
    ID,
    SKIPPED
  }

  /** What never decides anything, each with the reason. */
  private static final Map<String, String> SKIPPED =
      Map.ofEntries(
          Map.entry("Job.id", "jobs are written in its order: the rank is what counts"),
          Map.entry("Job.name", "for people"),
          Map.entry("Job.taskClass", "part of the kind"),
          Map.entry("Job.startWithin", "part of the kind"),
          Map.entry("Job.runTimeout", "part of the kind"),
          Map.entry("Job.since", "reported, in Start and in snapshots"),
          Map.entry("Job.startedAt", "reported, in Freed and in snapshots"),
          Map.entry("Job.fifoSwap", "counts swaps, for reports"),
          Map.entry("Job.heldBecause", "for people"),
          Map.entry("Drain.swaps", "reported"),
          Map.entry("Drain.fifoSwaps", "reported"),
          Map.entry("Drain.lastSubmitted", "counts swaps, for reports"),
          Map.entry("ClassHold.because", "for people"),
          Map.entry("LocalStart.evictionFailure", "for people"),
          Map.entry("State.settings", "the same in all states of a world"),
          Map.entry("State.lastToken", "only makes new tokens"),
          Map.entry("Turns.policy", "the same in all states of a world"),
          Map.entry("World.spec", "the same in all states of a world"),
          Map.entry("World.wire", "the same in all states of a world"),
          Map.entry("World.toCome", "written by kind, with the models renamed"),
          Map.entry("Witness.spec", "the same in all states of a world"),
          Map.entry("Witness.jobs", "written first"),
          Map.entry("Witness.starts", "only about the event under way"),
          Map.entry("Witness.now", "the time of the last event, the engine has it too"),
          Map.entry("Witness.op", "the event under way"),
          Map.entry("Witness.about", "the event under way"),
          Map.entry("Witness.question", "the event under way"),
          Map.entry("Witness.answer", "the event under way"),
          Map.entry("Witness.late", "the event under way"),
          Map.entry("Witness.wasUnderWay", "the event under way"),
          Map.entry("World.unasked", "the event under way"),
          Map.entry("Witness.wakeIsDue", "the event under way"),
          Map.entry("HeadWaits.spec", "the same in all states of a world"),
          Map.entry("HeadWaits.mostFleet", "reported"),
          Map.entry("HeadWaits.mostLocal", "reported"),
          Map.entry("HeadWaits.localStarts", "set at each event"),
          Map.entry("DrainSpec.cap", "the same in all states of a world"),
          Map.entry("ExploredJob.number", "jobs are written in its order"));

  /** Fields that count only while another has a value of these. */
  private static final Map<String, OnlyWhile> ONLY_WHILE =
      Map.of(
          "LocalStart.askedAt", new OnlyWhile("phase", "ASKING", ""),
          "Turns.firstStart", new OnlyWhile("budgetRuns", "true", ""));

  /** Counters, and from where on more of them is the same. */
  private static final Map<String, Integer> AT_MOST =
      Map.of("Turns.started", 1, "Turns.failedClosings", 6, "Backoff.failures", 6);

  private static final Pattern TOKEN_NAME = Pattern.compile("(?i).*token|asking|finalLook");
  private static final Pattern ID_NAME = Pattern.compile("id|.*[hH]eads?|.*Id");
  private static final Pattern FUTURE_NAME =
      Pattern.compile(
          "closeNotBefore|clearUntil|.*HeldUntil|fleetClearUntil|notBefore|doorNotBefore");
  private static final Pattern TIME_NAME =
      Pattern.compile(
          "(?i)now|.*at|.*until|since|.*since|deadline|firstStart|asked|startBy|nextWake");

  private Fields() {}

  /** A field counts only while another one of its object is, or is not, something. */
  record OnlyWhile(String field, String is, String isNot) {}

  static String nameOf(Field field) {
    return field.getDeclaringClass().getSimpleName() + "." + field.getName();
  }

  static Meaning meaningOf(Field field) {
    String name = field.getName();
    if (SKIPPED.containsKey(nameOf(field))) {
      return Meaning.SKIPPED;
    }
    boolean collects = !field.getType().isPrimitive();
    if (TOKEN_NAME.matcher(name).matches()) {
      return Meaning.TOKEN;
    }
    if (field.getType() != long.class && !collects) {
      return Meaning.VALUE;
    }
    if (ID_NAME.matcher(name).matches()) {
      return Meaning.ID;
    }
    if (FUTURE_NAME.matcher(name).matches()) {
      return Meaning.FUTURE;
    }
    return TIME_NAME.matcher(name).matches() ? Meaning.TIME : Meaning.VALUE;
  }

  static OnlyWhile onlyWhile(Field field) {
    return ONLY_WHILE.getOrDefault(nameOf(field), new OnlyWhile("", "", ""));
  }

  static int atMost(Field field) {
    return AT_MOST.getOrDefault(nameOf(field), Integer.MAX_VALUE);
  }
}
