package dev.twoqueue.ollama;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What this client asked of which model last: to keep and to let go of its pins, and to know a
 * clamped context. Safe for use by any thread.
 */
final class WorkerRequests {
  private static final int MOST = 256;

  /**
   * One model's last request.
   *
   * @param options that it was asked with
   * @param keepAlive that it was told last
   * @param own whether the task chose that time itself, so that no policy may change it
   */
  record Asked(ModelOptions options, KeepAlive keepAlive, boolean own) {
    boolean pinned() {
      return keepAlive.seconds() < 0;
    }
  }

  private final Map<String, Asked> byModel = new Recent<>(MOST);

  synchronized void asked(String normalName, Asked asked) {
    byModel.put(normalName, asked);
  }

  synchronized Optional<Asked> last(String normalName) {
    return Optional.ofNullable(byModel.get(normalName));
  }

  synchronized OptionalInt context(String normalName) {
    Asked asked = byModel.get(normalName);
    return asked == null ? OptionalInt.empty() : asked.options().numCtx();
  }

  /** What this client has pinned and not let go, by model. */
  synchronized Map<String, Asked> pinned() {
    Map<String, Asked> pinned = new LinkedHashMap<>(byModel);
    pinned.values().removeIf(asked -> !asked.pinned());
    return pinned;
  }
}
