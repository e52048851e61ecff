package dev.twoqueue.ollama;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether embeddings can pass by the queue on this server (I9). A server does not tell how many
 * models it holds at once; but where a pinned model is gone after another one was loaded, and this
 * client unloaded neither, there was no room for both. Said once.
 */
final class Bypass {
  private static final Logger LOG = LoggerFactory.getLogger(Bypass.class);

  private final Set<String> models = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable String> warning = new AtomicReference<>();

  Bypass(Set<ModelName> alwaysResident) {
    alwaysResident.forEach(model -> models.add(model.toString()));
  }

  /** A model that embeddings are asked of. */
  void add(ModelName model) {
    models.add(model.toString());
  }

  /** Why the bypass does not hold. */
  Optional<String> warning() {
    return Optional.ofNullable(warning.get());
  }

  /** Compares what was listed before and after a load of this client's. */
  void loaded(ModelName model, List<RunningModel> before, List<RunningModel> after) {
    if (warning.get() != null || Lookups.find(after, model.toString()).isEmpty()) {
      return;
    }
    before.stream()
        .filter(RunningModel::isPinned)
        .map(gone -> OllamaResidency.normalName(gone.name()))
        .filter(gone -> models.contains(gone) || models.contains(model.toString()))
        .filter(gone -> Lookups.find(after, gone).isEmpty())
        .findFirst()
        .ifPresent(gone -> tell(model, gone, after.size()));
  }

  private void tell(ModelName loaded, String gone, int room) {
    String text =
        "The embeddings' way past the queue does not hold: the server let go of "
            + gone
            + ", which was pinned, to load "
            + loaded
            + ". It holds "
            + room
            + (room == 1 ? " model" : " models")
            + " at once: start it with OLLAMA_MAX_LOADED_MODELS="
            + (room + 1)
            + " or more, or embed with the model that the tasks use";
    if (warning.compareAndSet(null, text)) {
      LOG.warn(text);
    }
  }
}
