/**
 * A client for Ollama's API, its residency probe, its working-set predictor and ready-made tasks.
 */
module dev.twoqueue.ollama {
  requires transitive dev.twoqueue.core;
  requires transitive okhttp3;
  requires okio;
  requires kotlin.stdlib;
  requires com.fasterxml.jackson.databind;
  requires org.slf4j;
  requires static org.jspecify;

  exports dev.twoqueue.ollama;
}
