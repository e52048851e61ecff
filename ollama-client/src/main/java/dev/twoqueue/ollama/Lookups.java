package dev.twoqueue.ollama;

import dev.twoqueue.ollama.internal.http.Where;
import java.util.List;
import java.util.Optional;

/** Looks at what a task has brought about: an answer alone does not show it. */
final class Lookups {
  private Lookups() {}

  static InstalledModel installed(OllamaApi api, ModelName name) {
    return findInstalled(api, name)
        .orElseThrow(
            () ->
                new OllamaException.ServerError(
                    name + " is not installed, although its pull succeeded",
                    new Where("GET /api/tags", 200, "")));
  }

  static Optional<InstalledModel> findInstalled(OllamaApi api, ModelName name) {
    return api.tags().stream()
        .filter(model -> OllamaResidency.normalName(model.name()).equals(name.toString()))
        .findFirst();
  }

  /** By the name under which it was loaded, in normal form. */
  static Optional<RunningModel> find(List<RunningModel> running, String normalName) {
    return running.stream()
        .filter(model -> OllamaResidency.normalName(model.name()).equals(normalName))
        .findFirst();
  }

  /** Two names for the same weights share a runner, which shows the name that was loaded first. */
  static Optional<RunningModel> find(OllamaApi api, List<RunningModel> running, ModelName name) {
    Optional<RunningModel> byName = find(running, name.toString());
    return byName.isPresent() || running.isEmpty()
        ? byName
        : findInstalled(api, name).flatMap(it -> byDigest(running, it.digest()));
  }

  static RunningModel running(OllamaApi api, ModelName name) {
    return find(api, api.ps(), name)
        .orElseThrow(
            () ->
                new OllamaException.ServerError(
                    "The load of " + name + " succeeded, but the model left at once",
                    new Where("GET /api/ps", 200, "")));
  }

  private static Optional<RunningModel> byDigest(List<RunningModel> running, String digest) {
    return running.stream()
        .filter(model -> !digest.isEmpty() && model.digest().equals(digest))
        .findFirst();
  }
}
