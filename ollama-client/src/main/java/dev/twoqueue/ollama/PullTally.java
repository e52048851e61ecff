package dev.twoqueue.ollama;

import dev.twoqueue.Progress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adds the layers of a pull up. A layer's size is known when its turn comes, so the total grows.
 */
final class PullTally {
  private final Map<String, PullProgress> layers = new LinkedHashMap<>();

  Progress take(PullProgress line) {
    line.digest().ifPresent(digest -> layers.put(digest, line));
    long done = 0;
    long total = 0;
    for (PullProgress layer : layers.values()) {
      done += layer.completedBytes();
      total += layer.totalBytes();
    }
    return new Progress(Math.max(0, done), Math.max(0, total), line.status());
  }
}
