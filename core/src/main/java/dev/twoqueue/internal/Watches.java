package dev.twoqueue.internal;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.OccupancyWatch;
import dev.twoqueue.OccupancyWatch.Sight;
import dev.twoqueue.SchedulerClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the watches while a local-heavy task occupies: one timer for each watch, and none otherwise.
 */
final class Watches {
  private static final Logger LOG = LoggerFactory.getLogger(Watches.class);
  private static final Duration AT_THE_SOONEST = Duration.ofSeconds(1);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

  private final List<OccupancyWatch> watches;
  private final Plugins plugins;
  private final SchedulerClock clock;
  private final Duration timeout;
  private final Target target;

  /** Of the tasks that occupy, or did when they were last looked at. */
  private final Map<Entry<?>, List<Round>> rounds = new ConcurrentHashMap<>();

  Watches(
      List<OccupancyWatch> watches,
      Plugins plugins,
      SchedulerClock clock,
      Duration timeout,
      Target target) {
    this.watches = watches;
    this.plugins = plugins;
    this.clock = clock;
    this.timeout = timeout;
    this.target = target;
  }

  /** What a watch's answer does to the scheduler. */
  interface Target {
    /** Whether the task's body occupies at this moment. */
    boolean occupies(Entry<?> entry);

    /** Tells the listeners that a warning was raised, or taken back. */
    void warn(Entry<?> entry, String watch, String text, boolean raised);

    /** Tells the task to stop. */
    void stop(Entry<?> entry, String reason);
  }

  /** Before a body starts or goes on. */
  void began(Entry<?> entry) {
    if (watches.isEmpty() || entry.localTask().isEmpty()) {
      return;
    }
    LocalHeavyTask<?> task = entry.localTask().get();
    List<Round> fresh = watches.stream().map(watch -> new Round(entry, task, watch)).toList();
    List<Round> before = rounds.put(entry, fresh);
    if (before != null) {
      before.forEach(Round::end); // from before it was suspended
    }
    fresh.forEach(round -> round.lookAfter(AT_THE_SOONEST));
  }

  /** After a body has ended. */
  void ended(Entry<?> entry) {
    List<Round> over = watches.isEmpty() ? null : rounds.remove(entry);
    if (over != null) {
      over.forEach(Round::end);
    }
  }

  /** The warnings that stand. */
  List<String> warnings() {
    return rounds.values().stream()
        .flatMap(List::stream)
        .map(round -> round.warning)
        .filter(Objects::nonNull)
        .toList();
  }

  /** One watch's looks at one occupation, one after the other. */
  private final class Round {
    private final Entry<?> entry;
    private final LocalHeavyTask<?> task;
    private final OccupancyWatch watch;
    private final String name;
    private final long began = clock.nanos();
    private OccupancyWatch.@Nullable Watcher watcher;
    private volatile @Nullable String warning;
    private volatile SchedulerClock.@Nullable Timer timer;
    private volatile boolean over;

    Round(Entry<?> entry, LocalHeavyTask<?> task, OccupancyWatch watch) {
      this.entry = entry;
      this.task = task;
      this.watch = watch;
      this.name = Guard.name(watch::name, "watch");
    }

    void lookAfter(Duration delay) {
      Duration least = delay.compareTo(AT_THE_SOONEST) < 0 ? AT_THE_SOONEST : delay;
      timer = clock.schedule(least, this::look);
      if (over) {
        end(); // meanwhile
      }
    }

    void end() {
      over = true;
      warning = null;
      SchedulerClock.Timer armed = timer;
      if (armed != null) {
        armed.cancel();
      }
    }

    private void look() {
      if (over) {
        return;
      }
      if (!target.occupies(entry)) {
        end(); // suspended: it is watched anew when it goes on
        return;
      }
      plugins.<Sight>ask("watch " + name, timeout, this::ask, late -> {}, this::answered);
    }

    private Sight ask() throws Exception {
      OccupancyWatch.Watcher looks = watcher;
      if (looks == null) {
        looks = Objects.requireNonNull(watch.begin(entry.id(), task), "begin returned null");
        watcher = looks;
      }
      return looks.look(Duration.ofNanos(Math.max(0, clock.nanos() - began)));
    }

    private void answered(@Nullable Sight sight, Plugins.@Nullable NoAnswer none) {
      if (over) {
        return;
      }
      if (sight instanceof Sight.Calm calm) {
        calm();
        lookAfter(calm.lookAgainAfter());
      } else if (sight instanceof Sight.Stop stop) {
        LOG.warn("{} is told to stop by watch {}: {}", entry, name, stop.reason());
        target.warn(entry, name, stop.reason(), true);
        end();
        target.stop(entry, stop.reason());
      } else if (sight instanceof Sight.Warning warns) {
        warn(warns.text());
        lookAfter(warns.lookAgainAfter());
      } else {
        warn(Plugins.NoAnswer.reason(none)); // it cannot tell: never taken for calm
        lookAfter(AFTER_FAILURE);
      }
    }

    private void warn(String text) {
      boolean first = warning == null;
      warning = name + ": " + text;
      if (first) {
        LOG.warn("{}: watch {}: {}", entry, name, text);
        target.warn(entry, name, text, true);
      }
    }

    private void calm() {
      if (warning != null) {
        warning = null;
        target.warn(entry, name, "all is well again", false);
      }
    }
  }
}
