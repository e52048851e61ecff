package dev.twoqueue.ollama.forecast;

/** A model's metadata does not tell what its memory depends on. */
public final class MetadataException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String key;
  private final boolean leftOut;

  MetadataException(String key, String what, boolean leftOut) {
    super("metadata key '" + key + "' " + what);
    this.key = key;
    this.leftOut = leftOut;
  }

  /**
   * The key that is missing or wrong.
   *
   * @return for example {@code llama.block_count}
   */
  public String key() {
    return key;
  }

  /**
   * Whether a verbose answer would have it.
   *
   * @return true when the server left it out
   */
  public boolean leftOut() {
    return leftOut;
  }
}
