package dev.twoqueue.testkit.ollama;

/** Which of the recorded servers the simulated one behaves like. */
public enum OllamaVersion {
  /** Ollama 0.24, with its own runner: a model that still loads is already listed as resident. */
  V0_24("0.24.0"),
  /** Ollama 0.33, with llama-server as its runner: a model is listed once it has loaded. */
  V0_33("0.33.0");

  private final String text;

  OllamaVersion(String text) {
    this.text = text;
  }

  /**
   * What the server says of itself.
   *
   * @return for example {@code 0.33.0}
   */
  public String text() {
    return text;
  }
}
