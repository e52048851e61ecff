package dev.twoqueue.ollama.forecast;

/** A file is no GGUF file, is damaged, or exceeds a limit. */
public final class GgufException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String what;
  private final long offset;

  /**
   * An error.
   *
   * @param what the key, or the place in the header
   * @param offset where it stands in the file, in bytes
   * @param problem what is wrong with it
   */
  GgufException(String what, long offset, String problem) {
    super(what + " at byte " + offset + " " + problem);
    this.what = what;
    this.offset = offset;
  }

  /**
   * The key, or the place in the header.
   *
   * @return for example {@code llama.block_count}
   */
  public String what() {
    return what;
  }

  /**
   * Where it stands.
   *
   * @return bytes from the start of the file
   */
  public long offset() {
    return offset;
  }
}
