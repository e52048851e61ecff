package dev.twoqueue.gate.process;

import dev.twoqueue.FleetTask;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.ProcessBody;
import dev.twoqueue.ScheduledTask;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.gate.classify.WorkClass;
import dev.twoqueue.gate.classify.WorkClassifier;
import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A process as a task, under the class that its command has. Immutable; can be submitted many
 * times, and each time starts a process of its own.
 *
 * <p>The task succeeds with a {@link ProcessExit} when the exit code is one of success; otherwise
 * it fails, with a {@link ProcessExitException} as the cause. Told to stop, the process and its
 * descendants are asked to end, and after the grace period are ended; until then the task keeps its
 * slot. Standard error joins standard output; standard input is empty unless the builder redirects
 * it.
 */
public final class ScheduledProcess {
  private final WorkClass work;
  private final ScheduledTask<ProcessExit> task;

  private ScheduledProcess(WorkClass work, ScheduledTask<ProcessExit> task) {
    this.work = work;
    this.task = task;
  }

  /**
   * Begins a process.
   *
   * @param process its command, directory, environment and input, which are read by {@link
   *     Builder#build}; its output must not be redirected
   * @return a builder
   */
  public static Builder builder(ProcessBuilder process) {
    return new Builder(Objects.requireNonNull(process, "process must not be null"));
  }

  /**
   * A process by its command, classified by the standard rules.
   *
   * @param command the program and its arguments
   * @return the process
   * @throws IllegalArgumentException when there is no program
   */
  public static ScheduledProcess of(String... command) {
    return builder(new ProcessBuilder(command)).build();
  }

  /**
   * What its command counts as.
   *
   * @return as the classifier said, or as the host did
   */
  public WorkClass work() {
    return work;
  }

  /**
   * The task.
   *
   * @return a {@link LocalHeavyTask} or a {@link FleetTask}
   */
  public ScheduledTask<ProcessExit> task() {
    return task;
  }

  /**
   * Hands it over.
   *
   * @param scheduler whose queue it joins
   * @return its handle
   * @throws dev.twoqueue.TaskRejectedException when the queue is full or the scheduler is shut down
   */
  public TaskHandle<ProcessExit> submitTo(TwoQueueScheduler scheduler) {
    Objects.requireNonNull(scheduler, "scheduler must not be null");
    return task instanceof LocalHeavyTask<ProcessExit> heavy
        ? scheduler.submit(heavy)
        : scheduler.submit((FleetTask<ProcessExit>) task);
  }

  /** Builds a {@link ScheduledProcess}. Not safe for use by several threads. */
  public static final class Builder {
    private static final int LINES_KEPT = 50;

    private final ProcessBuilder process;
    private @Nullable WorkClassifier classifier;
    private @Nullable WorkClass given;
    private @Nullable String name;
    private @Nullable Consumer<String> reader;
    private Duration grace = Duration.ofSeconds(5);
    private int linesKept = LINES_KEPT;
    private Set<Integer> successCodes = Set.of(0);
    private @Nullable Duration startWithin;
    private @Nullable Duration runTimeout;

    private Builder(ProcessBuilder process) {
      this.process = process;
    }

    /**
     * Lets another classifier choose the class. The default is {@link WorkClassifier#standard}.
     *
     * @param other asked once, by {@link #build}
     * @return this
     */
    public Builder classifiedBy(WorkClassifier other) {
      this.classifier = Objects.requireNonNull(other, "other must not be null");
      return this;
    }

    /**
     * Makes it local-heavy, whatever its command is.
     *
     * @param kind what it does to the machine
     * @return this
     */
    public Builder localHeavy(LocalKind kind) {
      this.given = new WorkClass.LocalHeavy(kind, Optional.empty(), "the host says so", "");
      return this;
    }

    /**
     * Makes it a fleet task, whatever its command is.
     *
     * @param provider what it waits on
     * @return this
     * @throws IllegalArgumentException when it is blank
     */
    public Builder fleet(String provider) {
      if (Objects.requireNonNull(provider, "provider must not be null").isBlank()) {
        throw new IllegalArgumentException("provider must not be blank");
      }
      this.given = new WorkClass.Fleet(provider, Optional.empty(), "the host says so", "");
      return this;
    }

    /**
     * Names it. The default is the name of its program.
     *
     * @param shown what people see
     * @return this
     * @throws IllegalArgumentException when it is blank
     */
    public Builder name(String shown) {
      if (Objects.requireNonNull(shown, "shown must not be null").isBlank()) {
        throw new IllegalArgumentException("name must not be blank");
      }
      this.name = shown;
      return this;
    }

    /**
     * Gives it a reader of its output. The reader is called on a thread of its own, one line after
     * the other; a line over 64 KiB comes in pieces. What it throws is logged. While it is slow the
     * process waits for it; once it has taken nothing for a second while a megabyte waits, or after
     * the process has ended, it is left behind: it loses lines, and is interrupted at the end.
     *
     * @param lines takes each line
     * @return this
     */
    public Builder onLine(Consumer<String> lines) {
      this.reader = Objects.requireNonNull(lines, "lines must not be null");
      return this;
    }

    /**
     * Sets how long the process may take to end politely. The default is 5 s.
     *
     * @param period not negative
     * @return this
     * @throws IllegalArgumentException when negative
     */
    public Builder grace(Duration period) {
      if (Objects.requireNonNull(period, "period must not be null").isNegative()) {
        throw new IllegalArgumentException("grace must not be negative, was " + period);
      }
      this.grace = period;
      return this;
    }

    /**
     * Sets how much of the end of the output is kept. The default is 50 lines.
     *
     * @param lines 0 to 10,000
     * @return this
     * @throws IllegalArgumentException when outside of that
     */
    public Builder linesKept(int lines) {
      if (lines < 0 || lines > 10_000) {
        throw new IllegalArgumentException("linesKept must be 0 to 10,000, was " + lines);
      }
      this.linesKept = lines;
      return this;
    }

    /**
     * Sets the exit codes of success. The default is 0 alone.
     *
     * @param codes at least one
     * @return this
     * @throws IllegalArgumentException when there is none
     */
    public Builder successCodes(int... codes) {
      if (codes.length == 0) {
        throw new IllegalArgumentException("successCodes must not be empty");
      }
      Set<Integer> all = new TreeSet<>();
      for (int code : codes) {
        all.add(code);
      }
      this.successCodes = Set.copyOf(all);
      return this;
    }

    /**
     * Bounds the wait for the start.
     *
     * @param limit positive
     * @return this
     */
    public Builder startWithin(Duration limit) {
      this.startWithin = Objects.requireNonNull(limit, "limit must not be null");
      return this;
    }

    /**
     * Bounds the run.
     *
     * @param limit positive
     * @return this
     */
    public Builder runTimeout(Duration limit) {
      this.runTimeout = Objects.requireNonNull(limit, "limit must not be null");
      return this;
    }

    /**
     * Builds it, with the command, directory, environment and input that the {@link ProcessBuilder}
     * has now.
     *
     * @return the process
     * @throws IllegalArgumentException when there is no program, when the output is redirected, or
     *     when a limit is not positive
     */
    public ScheduledProcess build() {
      ProcessBody body = body();
      WorkClassifier asked = classifier == null ? WorkClassifier.standard() : classifier;
      WorkClass work =
          given != null ? given : asked.command(process.command(), process.environment());
      String shown = name != null ? name : new File(process.command().get(0)).getName();
      ProcessRun run =
          new ProcessRun(
              shown, body.grace(grace), Optional.ofNullable(reader), linesKept, successCodes);
      return new ScheduledProcess(
          work,
          asked.taskClass(work) == TaskClass.LOCAL_HEAVY
              ? ProcessTasks.heavy(work, shown, run, startWithin, runTimeout)
              : ProcessTasks.fleet(work, shown, run, startWithin, runTimeout));
    }

    private ProcessBody body() {
      boolean isPiped =
          process.redirectOutput().type() == ProcessBuilder.Redirect.Type.PIPE
              && process.redirectError().type() == ProcessBuilder.Redirect.Type.PIPE;
      if (!isPiped) {
        throw new IllegalArgumentException(
            "the output must not be redirected: onLine and the exit's last lines read it");
      }
      List<String> command = List.copyOf(process.command());
      Map<String, String> environment = Map.copyOf(process.environment());
      @Nullable File directory = process.directory();
      ProcessBuilder.Redirect input = process.redirectInput();
      return ProcessBody.of(command.toArray(new String[0]))
          .with(
              started -> {
                started.directory(directory).redirectInput(input);
                started.environment().clear();
                started.environment().putAll(environment);
              });
    }
  }
}
