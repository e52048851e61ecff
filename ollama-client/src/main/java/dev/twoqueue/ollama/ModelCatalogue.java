package dev.twoqueue.ollama;

import dev.twoqueue.ollama.internal.ModelShape;
import dev.twoqueue.ollama.internal.ShapeReader;
import dev.twoqueue.ollama.internal.UnreadableMetadataException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What is installed, with each model's metadata kept by its digest. */
final class ModelCatalogue {
  private static final int MOST = 128;

  /**
   * One model.
   *
   * @param size of all its files
   * @param details without what only {@code verbose} gives, unless that was needed
   * @param shape what its memory depends on
   */
  record Entry(long size, ModelDetails details, ModelShape shape) {}

  private final OllamaApi api;

  private final Map<String, Entry> byDigest =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ModelCatalogue.Entry> eldest) {
          return size() > MOST;
        }
      };

  ModelCatalogue(OllamaApi api) {
    this.api = api;
  }

  /**
   * A model by its name.
   *
   * @return empty when it is not installed
   */
  Optional<Entry> find(ModelName name) throws UnreadableMetadataException {
    String normal = name.toString();
    Optional<InstalledModel> installed =
        api.tags().stream()
            .filter(model -> OllamaResidency.normalName(model.name()).equals(normal))
            .findFirst();
    if (installed.isEmpty()) {
      return Optional.empty();
    }
    String digest = installed.get().digest();
    Optional<Entry> known = cached(digest);
    if (known.isPresent()) {
      return known;
    }
    Entry entry = fetch(installed.get());
    if (!digest.isEmpty()) {
      synchronized (this) {
        byDigest.put(digest, entry);
      }
    }
    return Optional.of(entry);
  }

  /** The context that a model was made for, where its metadata was fetched already. */
  OptionalLong trainedContext(String digest) {
    return cached(digest)
        .map(entry -> OptionalLong.of(entry.shape().trainedContext()))
        .orElse(OptionalLong.empty());
  }

  private synchronized Optional<Entry> cached(String digest) {
    return Optional.ofNullable(byDigest.get(digest));
  }

  private Entry fetch(InstalledModel model) throws UnreadableMetadataException {
    ModelDetails details = api.show(model.name(), false);
    try {
      return new Entry(model.sizeBytes(), details, shape(details));
    } catch (UnreadableMetadataException e) {
      if (!e.leftOut()) {
        throw e;
      }
      ModelDetails verbose = api.show(model.name(), true);
      return new Entry(model.sizeBytes(), verbose, shape(verbose));
    }
  }

  /** The tensor list knows the vocabulary where the metadata, without verbose, does not. */
  private static ModelShape shape(ModelDetails details) throws UnreadableMetadataException {
    ModelShape shape = ShapeReader.read(details.modelInfo());
    long vocabulary =
        details
            .tensor("token_embd.weight")
            .filter(tensor -> tensor.shape().size() == 2)
            .map(tensor -> tensor.shape().get(1))
            .orElse(0L);
    return shape.vocabulary() > 0 ? shape : shape.withVocabulary(vocabulary);
  }
}
