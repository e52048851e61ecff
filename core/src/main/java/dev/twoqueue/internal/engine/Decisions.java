package dev.twoqueue.internal.engine;

import dev.twoqueue.Outcome;
import dev.twoqueue.TaskClass;
import dev.twoqueue.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What the engine made of one input, in words that are the same wherever and whenever it decides
 * the same: numbers and kinds, no names, no reasons.
 */
final class Decisions {
  /** Instead of an answer. */
  static final String THREW = "threw";

  private Decisions() {}

  static String rejected(@Nullable String why) {
    return why == null ? "" : "rejected";
  }

  static String cancelled(boolean did) {
    return did ? "" : "not cancelled";
  }

  static String deadlock(@Nullable Throwable dead) {
    return dead == null ? "" : "deadlock";
  }

  static String neverRan(List<Job> jobs) {
    return jobs.isEmpty() ? "" : "never ran " + numbers(jobs);
  }

  private static String numbers(List<Job> jobs) {
    return jobs.stream().map(job -> Long.toString(job.id)).collect(Collectors.joining(" "));
  }

  /**
   * All of it in one line.
   *
   * @param answer what the caller got; may be empty
   * @param wake when the engine wants to be asked again, in nanoseconds since the log's beginning;
   *     {@link Job#NEVER} for never
   */
  static String text(String answer, List<Effect> effects, long wake) {
    StringBuilder text = new StringBuilder(answer);
    for (int i = 0; i < effects.size(); i++) {
      append(text.append(text.isEmpty() ? "" : "; "), effects.get(i));
    }
    if (wake != Job.NEVER) {
      text.append(text.isEmpty() ? "" : "; ").append("wake at ").append(wake);
    }
    return text.toString();
  }

  static String digest(String text) {
    CRC32 sum = new CRC32();
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(sum.getValue());
  }

  private static void append(StringBuilder text, Effect effect) {
    if (effect instanceof Effect.Start start) {
      text.append("start ").append(start.job().id).append(start.swap() ? " swap" : "");
    } else if (effect instanceof Effect.Finish finish) {
      text.append("finish ").append(finish.job().id).append(' ').append(kind(finish.outcome()));
    } else if (effect instanceof Effect.Observe observe) {
      text.append("observe ?").append(observe.token());
    } else if (effect instanceof Effect.Look look) {
      text.append("look ").append(look.job().id).append(' ').append(lower(look.stage()));
      text.append(' ').append(look.reclaimableBytes()).append(" B ?").append(look.token());
    } else if (effect instanceof Effect.LookAtFleet look) {
      text.append("look at fleet ").append(look.head().id).append(" ?").append(look.token());
    } else if (effect instanceof Effect.Evict evict) {
      LogText.escape(text.append("evict "), evict.resident().model());
      text.append(" for ").append(evict.job().id).append(" ?").append(evict.token());
    } else if (effect instanceof Effect.AskPermit ask) {
      text.append("ask permit ").append(ask.job().id).append(" ?").append(ask.token());
    } else if (effect instanceof Effect.WithdrawPermit withdraw) {
      text.append("withdraw permit ?").append(withdraw.token());
    } else if (effect instanceof Effect.Resume resume) {
      text.append("resume ").append(resume.job().id).append(resume.swap() ? " swap" : "");
      text.append(resume.failure() == null ? "" : " to fail");
    } else {
      appendRare(text, effect);
    }
  }

  private static void appendRare(StringBuilder text, Effect effect) {
    if (effect instanceof Effect.Tell tell) {
      text.append("tell ").append(tell.job().id);
    } else if (effect instanceof Effect.Release) {
      text.append("release");
    } else if (effect instanceof Effect.FailJoin fail) {
      text.append("fail join ").append(fail.job().id);
    } else if (effect instanceof Effect.Held held) {
      Verdict.Hold hold = held.hold();
      text.append("held ").append(held.job().id).append(' ').append(lower(hold.scope()));
      text.append(' ').append(hold.lookAgainAfter().toNanos());
    } else if (effect instanceof Effect.Suspended suspended) {
      text.append("suspended ").append(suspended.job().id);
      text.append(" for ").append(suspended.awaited().id);
    } else if (effect instanceof Effect.Freed freed) {
      text.append("freed ").append(freed.job().id).append(freed.overrun() ? " overrun" : "");
    } else if (effect instanceof Effect.Door door) {
      text.append(door.open() ? "door open" : "door closed");
    } else if (effect instanceof Effect.Paused paused) {
      text.append(paused.paused() ? "paused " : "resumed ").append(name(paused.taskClass()));
    } else if (effect instanceof Effect.Terminated) {
      text.append("terminated");
    } else {
      throw new IllegalArgumentException("an effect without words: " + effect);
    }
  }

  private static String kind(Outcome<?> outcome) {
    return outcome instanceof Outcome.TimedOut<?> late
        ? "timed out " + lower(late.deadline())
        : outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  private static String name(TaskClass taskClass) {
    return lower(taskClass);
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
