package dev.twoqueue.ollama;

import dev.twoqueue.ollama.internal.http.Where;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Ends a pull that goes on sending lines although nothing arrives any more. */
final class StallWatch {
  private final Duration limit;
  private @Nullable PullProgress last;
  private long changed = System.nanoTime();

  StallWatch(Duration limit) {
    this.limit = limit;
  }

  /** Throws when the pull has stood still for too long. */
  void saw(PullProgress line, Where where) {
    long now = System.nanoTime();
    if (!line.equals(last)) {
      last = line;
      changed = now;
    } else if (now - changed > limit.toNanos()) {
      throw new OllamaException.TimedOut(
          "The pull made no progress for "
              + limit
              + "; what it has stays on the server's disk for the next one",
          where);
    }
  }
}
