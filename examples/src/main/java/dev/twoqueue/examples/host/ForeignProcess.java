package dev.twoqueue.examples.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that is no descendant of this JVM: its parent ends as soon as it has started it. */
final class ForeignProcess implements AutoCloseable {
  private final ProcessHandle handle;

  private ForeignProcess(ProcessHandle handle) {
    this.handle = handle;
  }

  static ForeignProcess start(String... command) throws IOException {
    List<String> words =
        new ArrayList<>(List.of("/bin/sh", "-c", "\"$0\" \"$@\" >/dev/null 2>&1 & echo $!"));
    words.addAll(List.of(command));
    Process shell = new ProcessBuilder(words).redirectErrorStream(true).start();
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.UTF_8))) {
      String pid = reader.readLine();
      return ProcessHandle.of(Long.parseLong(pid == null ? "" : pid.strip()))
          .map(ForeignProcess::new)
          .orElseThrow(() -> new IOException("it ended at once: " + List.of(command)));
    } catch (NumberFormatException e) {
      throw new IOException("it did not start: " + List.of(command), e);
    }
  }

  long pid() {
    return handle.pid();
  }

  @Override
  public void close() {
    handle.destroyForcibly();
    // Its new parent may be slow to take notice; the gates do not wait for that either.
    handle.onExit().completeOnTimeout(handle, 5, TimeUnit.SECONDS).join();
  }
}
