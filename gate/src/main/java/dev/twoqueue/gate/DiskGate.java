package dev.twoqueue.gate;

import dev.twoqueue.Gate;
import dev.twoqueue.GateRequest;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Holds while the disk has too little room for a task.
 *
 * <p>Asked is the file system that takes the bytes: that of {@link LocalHeavyTask#writesTo}, or
 * where the task does not say, of the models directory ({@code OLLAMA_MODELS}, else {@code
 * ~/.ollama/models}); where the directory does not exist, of its nearest ancestor that does. What
 * must be free there is the larger of
 *
 * <ul>
 *   <li>what is kept free (30 GB, that is 30 × 10⁹ bytes) plus {@link LocalHeavyTask#bytesToWrite},
 *       so that it is still free after the write;
 *   <li>2 × {@code bytesToWrite}, since partial files and the finished ones may lie side by side
 *       while the write goes on.
 * </ul>
 *
 * <p>A task that writes nothing, or does not say how much, meets the first rule alone: free disk is
 * looked at before <em>every</em> heavy task, since swap, logs and the model server write too.
 * Figures are in GB (10⁹ bytes) as disks are sold and {@code df -H} shows them.
 *
 * <p>A file system that cannot be asked, or does not tell, holds. A models directory below what is
 * kept free, or that cannot be asked, holds the whole class; otherwise the task is held alone.
 *
 * <p>Immutable and thread-safe, if its source is.
 */
public final class DiskGate implements Gate {
  /** What is kept free by default: 30 GB, in bytes. */
  public static final long DEFAULT_KEEP_FREE_BYTES = 30_000_000_000L;

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

  private final DiskSource source;
  private final long keepFreeBytes;
  private final Path defaultPath;

  private DiskGate(DiskSource source, long keepFreeBytes, Path defaultPath) {
    this.source = source;
    this.keepFreeBytes = keepFreeBytes;
    this.defaultPath = defaultPath;
  }

  /**
   * A gate on this machine's file systems.
   *
   * @return the gate
   */
  public static DiskGate standard() {
    return of(HostFigures.live()::usableDiskBytes);
  }

  /**
   * A gate on other figures.
   *
   * @param source where they come from
   * @return the gate
   */
  public static DiskGate of(DiskSource source) {
    return new DiskGate(
        Arguments.notNull(source, "source"),
        DEFAULT_KEEP_FREE_BYTES,
        modelsDirectory(System.getenv(), System.getProperty("user.home", ".")));
  }

  /** Where Ollama keeps its models unless the user or the server says otherwise. */
  static Path modelsDirectory(Map<String, String> environment, String home) {
    String configured = environment.getOrDefault("OLLAMA_MODELS", "").strip();
    return configured.isEmpty() ? Path.of(home, ".ollama", "models") : Path.of(configured);
  }

  /**
   * The same with another reserve.
   *
   * @param bytes what stays free after the write; 0 for nothing
   * @return a copy
   * @throws IllegalArgumentException when negative
   */
  public DiskGate withKeepFreeBytes(long bytes) {
    return new DiskGate(source, Arguments.notNegative(bytes, "bytes"), defaultPath);
  }

  /**
   * The same with another place for tasks that do not say where they write.
   *
   * @param path need not exist
   * @return a copy
   */
  public DiskGate withDefaultPath(Path path) {
    return new DiskGate(source, keepFreeBytes, Arguments.notNull(path, "path"));
  }

  @Override
  public String name() {
    return "disk";
  }

  @Override
  public Verdict look(GateRequest request) throws Exception {
    Arguments.notNull(request, "request");
    return request.task() instanceof LocalHeavyTask<?> task
        ? look(task.writesTo(), task.bytesToWrite())
        : look(Optional.empty(), OptionalLong.empty());
  }

  private Verdict look(Optional<Path> writesTo, OptionalLong toWrite) throws Exception {
    Path path = writesTo.orElse(defaultPath);
    Verdict.Scope scope = writesTo.isPresent() ? Verdict.Scope.TASK : Verdict.Scope.CLASS;
    return Looks.holdingOnFailure(
        "free disk space at " + path, LOOK_AGAIN, scope, () -> judge(path, toWrite, scope));
  }

  private Verdict judge(Path path, OptionalLong declared, Verdict.Scope scope) throws IOException {
    OptionalLong usable = source.usableBytes(path);
    if (usable.isEmpty() || usable.getAsLong() < 0) {
      return Looks.hold("free disk space at " + path + " is unknown", LOOK_AGAIN, scope);
    }
    long free = usable.getAsLong();
    long toWrite = declared.orElse(0);
    long needed = Math.max(saturatedAdd(keepFreeBytes, toWrite), saturatedAdd(toWrite, toWrite));
    String text =
        String.format(
            Locale.ROOT,
            "%s free at %s, %s needed (%s to be written, and %s beside it)",
            gb(free),
            path,
            gb(needed),
            declared.isPresent() ? gb(toWrite) : "nothing declared",
            gb(needed - toWrite));
    // By what is left, since what is needed may be more than a long can hold.
    if (free - toWrite >= Math.max(keepFreeBytes, toWrite)) {
      return Verdict.proceed(text);
    }
    // What keeps only this task's bytes out does not keep out a task that writes none.
    return Looks.hold(text, LOOK_AGAIN, free < keepFreeBytes ? scope : Verdict.Scope.TASK);
  }

  /** Decimal gigabytes, rounded down: a text must not say 30.0 where 29.96 held. */
  private static String gb(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", Math.floor(bytes / 1e8) / 10);
  }

  private static long saturatedAdd(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
