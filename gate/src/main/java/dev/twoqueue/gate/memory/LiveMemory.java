package dev.twoqueue.gate.memory;

import dev.twoqueue.gate.internal.CommandOutput;
import java.io.IOException;
import java.nio.file.Path;
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
        known = MacMemory.parse(CommandOutput.of(MOST_BYTES, "/bin/sh", "-c", SCRIPT));
        latest = known;
        takenAt = now;
      }
      return known;
    }
  }
}
