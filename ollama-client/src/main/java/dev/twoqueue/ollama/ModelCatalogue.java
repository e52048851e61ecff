package dev.twoqueue.ollama;

import dev.twoqueue.ollama.forecast.MetadataException;
import dev.twoqueue.ollama.forecast.ModelMetadata;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is installed, with each model's metadata kept by its digest. */
final class ModelCatalogue {
  private static final Logger LOG = LoggerFactory.getLogger(ModelCatalogue.class);
  private static final int MOST = 128;
  private static final String VOCABULARY = "tokenizer.ggml.tokens.count";

  /**
   * One model.
   *
   * @param details without what only {@code verbose} gives, unless that was needed
   * @param model what its memory depends on
   */
  record Entry(ModelDetails details, ModelMetadata model) {}

  /**
   * What residency depends on.
   *
   * @param trainedContext the context that the model was made for; 0 when its metadata is silent
   * @param onlyEmbeds whether it can embed and nothing else
   */
  record Traits(long trainedContext, boolean onlyEmbeds) {}

  private final OllamaApi api;
  private final Map<String, Entry> byDigest = new Recent<>(MOST);
  private final Map<String, Traits> traits = new Recent<>(MOST);

  ModelCatalogue(OllamaApi api) {
    this.api = api;
  }

  /**
   * A model by its name.
   *
   * @return empty when it is not installed
   */
  Optional<Entry> find(ModelName name) throws MetadataException {
    Optional<InstalledModel> installed = Lookups.findInstalled(api, name);
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

  /**
   * Of a resident model; asked for once and kept by its digest.
   *
   * @return empty when the server cannot say, as for a model that was deleted while it was loaded
   */
  Optional<Traits> traits(RunningModel model) {
    if (model.digest().isEmpty()) {
      return Optional.empty();
    }
    synchronized (this) {
      Traits known = traits.get(model.digest());
      if (known != null) {
        return Optional.of(known);
      }
    }
    try {
      return Optional.of(remember(model.digest(), api.show(model.name(), false)));
    } catch (OllamaException.Cancelled stopped) {
      throw stopped;
    } catch (OllamaException e) {
      LOG.debug("Cannot see what {} can do", model.name(), e);
      return Optional.empty();
    }
  }

  private synchronized Traits remember(String digest, ModelDetails details) {
    Object architecture = details.modelInfo().get("general.architecture");
    Object context = details.modelInfo().get(architecture + ".context_length");
    List<String> can = details.capabilities();
    Traits seen =
        new Traits(
            context instanceof Long tokens ? tokens : 0,
            can.contains("embedding") && !can.contains("completion"));
    traits.put(digest, seen);
    return seen;
  }

  private synchronized Optional<Entry> cached(String digest) {
    return Optional.ofNullable(byDigest.get(digest));
  }

  private Entry fetch(InstalledModel model) throws MetadataException {
    ModelDetails details = api.show(model.name(), false);
    if (!model.digest().isEmpty()) {
      remember(model.digest(), details);
    }
    try {
      return new Entry(details, metadata(details, model.sizeBytes()));
    } catch (MetadataException e) {
      if (!e.leftOut()) {
        throw e;
      }
      ModelDetails verbose = api.show(model.name(), true);
      return new Entry(verbose, metadata(verbose, model.sizeBytes()));
    }
  }

  private static ModelMetadata metadata(ModelDetails details, long size) throws MetadataException {
    long bytes = Math.max(1, Math.min(size, ModelMetadata.MOST_BYTES));
    return ModelMetadata.of(withVocabulary(details), TensorSizes.summary(details, bytes), bytes);
  }

  /** The tensor list knows the vocabulary where the metadata, without verbose, does not. */
  private static Map<String, @Nullable Object> withVocabulary(ModelDetails details) {
    Map<String, @Nullable Object> info = new HashMap<>(details.modelInfo());
    details
        .tensor("token_embd.weight")
        .filter(tensor -> tensor.shape().size() == 2)
        .ifPresent(tensor -> info.putIfAbsent(VOCABULARY, tensor.shape().get(1)));
    return info;
  }
}
