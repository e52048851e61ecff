package dev.twoqueue.examples;

import dev.twoqueue.MemoryForecast;
import dev.twoqueue.Outcome;
import dev.twoqueue.ScheduledTask;
import dev.twoqueue.SchedulerEvent;
import dev.twoqueue.SchedulerListener;
import dev.twoqueue.SchedulerSnapshot;
import dev.twoqueue.SchedulerSnapshot.ClassView;
import dev.twoqueue.TaskClass;
import dev.twoqueue.Verdict;
import java.io.PrintStream;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes what happens to the terminal while it happens, and now and then how things stand. */
final class Timeline implements SchedulerListener {
  private static final LocalTime BEGINNING = LocalTime.of(10, 58);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private final PrintStream out;
  private final double speed;
  private final long began = System.nanoTime();
  private String lastState = "";

  Timeline(PrintStream out, double speed) {
    this.out = out;
    this.speed = speed;
  }

  /** The time of that morning. */
  LocalTime now() {
    return BEGINNING
        .plusNanos((long) ((System.nanoTime() - began) * speed))
        .truncatedTo(ChronoUnit.SECONDS);
  }

  /** How long until a time of that morning comes, on this machine's clock. */
  Duration until(LocalTime time) {
    Duration there = Duration.between(now(), time);
    return there.isNegative() ? Duration.ZERO : Duration.ofNanos((long) (there.toNanos() / speed));
  }

  @Override
  public void onEvent(SchedulerEvent event) {
    if (event instanceof SchedulerEvent.Started e) {
      line(e.task(), e.resumed() ? "goes on" : "starts", e.swap() ? "pays a swap" : "");
    } else if (event instanceof SchedulerEvent.Held e) {
      String whom = e.scope() == Verdict.Scope.CLASS ? "all of its class: " : "";
      line(e.task(), "held", whom + e.reason());
    } else if (event instanceof SchedulerEvent.Evicted e) {
      line(e.task(), "evicts", e.model() + e.failure().map(why -> " failed: " + why).orElse(""));
    } else if (event instanceof SchedulerEvent.Warned e) {
      line(e.task(), e.raised() ? "warning" : "calm", e.watch() + ": " + e.text());
    } else if (event instanceof SchedulerEvent.Suspended e) {
      line(e.task(), "awaits", "task #" + e.awaited() + ", and gives its permit up");
    } else if (event instanceof SchedulerEvent.Door e) {
      say("door    " + (e.open() ? "open: " : "closed: ") + e.reason());
    } else if (event instanceof SchedulerEvent.Ended e && worthALine(e)) {
      line(e.task(), "ends", outcome(e.outcome()));
    }
  }

  /** Fleet tasks that end well would fill the screen. */
  private static boolean worthALine(SchedulerEvent.Ended ended) {
    return ended.task().taskClass() == TaskClass.LOCAL_HEAVY
        || !(ended.outcome() instanceof Outcome.Succeeded);
  }

  private static String outcome(Outcome<?> outcome) {
    if (outcome instanceof Outcome.Succeeded) {
      return "well";
    }
    if (outcome instanceof Outcome.Refused<?> refused) {
      return "refused before a byte was loaded: " + refused.reason();
    }
    return outcome.toString();
  }

  /** How things stand; silent when nothing changed. */
  void state(SchedulerSnapshot snapshot) {
    String headroom =
        snapshot
            .nextForecast()
            .map(forecast -> MemoryForecast.gib(forecast.headroomBytes()))
            .orElse("not forecast");
    String state =
        String.format(
            Locale.ROOT,
            "now     runs %s | waits %s, %s | headroom after the next dispatch %s | swaps paid %d,"
                + " saved %d",
            running(snapshot),
            waiting("local", snapshot.localHeavy()),
            waiting("fleet", snapshot.fleet()),
            headroom,
            snapshot.swaps(),
            snapshot.swapsSaved());
    if (!state.equals(lastState)) {
      lastState = state;
      say(state);
    }
  }

  private static String running(SchedulerSnapshot snapshot) {
    String names =
        Stream.of(snapshot.localHeavy(), snapshot.fleet())
            .flatMap(view -> view.running().stream())
            .map(task -> task.task().name())
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "nothing" : names;
  }

  private static String waiting(String what, ClassView view) {
    int count = view.queued() + view.held();
    String why =
        view.next().stream()
            .findFirst()
            .flatMap(SchedulerSnapshot.TaskView::waitsFor)
            .map(reason -> " (" + reason.text() + ")")
            .orElse("");
    return count + " " + what + why;
  }

  private void line(ScheduledTask<?> task, String what, String detail) {
    String kind = task.taskClass() == TaskClass.LOCAL_HEAVY ? "local" : "fleet";
    say(String.format(Locale.ROOT, "%-7s %-7s %-26s %s", kind, what, task.name(), detail));
  }

  /** One line with the time of that morning. */
  synchronized void say(String text) {
    out.println(TIME.format(now()) + "  " + text.stripTrailing());
  }
}
