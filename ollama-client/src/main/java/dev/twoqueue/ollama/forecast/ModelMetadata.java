package dev.twoqueue.ollama.forecast;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model's metadata, read once and typed: what a forecast needs of a GGUF file's keys, tensors and
 * size. Immutable.
 */
public final class ModelMetadata {
  /** The largest size of a model's files that is taken for one, in bytes. */
  public static final long MOST_BYTES = 1L << 50;

  private final ModelShape shape;
  private final TensorSummary tensors;
  private final long fileBytes;
  private final @Nullable NamedModel named;

  private ModelMetadata(
      ModelShape shape, TensorSummary tensors, long fileBytes, @Nullable NamedModel named) {
    this.shape = shape;
    this.tensors = tensors;
    this.fileBytes = fileBytes;
    this.named = named;
  }

  /**
   * Reads metadata.
   *
   * @param info the file's keys with texts, numbers, booleans and lists as values, as {@code
   *     model_info} of {@code /api/show} has them; other keys are not looked at. A list of the
   *     tokenizer's may be replaced by its length under {@code <key>.count}
   * @param tensors what is known of the tensors
   * @param fileBytes the size of all files, 1 byte to 2^50
   * @return the metadata
   * @throws MetadataException when a key that the forecast rests on is missing, of a wrong type or
   *     absurd; it names the key
   * @throws IllegalArgumentException when the size is out of range
   */
  public static ModelMetadata of(
      Map<String, @Nullable Object> info, TensorSummary tensors, long fileBytes)
      throws MetadataException {
    Objects.requireNonNull(tensors, "tensors must not be null");
    if (fileBytes < 1 || fileBytes > MOST_BYTES) {
      throw new IllegalArgumentException("fileBytes must be 1 to 2^50, was " + fileBytes);
    }
    ModelShape shape = ShapeReader.read(Objects.requireNonNull(info, "info must not be null"));
    return new ModelMetadata(shape, tensors, fileBytes, null);
  }

  /**
   * What a name alone tells: the parameters and the type of the weights, as in {@code
   * llama3.3:70b-instruct-q4_K_M}. For a model that is nowhere to be asked for; forecasts of it
   * have a wide range.
   *
   * @param name as any server or file names it
   * @return empty when the name does not say how many parameters the model has
   */
  public static Optional<ModelMetadata> ofName(String name) {
    return NamedModel.of(Objects.requireNonNull(name, "name must not be null"))
        .map(
            named ->
                new ModelMetadata(
                    named.shape(), TensorSummary.UNKNOWN, named.likelyBytes(), named));
  }

  /**
   * The architecture, as the file names it.
   *
   * @return {@code general.architecture}; {@code unknown} where only the model's name is known
   */
  public String architecture() {
    return named == null ? shape.name() : "unknown";
  }

  /**
   * Whether the tables know the architecture.
   *
   * @return false when forecasts of this model are wide
   */
  public boolean known() {
    return named == null && shape.architecture().known();
  }

  /**
   * Why forecasts of this model are wide.
   *
   * @return for people; empty when they are not
   */
  public Optional<String> doubt() {
    if (named != null) {
      return Optional.of("only the model's name is known (" + named.told() + "): a wide range");
    }
    return known()
        ? Optional.empty()
        : Optional.of(
            "architecture "
                + architecture()
                + " is not known: taken for one whose layers all see the whole context, with a wide"
                + " range");
  }

  /**
   * The context that the model was made for.
   *
   * @return tokens; 0 when the file does not say
   */
  public long trainedContext() {
    return shape.trainedContext();
  }

  /**
   * Whether the model only embeds, without a cache.
   *
   * @return true for encoders
   */
  public boolean encoder() {
    return !shape.causal();
  }

  /**
   * The size of all files.
   *
   * @return bytes; a likely figure where only the model's name is known
   */
  public long fileBytes() {
    return fileBytes;
  }

  @Nullable NamedModel named() {
    return named;
  }

  TensorSummary tensors() {
    return tensors;
  }

  ModelShape shape() {
    return shape;
  }
}
