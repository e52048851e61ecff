package dev.twoqueue.gate;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which model servers of others are loading. Remembers those that are ready. Not thread-safe. */
final class LoadingServers {
  private static final ProcessRule SERVER = ProcessRule.of("llama-server");
  private static final Duration READY_FOR = Duration.ofSeconds(30);

  /** A load takes minutes; longer than this, silence means something else. */
  private static final Duration SILENT_FOR = Duration.ofMinutes(10);

  private final HostFigures figures;
  private final PerProcess<Boolean> servers =
      new PerProcess<>(process -> SERVER.match(process) != ProcessRule.Match.NONE);
  private final Map<Id, Seen> seen = new HashMap<>();

  private record Id(long pid, Optional<Instant> started) {}

  private record Seen(ServerHealth.State state, long firstNanos, long askedNanos) {}

  LoadingServers(HostFigures figures) {
    this.figures = figures;
  }

  boolean isLoading(HostProcess process) {
    if (!servers.of(process)) {
      return false;
    }
    Seen now = look(process);
    boolean young = figures.nanoTime() - now.firstNanos < SILENT_FOR.toNanos();
    return switch (now.state) {
      case LOADING -> true;
      case LOADED -> false;
      case UNKNOWN -> young;
    };
  }

  String describe(HostProcess process) {
    return look(process).state == ServerHealth.State.LOADING
        ? "llama-server loads"
        : "llama-server does not answer, and is taken as loading";
  }

  private Seen look(HostProcess process) {
    Id id = new Id(process.pid(), process.started());
    @Nullable Seen before = seen.get(id);
    long now = figures.nanoTime();
    boolean ready = before != null && before.state == ServerHealth.State.LOADED;
    Duration serves = ready ? READY_FOR : Duration.ofMillis(500);
    if (before != null && now - before.askedNanos < serves.toNanos()) {
      return before;
    }
    Map<String, String> environment = figures.environment(process.pid()).orElse(Map.of());
    ServerHealth.State state =
        ServerHealth.ask(process.commandLine().orElse(List.of()), environment);
    // Its own age where it is known: a look comes when something waits, perhaps hours after it.
    Seen found = new Seen(state, before == null ? now - age(process) : before.firstNanos, now);
    seen.values().removeIf(it -> now - it.askedNanos > SILENT_FOR.toNanos());
    seen.put(id, found);
    return found;
  }

  private static long age(HostProcess process) {
    Duration age =
        process
            .started()
            .map(started -> Duration.between(started, Instant.now()))
            .orElse(Duration.ZERO);
    return age.isNegative() ? 0 : age.toNanos();
  }
}
