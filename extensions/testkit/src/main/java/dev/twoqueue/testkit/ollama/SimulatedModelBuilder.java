package dev.twoqueue.testkit.ollama;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Builds a {@link SimulatedModel}. Not safe for use by several threads. */
public final class SimulatedModelBuilder {
  String name;
  String digest = "";
  String weightsDigest = "";
  long sizeBytes = 1_000_000_000;
  long fixedBytes = 1_000_000_000;
  long kvBytesPerToken;
  String parameterSize = "1.0B";
  String quantization = "Q4_K_M";
  Set<String> capabilities = Set.of("completion");
  Map<String, Object> modelInfo =
      Map.of(
          "general.architecture",
          "llama",
          "general.parameter_count",
          1_000_000_000L,
          "llama.context_length",
          32768,
          "llama.embedding_length",
          2048);
  Map<String, Object> parameters = Map.of();
  Duration loadTime = Duration.ofSeconds(1);
  double tokensPerSecond = 100;
  String response = "The sky is blue because air scatters short waves more than long ones.";

  SimulatedModelBuilder(String name) {
    this.name = name;
  }

  SimulatedModelBuilder(SimulatedModelBuilder other) {
    this.name = other.name;
    this.digest = other.digest;
    this.weightsDigest = other.weightsDigest;
    this.sizeBytes = other.sizeBytes;
    this.fixedBytes = other.fixedBytes;
    this.kvBytesPerToken = other.kvBytesPerToken;
    this.parameterSize = other.parameterSize;
    this.quantization = other.quantization;
    this.capabilities = other.capabilities;
    this.modelInfo = other.modelInfo;
    this.parameters = other.parameters;
    this.loadTime = other.loadTime;
    this.tokensPerSecond = other.tokensPerSecond;
    this.response = other.response;
  }

  /**
   * Gives it another name.
   *
   * @param name as its users spell it
   * @return this
   * @throws IllegalArgumentException when it is not a model's name
   */
  public SimulatedModelBuilder name(String name) {
    this.name = ModelName.of(name).shortest();
    return this;
  }

  /**
   * Sets the digest of its manifest. The default is made from the name.
   *
   * @param hex 64 hexadecimal digits
   * @return this
   * @throws IllegalArgumentException when it is anything else
   */
  public SimulatedModelBuilder digest(String hex) {
    this.digest = hex(hex, "digest");
    return this;
  }

  /**
   * Sets the digest of its weights: models with the same share a runner.
   *
   * @param hex 64 hexadecimal digits
   * @return this
   * @throws IllegalArgumentException when it is anything else
   */
  public SimulatedModelBuilder weightsDigest(String hex) {
    this.weightsDigest = hex(hex, "weightsDigest");
    return this;
  }

  /**
   * Sets the size on disk.
   *
   * @param bytes 1 or more
   * @return this
   * @throws IllegalArgumentException when below 1
   */
  public SimulatedModelBuilder sizeBytes(long bytes) {
    this.sizeBytes = Check.positive(bytes, "sizeBytes");
    return this;
  }

  /**
   * Sets the memory that it takes when resident.
   *
   * @param fixedBytes weights and compute buffers, whatever the context
   * @param kvBytesPerToken key and value cache for each token of the context
   * @return this
   * @throws IllegalArgumentException when either is negative
   */
  public SimulatedModelBuilder workingSet(long fixedBytes, long kvBytesPerToken) {
    this.fixedBytes = Check.notNegative(fixedBytes, "fixedBytes");
    this.kvBytesPerToken = Check.notNegative(kvBytesPerToken, "kvBytesPerToken");
    return this;
  }

  /**
   * Sets what the server shows of its size.
   *
   * @param parameterSize for example {@code 70.6B}
   * @param quantization for example {@code Q4_K_M}
   * @return this
   * @throws IllegalArgumentException when either is blank
   */
  public SimulatedModelBuilder details(String parameterSize, String quantization) {
    this.parameterSize = Check.notBlank(parameterSize, "parameterSize");
    this.quantization = Check.notBlank(quantization, "quantization");
    return this;
  }

  /**
   * Sets what it can do.
   *
   * @param names {@code completion}, {@code embedding}, {@code tools}, {@code thinking}
   * @return this
   * @throws IllegalArgumentException when there is none
   */
  public SimulatedModelBuilder capabilities(String... names) {
    if (names.length == 0) {
      throw new IllegalArgumentException("capabilities must name at least one");
    }
    this.capabilities = Collections.unmodifiableSet(new TreeSet<>(Set.of(names)));
    return this;
  }

  /**
   * Sets what {@code /api/show} tells as {@code model_info}. A key {@code x.count} stands for an
   * array {@code x} of that length, which is null unless the answer is verbose.
   *
   * @param info must name {@code general.architecture}
   * @return this
   * @throws IllegalArgumentException when it does not
   */
  public SimulatedModelBuilder modelInfo(Map<String, ?> info) {
    if (!(info.get("general.architecture") instanceof String)) {
      throw new IllegalArgumentException("modelInfo must name general.architecture");
    }
    this.modelInfo = Collections.unmodifiableMap(new LinkedHashMap<>(info));
    return this;
  }

  /**
   * Sets an option of its own, as a Modelfile does.
   *
   * @param option for example {@code num_ctx}
   * @param value a number, text or boolean
   * @return this
   * @throws IllegalArgumentException when the option's name is blank, or {@code num_ctx} is not a
   *     positive integer
   */
  public SimulatedModelBuilder parameter(String option, Object value) {
    if (option.equals("num_ctx") && !(value instanceof Integer tokens && tokens > 0)) {
      throw new IllegalArgumentException("num_ctx must be a positive int, was " + value);
    }
    Map<String, Object> more = new LinkedHashMap<>(parameters);
    more.put(Check.notBlank(option, "option"), Objects.requireNonNull(value, "value"));
    this.parameters = Collections.unmodifiableMap(more);
    return this;
  }

  /**
   * Sets the time of a load.
   *
   * @param time zero to a year, before the server's time scale
   * @return this
   * @throws IllegalArgumentException when it is not
   */
  public SimulatedModelBuilder loadTime(Duration time) {
    this.loadTime = Check.duration(time, "loadTime");
    return this;
  }

  /**
   * Sets the rate of its answers.
   *
   * @param rate tokens a second, before the server's time scale
   * @return this
   * @throws IllegalArgumentException when not positive
   */
  public SimulatedModelBuilder tokensPerSecond(double rate) {
    this.tokensPerSecond = Check.positive(rate, "tokensPerSecond");
    return this;
  }

  /**
   * Sets what it answers to anything.
   *
   * @param text each word with the blank before it is a token
   * @return this
   * @throws IllegalArgumentException when it is blank
   */
  public SimulatedModelBuilder response(String text) {
    this.response = Check.notBlank(text, "response");
    return this;
  }

  /**
   * Builds the model.
   *
   * @return the model
   */
  public SimulatedModel build() {
    return new SimulatedModel(new SimulatedModelBuilder(this));
  }

  private static String hex(String text, String argument) {
    if (!Check.notBlank(text, argument).matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(argument + " must be 64 hexadecimal digits: " + text);
    }
    return text;
  }
}
