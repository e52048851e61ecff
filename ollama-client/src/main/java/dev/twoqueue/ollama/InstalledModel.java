package dev.twoqueue.ollama;

import java.util.List;
import java.util.Optional;

/**
 * One entry of {@code /api/tags}: a model that is installed.
 *
 * @param name as the server prints it
 * @param sizeBytes all its layers and its configuration
 * @param digest 64 hexadecimal digits
 * @param family the architecture's family; empty when the server does not say
 * @param capabilities for example {@code completion} or {@code embedding}; empty on older servers
 * @param remoteHost where a cloud model is served; empty for local ones
 */
public record InstalledModel(
    String name,
    long sizeBytes,
    String digest,
    String family,
    List<String> capabilities,
    Optional<String> remoteHost) {
  public InstalledModel {
    capabilities = List.copyOf(capabilities);
  }
}
