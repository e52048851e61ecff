package dev.twoqueue.gate;

import dev.twoqueue.Gate;
import dev.twoqueue.GateRequest;
import dev.twoqueue.Lease;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.Verdict;
import dev.twoqueue.gate.internal.Arguments;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Holds while the disk has too little room for a task.
 *
 * <p>Asked is the file system that takes the bytes: that of {@link LocalHeavyTask#writesTo}, or
 * where the task does not say, of Ollama's models directory: that of the server that runs, by its
 * own environment, else by this JVM's ({@code OLLAMA_MODELS}, else {@code ~/.ollama/models}). Where
 * a directory does not exist, its nearest ancestor that does is asked; where it did exist at an
 * earlier look, its disk has been taken away, and the task is held. What must be free there, beside
 * what other admitted tasks are still to write, is the larger of
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
 * {@link DiskWatch} looks again while a task runs. Figures are in GB (10⁹ bytes) as disks are sold
 * and {@code df -H} shows them.
 *
 * <p>A file system that is read-only, cannot be asked, or does not tell, holds. A models directory
 * below what is kept free, or that cannot be asked, holds the whole class; otherwise the task is
 * held alone. That it is another machine's disk, or that it keeps quotas, which its free space may
 * not show, is in the verdict.
 *
 * <p>Thread-safe, if its source is. A file system may hang (a dead network mount): {@link
 * HostGates} gives this gate a {@linkplain Gates#withTimeout timeout}.
 */
public final class DiskGate implements Gate {
  /** What is kept free by default: 30 GB, in bytes. */
  public static final long DEFAULT_KEEP_FREE_BYTES = 30_000_000_000L;

  /** {@code /dev/disk3s5}, or a snapshot of one, {@code /dev/disk3s1s1}, is in {@code disk3}. */
  private static final Pattern APFS_VOLUME = Pattern.compile("^(/dev/disk\\d+)(s\\d+)+$");

  /** Where a task writes that does not say. */
  @FunctionalInterface
  interface Stores {
    Collection<Path> find() throws IOException;
  }

  /** Where free space comes from. */
  @FunctionalInterface
  interface States {
    DiskState at(Path path) throws IOException;
  }

  private final States states;
  private final long keepFreeBytes;
  private final Stores stores;
  private final Writes writes;
  private final SeenPaths seen = new SeenPaths();
  private final HoldPace pace = new HoldPace(Duration.ofSeconds(2), Duration.ofSeconds(30));

  private DiskGate(States states, long keepFreeBytes, Stores stores, Writes writes) {
    this.states = states;
    this.keepFreeBytes = keepFreeBytes;
    this.stores = stores;
    this.writes = writes;
  }

  /**
   * A gate on this machine's file systems.
   *
   * @return the gate
   */
  public static DiskGate standard() {
    return on(HostFigures.live());
  }

  /**
   * A gate on other figures.
   *
   * @param figures where file systems, processes and their environments come from
   * @return the gate
   */
  public static DiskGate on(HostFigures figures) {
    return on(figures, System.getenv(), System.getProperty("user.home", "."));
  }

  static DiskGate on(HostFigures figures, Map<String, String> environment, String home) {
    ModelStores stores = new ModelStores(Arguments.notNull(figures, "figures"), environment, home);
    return new DiskGate(figures::disk, DEFAULT_KEEP_FREE_BYTES, stores::find, new Writes());
  }

  /**
   * A gate on a file system that is simulated. The models directory is that of this JVM's
   * environment.
   *
   * @param source where the free space comes from
   * @return the gate
   */
  public static DiskGate of(DiskSource source) {
    Path models =
        ModelStores.directory(System.getenv(), Optional.of(System.getProperty("user.home", ".")))
            .orElse(Path.of("."));
    return new DiskGate(
        Arguments.notNull(source, "source")::state,
        DEFAULT_KEEP_FREE_BYTES,
        () -> List.of(models),
        new Writes());
  }

  /**
   * The same with another reserve.
   *
   * @param bytes what stays free after the write; 0 for nothing
   * @return a copy; what is in flight counts in both
   * @throws IllegalArgumentException when negative
   */
  public DiskGate withKeepFreeBytes(long bytes) {
    return new DiskGate(states, Arguments.notNegative(bytes, "bytes"), stores, writes);
  }

  /**
   * The same with another place for tasks that do not say where they write.
   *
   * @param path need not exist
   * @return a copy; what is in flight counts in both
   */
  public DiskGate withDefaultPath(Path path) {
    Arguments.notNull(path, "path");
    return new DiskGate(states, keepFreeBytes, () -> List.of(path), writes);
  }

  @Override
  public String name() {
    return "disk";
  }

  /**
   * A watch over tasks while they run, with this gate's figures and reserve.
   *
   * @return it cancels a task when half of what is kept free is not there any more
   */
  public DiskWatch watch() {
    return new DiskWatch(this, keepFreeBytes / 2);
  }

  @Override
  public Verdict look(GateRequest request) throws Exception {
    Arguments.notNull(request, "request");
    @Nullable LocalHeavyTask<?> task =
        request.task() instanceof LocalHeavyTask<?> heavy ? heavy : null;
    boolean own = task != null && task.writesTo().isPresent();
    Verdict verdict =
        Looks.holdingOnFailure(
            "where the models are",
            HoldPace.SOONEST,
            Verdict.Scope.CLASS,
            () -> tightest(request, places(task), own ? Verdict.Scope.TASK : Verdict.Scope.CLASS));
    return pace.apply(request, verdict, System.nanoTime());
  }

  private Collection<Path> places(@Nullable LocalHeavyTask<?> task) throws IOException {
    return task != null && task.writesTo().isPresent()
        ? List.of(task.writesTo().get())
        : stores.find();
  }

  /** The place with a task's bytes in it that holds, if any does; else what all of them have. */
  private Verdict tightest(GateRequest request, Collection<Path> places, Verdict.Scope scope)
      throws Exception {
    List<Verdict.Proceed> passed = new ArrayList<>();
    for (Path place : places) {
      Verdict verdict =
          Looks.holdingOnFailure(
              "free disk space at " + place,
              HoldPace.SOONEST,
              scope,
              () -> judge(request, place, scope));
      if (!(verdict instanceof Verdict.Proceed proceed)) {
        passed.forEach(AskedGate::giveBack);
        return verdict;
      }
      passed.add(proceed);
    }
    String saw = String.join("; ", passed.stream().map(Verdict.Proceed::saw).toList());
    List<Lease> leases =
        passed.stream().map(Verdict.Proceed::lease).filter(it -> it != Lease.NONE).toList();
    Verdict.Proceed all = Verdict.proceed(saw);
    return leases.isEmpty() ? all : all.withLease(() -> AskedGate.giveBack(leases));
  }

  private Verdict judge(GateRequest request, Path path, Verdict.Scope scope) throws IOException {
    DiskState state = states.at(path);
    Optional<String> wrong = seen.wrong(path, state);
    if (wrong.isPresent()) {
      return Looks.hold(wrong.get(), HoldPace.SOONEST, scope);
    }
    DiskNeed need =
        DiskNeed.of(request.task(), keepFreeBytes, writes.othersOn(key(state), request.task()));
    long free = state.usableBytes().orElse(0);
    String text = need.text(path, state);
    if (!need.isMetBy(free)) {
      // What keeps only this task's bytes out does not keep out a task that writes none.
      return Looks.hold(text, HoldPace.SOONEST, free < keepFreeBytes ? scope : Verdict.Scope.TASK);
    }
    boolean starts = request.stage() == GateRequest.Stage.FINAL && need.toWrite() > 0;
    Verdict.Proceed proceed = Verdict.proceed(text);
    return starts
        ? proceed.withLease(writes.begin(request.task(), key(state), need.toWrite()))
        : proceed;
  }

  /** Names what bytes are taken from. The volumes of one APFS container share its space. */
  private static String key(DiskState state) {
    String device =
        state.type().equals("apfs")
            ? APFS_VOLUME.matcher(state.name()).replaceFirst("$1")
            : state.name();
    return device + " " + state.type();
  }

  States states() {
    return states;
  }

  Writes writes() {
    return writes;
  }

  /** Where a task's bytes go. */
  Collection<Path> placesOf(LocalHeavyTask<?> task) throws IOException {
    return places(task);
  }
}
