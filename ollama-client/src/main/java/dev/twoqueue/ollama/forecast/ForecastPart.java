package dev.twoqueue.ollama.forecast;

/**
 * One part of a forecast: the least, the likely and the most that it takes, in bytes.
 *
 * @param kind what it is for
 * @param low the least
 * @param likely what to show
 * @param high the most; decides whether a load fits
 * @param reason why low and high differ from the likely figure, for people
 */
public record ForecastPart(Kind kind, long low, long likely, long high, String reason) {

  /** What a part is for. */
  public enum Kind {
    /** The model's tensors on the device that computes. */
    WEIGHTS("weights"),
    /** Tensors that stay in the host's memory when the others are on a device. */
    HOST_WEIGHTS("weights on the host"),
    /** Keys and values of the layers that see the whole context. */
    KV_CACHE("KV cache"),
    /** Keys and values of the layers that see a window. */
    WINDOW_CACHE("KV cache, sliding window"),
    /** The state of recurrent layers. */
    RECURRENT_STATE("recurrent state"),
    /** Scratch memory of the graph. */
    COMPUTE("compute buffers"),
    /** Where the host reads logits or embeddings. */
    OUTPUT("output buffer"),
    /** Projectors, adapters and drafts, as large as their files. */
    ADAPTERS("projector and adapters"),
    /** What the server keeps of earlier prompts. */
    SERVER_CACHES("server caches"),
    /** The process itself. */
    RUNTIME("runner process");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /**
     * The name that people see.
     *
     * @return for example {@code KV cache}
     */
    public String label() {
      return label;
    }
  }

  static ForecastPart exactly(Kind kind, long bytes, String reason) {
    return new ForecastPart(kind, bytes, bytes, bytes, reason);
  }
}
