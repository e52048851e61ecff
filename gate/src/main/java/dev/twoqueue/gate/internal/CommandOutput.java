package dev.twoqueue.gate.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What a small command of the system prints: bounded in time and size. */
public final class CommandOutput {
  private static final long LONGEST_SECONDS = 3;

  private CommandOutput() {}

  /**
   * Runs it.
   *
   * @param mostBytes no more is read
   * @param command and its arguments
   * @return its output and errors together
   * @throws IOException when it cannot be started, or did not end in 3 s
   */
  public static String of(int mostBytes, String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    // Reading from it cannot be interrupted: its end is the end of what it prints.
    CompletableFuture.delayedExecutor(LONGEST_SECONDS, TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
    try (InputStream in = process.getInputStream()) {
      process.getOutputStream().close();
      String text = new String(in.readNBytes(mostBytes), StandardCharsets.UTF_8);
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(command[0] + " did not end in " + LONGEST_SECONDS + " s");
      }
      return text;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + command[0] + " ran", e);
    } finally {
      process.destroyForcibly();
    }
  }
}
