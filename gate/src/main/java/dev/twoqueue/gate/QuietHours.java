package dev.twoqueue.gate;

import dev.twoqueue.Gate;
import dev.twoqueue.GateRequest;
import dev.twoqueue.Verdict;
import dev.twoqueue.gate.internal.Arguments;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * Holds at given hours of every day: a fan that nobody wants to hear, a backup that needs the disk.
 *
 * <p>The hold ends at the end of the hours by the clock on the wall, also on days when that is
 * changed; it is looked at again at least every five minutes, in case somebody sets the clock.
 *
 * <p>Immutable and thread-safe.
 */
public final class QuietHours implements Gate {
  private static final Duration LOOK_AGAIN_LATEST = Duration.ofMinutes(5);

  private final LocalTime from;
  private final LocalTime to;
  private final Clock clock;

  private QuietHours(LocalTime from, LocalTime to, Clock clock) {
    this.from = from;
    this.to = to;
    this.clock = clock;
  }

  /**
   * Quiet hours in this machine's time zone.
   *
   * @param from the first moment that is quiet
   * @param to the first that is not; before {@code from} for hours that last past midnight
   * @return the gate
   * @throws IllegalArgumentException when both are the same
   */
  public static QuietHours between(LocalTime from, LocalTime to) {
    if (Arguments.notNull(from, "from").equals(Arguments.notNull(to, "to"))) {
      throw new IllegalArgumentException("from and to must differ, both were " + from);
    }
    return new QuietHours(from, to, Clock.system(ZoneId.systemDefault()));
  }

  /**
   * The same by another clock.
   *
   * @param other with its time zone
   * @return a copy
   */
  public QuietHours withClock(Clock other) {
    return new QuietHours(from, to, Arguments.notNull(other, "other"));
  }

  @Override
  public String name() {
    return "quiet hours";
  }

  @Override
  public Verdict look(GateRequest request) {
    Arguments.notNull(request, "request");
    ZonedDateTime now = ZonedDateTime.now(clock);
    if (!isQuiet(now.toLocalTime())) {
      return Verdict.proceed("quiet from " + from + " to " + to);
    }
    ZonedDateTime end = now.with(to);
    if (!end.isAfter(now)) {
      end = now.plusDays(1).with(to);
    }
    Duration left = Duration.between(now, end);
    Duration next = left.compareTo(LOOK_AGAIN_LATEST) > 0 ? LOOK_AGAIN_LATEST : left;
    return Verdict.holdClass(
        "quiet from " + from + " to " + to + ", until " + end.toOffsetDateTime(),
        next.compareTo(HoldPace.SOONEST) < 0 ? HoldPace.SOONEST : next);
  }

  private boolean isQuiet(LocalTime time) {
    boolean afterFrom = !time.isBefore(from);
    boolean beforeTo = time.isBefore(to);
    return from.isBefore(to) ? afterFrom && beforeTo : afterFrom || beforeTo;
  }
}
