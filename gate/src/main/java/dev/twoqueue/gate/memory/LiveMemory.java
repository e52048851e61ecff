package dev.twoqueue.gate.memory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import oshi.SystemInfo;
import oshi.util.PlatformEnum;

/** This machine. */
final class LiveMemory {
  private LiveMemory() {}

  private static final class Holder {
    static final MemoryFigures INSTANCE = ofThisSystem();
  }

  static MemoryFigures shared() {
    return Holder.INSTANCE;
  }

  private static MemoryFigures ofThisSystem() {
    PlatformEnum platform = PlatformEnum.getCurrentPlatform();
    return switch (platform) {
      case LINUX -> new LinuxMemory(Path.of("/"));
      case MACOS -> new Commands();
      default -> {
        SystemInfo oshi = new SystemInfo();
        boolean windows = platform == PlatformEnum.WINDOWS;
        yield () -> OshiMemory.read(oshi.getHardware().getMemory(), windows);
      }
    };
  }

  /** What the commands of macOS print, at most once a second: to start them costs milliseconds. */
  private static final class Commands implements MemoryFigures {
    private static final long AGE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_SECONDS = 3;
    private static final int MOST_BYTES = 64 * 1024;

    /** A name that this release does not know is reported, and the others are printed. */
    private static final String SCRIPT =
        "/usr/bin/vm_stat && /usr/sbin/sysctl hw.memsize iogpu.wired_limit_mb"
            + " kern.memorystatus_vm_pressure_level 2>/dev/null; exit 0";

    private @Nullable MemoryState latest;
    private long takenAt;

    @Override
    public synchronized MemoryState read() throws IOException {
      long now = System.nanoTime();
      @Nullable MemoryState known = latest;
      if (known == null || now - takenAt >= AGE_NANOS) {
        known = MacMemory.parse(output());
        latest = known;
        takenAt = now;
      }
      return known;
    }

    private static String output() throws IOException {
      Process process =
          new ProcessBuilder("/bin/sh", "-c", SCRIPT).redirectErrorStream(true).start();
      // Reading from it cannot be interrupted: its end is the end of what it prints.
      CompletableFuture.delayedExecutor(LONGEST_SECONDS, TimeUnit.SECONDS)
          .execute(process::destroyForcibly);
      try (InputStream in = process.getInputStream()) {
        process.getOutputStream().close();
        String text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
          throw new IOException("vm_stat and sysctl did not end in " + LONGEST_SECONDS + " s");
        }
        return text;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while vm_stat and sysctl ran", e);
      } finally {
        process.destroyForcibly();
      }
    }
  }
}
