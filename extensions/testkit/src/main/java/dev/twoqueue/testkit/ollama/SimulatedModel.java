package dev.twoqueue.testkit.ollama;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A model that a {@link SimulatedOllama} can pull, hold, load and answer with. Immutable.
 *
 * <p>Its memory when resident is {@code fixedBytes + kvBytesPerToken × num_ctx}: the weights and
 * the compute buffers, and the key and value cache.
 */
public final class SimulatedModel {
  private final SimulatedModelBuilder from;
  private final String digest;
  private final String weightsDigest;

  SimulatedModel(SimulatedModelBuilder from) {
    this.from = from;
    this.digest = from.digest.isEmpty() ? sha256("manifest of " + from.name) : from.digest;
    this.weightsDigest =
        from.weightsDigest.isEmpty() ? sha256("weights of " + from.name) : from.weightsDigest;
  }

  /**
   * A model with public figures: sizes of its GGUF file, memory as llama.cpp plans it, metadata as
   * {@code /api/show} tells it; a load time of 1 GB/s and a token rate that such a machine may
   * have. Known are {@code llama3.3:70b}, {@code qwen2.5:72b}, {@code qwen3:30b}, {@code
   * gpt-oss:20b}, {@code qwen3:8b}, {@code llama3.2:3b} and {@code nomic-embed-text}.
   *
   * @param name one of these
   * @return the model
   * @throws IllegalArgumentException for any other
   */
  public static SimulatedModel of(String name) {
    return ModelPresets.named(ModelName.of(name));
  }

  /**
   * Begins a small model of the {@code llama} family: 1 GB on disk and in memory, 1 s to load, 100
   * tokens a second.
   *
   * @param name as its users spell it; the tag defaults to {@code latest}
   * @return a builder
   * @throws IllegalArgumentException when it is not a model's name
   */
  public static SimulatedModelBuilder builder(String name) {
    return new SimulatedModelBuilder(ModelName.of(name).shortest());
  }

  /**
   * A builder with this model's settings.
   *
   * @return changes to it do not reach this model
   */
  public SimulatedModelBuilder toBuilder() {
    return new SimulatedModelBuilder(from);
  }

  /**
   * The name, in its shortest form with a tag.
   *
   * @return for example {@code qwen3:8b}
   */
  public String name() {
    return from.name;
  }

  /**
   * What {@code /api/ps} shows as digest.
   *
   * @return 64 hexadecimal digits
   */
  public String digest() {
    return digest;
  }

  /**
   * What runners are keyed by: two names with the same weights share one.
   *
   * @return 64 hexadecimal digits
   */
  public String weightsDigest() {
    return weightsDigest;
  }

  /**
   * The size on disk.
   *
   * @return bytes
   */
  public long sizeBytes() {
    return from.sizeBytes;
  }

  /**
   * The memory that it takes when resident.
   *
   * @param contextLength tokens
   * @return bytes
   */
  public long workingSetBytes(int contextLength) {
    return from.fixedBytes + from.kvBytesPerToken * contextLength;
  }

  /**
   * The time from a load's beginning to its end, on a machine at rest.
   *
   * @return before the server's time scale
   */
  public Duration loadTime() {
    return from.loadTime;
  }

  /**
   * The rate of its answers.
   *
   * @return tokens a second, before the server's time scale
   */
  public double tokensPerSecond() {
    return from.tokensPerSecond;
  }

  /**
   * What it answers to anything.
   *
   * @return plain text
   */
  public String response() {
    return from.response;
  }

  /**
   * What it can do.
   *
   * @return for example {@code completion}
   */
  public Set<String> capabilities() {
    return from.capabilities;
  }

  boolean isEmbedding() {
    return from.capabilities.contains("embedding");
  }

  Map<String, Object> modelInfo() {
    return from.modelInfo;
  }

  Map<String, Object> parameters() {
    return from.parameters;
  }

  String family() {
    return Objects.toString(from.modelInfo.get("general.architecture"));
  }

  String parameterSize() {
    return from.parameterSize;
  }

  String quantization() {
    return from.quantization;
  }

  /** The longest context that it was trained for. */
  int contextLength() {
    return info("context_length");
  }

  int embeddingLength() {
    return info("embedding_length");
  }

  private int info(String key) {
    return from.modelInfo.get(family() + "." + key) instanceof Number number
        ? number.intValue()
        : 0;
  }

  static String sha256(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every JDK has SHA-256", impossible);
    }
  }

  @Override
  public String toString() {
    return from.name;
  }
}
