package dev.twoqueue.ollama;

import java.util.Optional;

/**
 * One line of a pull. Layers are downloaded one after the other, each with its own total.
 *
 * @param status for people: "pulling manifest", "verifying sha256 digest", "success"
 * @param digest the layer; empty between layers
 * @param totalBytes the layer's size; 0 between layers
 * @param completedBytes how much of it is there
 */
public record PullProgress(
    String status, Optional<String> digest, long totalBytes, long completedBytes) {

  /**
   * Whether this is the line that ends a pull well.
   *
   * @return true for the status {@code success}
   */
  public boolean isSuccess() {
    return status.equals("success");
  }
}
