package dev.twoqueue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A body that is a process. Its standard error joins its standard output, which is read line by
 * line. Told to stop, it ends the process and all its descendants, politely and after a grace
 * period forcibly. It ends when the process has ended; a descendant that was alive when the body
 * was told to stop is waited for as well.
 */
public final class ProcessBody implements TaskBody<Integer> {
  private static final int LONGEST_LINE = 64 * 1024;

  private final List<String> command;
  private final Consumer<ProcessBuilder> setUp;
  private final Consumer<String> onLine;
  private final Duration grace;

  private ProcessBody(
      List<String> command,
      Consumer<ProcessBuilder> setUp,
      Consumer<String> onLine,
      Duration grace) {
    this.command = command;
    this.setUp = setUp;
    this.onLine = onLine;
    this.grace = grace;
  }

  /**
   * Runs a command in this JVM's directory and environment, drops its output, and allows it 5 s to
   * end politely.
   *
   * @param command the program and its arguments
   * @return the body; its result is the exit code
   * @throws IllegalArgumentException when there is no program
   */
  public static ProcessBody of(String... command) {
    List<String> words =
        Arguments.copyOf(Arrays.asList(Arguments.notNull(command, "command")), "command");
    if (words.isEmpty()) {
      throw new IllegalArgumentException("command must name a program");
    }
    Arguments.notBlank(words.get(0), "command's program");
    return new ProcessBody(words, builder -> {}, line -> {}, Duration.ofSeconds(5));
  }

  /**
   * The same with other settings of the process: directory, environment.
   *
   * @param change called at each start, before the process begins
   * @return a copy
   */
  public ProcessBody with(Consumer<ProcessBuilder> change) {
    return new ProcessBody(command, Arguments.notNull(change, "change"), onLine, grace);
  }

  /**
   * The same with somebody to read its output.
   *
   * @param reader takes each line, on the body's thread; a line over 64 KiB comes in pieces
   * @return a copy
   */
  public ProcessBody onLine(Consumer<String> reader) {
    return new ProcessBody(command, setUp, Arguments.notNull(reader, "reader"), grace);
  }

  /**
   * The same with another grace period.
   *
   * @param period between asking the process to end and ending it
   * @return a copy
   * @throws IllegalArgumentException when negative
   */
  public ProcessBody grace(Duration period) {
    return new ProcessBody(command, setUp, onLine, Arguments.notNegative(period, "period"));
  }

  @Override
  public Integer run(TaskContext task) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    setUp.accept(builder);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.PIPE);
    task.cancellation().throwIfCancelled();
    Process process = builder.start();
    process.getOutputStream().close();
    Tree tree = new Tree(process, new ReentrantLock());
    boolean interrupted = false;
    CancellationToken.Registration ending = task.cancellation().onCancel(() -> tree.end(grace));
    try {
      readLines(process);
      while (true) {
        try {
          int exit = process.waitFor();
          if (task.cancellation().isCancelled()) {
            tree.end(grace);
          }
          return exit;
        } catch (InterruptedException told) {
          // The scheduler's interrupt: the cancellation callback ends the process, so wait on.
          interrupted = true;
        }
      }
    } catch (IOException | RuntimeException broken) {
      tree.end(grace);
      throw broken;
    } finally {
      ending.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void readLines(Process process) throws IOException {
    StringBuilder line = new StringBuilder();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), Charset.defaultCharset()))) {
      int c;
      while ((c = reader.read()) >= 0) {
        if (c == '\n' || line.length() >= LONGEST_LINE) {
          onLine.accept(line.toString());
          line.setLength(0);
        }
        if (c != '\n' && c != '\r') {
          line.append((char) c);
        }
      }
    } catch (IOException closed) {
      // Ending a process closes its stream under the reader: the exit code says the rest.
      if (process.isAlive()) {
        throw closed;
      }
    }
    if (line.length() > 0) {
      onLine.accept(line.toString());
    }
  }

  /** A process with its descendants, ended once: whoever comes second waits, without a monitor. */
  private record Tree(Process root, ReentrantLock ending) {
    void end(Duration grace) {
      ending.lock();
      try {
        endAll(grace);
      } finally {
        ending.unlock();
      }
    }

    private void endAll(Duration grace) {
      List<ProcessHandle> all = withDescendants(Stream.of(root.toHandle()));
      all.forEach(ProcessHandle::destroy);
      boolean interrupted = false;
      long deadline = System.nanoTime() + grace.toNanos();
      for (ProcessHandle one : all) {
        interrupted |= waitFor(one, deadline - System.nanoTime());
      }
      // Again with descendants: a shell that ignores the request starts its next command meanwhile.
      List<ProcessHandle> left = withDescendants(all.stream());
      left.forEach(ProcessHandle::destroyForcibly);
      for (ProcessHandle one : left) {
        interrupted |= waitFor(one, TimeUnit.SECONDS.toNanos(10));
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    /** Parents before their children: a shell whose command ends first would start its next one. */
    private static List<ProcessHandle> withDescendants(Stream<ProcessHandle> processes) {
      return processes
          .flatMap(one -> Stream.concat(Stream.of(one), one.descendants()))
          .distinct()
          .toList();
    }

    private static boolean waitFor(ProcessHandle process, long nanos) {
      boolean interrupted = false;
      long deadline = System.nanoTime() + nanos;
      while (process.isAlive()) {
        try {
          process.onExit().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException told) {
          interrupted = true;
        } catch (TimeoutException | ExecutionException | CompletionException late) {
          return interrupted;
        }
      }
      return interrupted;
    }
  }
}
