package dev.twoqueue.testkit.ollama;

/** Error texts that differ between the versions. */
final class OllamaTexts {
  private OllamaTexts() {}

  static String killedWhileLoading(OllamaVersion version) {
    return version == OllamaVersion.V0_24
        ? "model failed to load, this may be due to resource limitations or an internal error,"
            + " check ollama server logs for details"
        : "llama-server process has terminated: signal: killed";
  }

  static String killedWhileAnswering(OllamaVersion version) {
    return version == OllamaVersion.V0_24
        ? "model runner has unexpectedly stopped, this may be due to resource limitations or an"
            + " internal error, check ollama server logs for details"
        : "llama-server process has terminated: signal: killed";
  }
}
