/**
 * A client for Ollama's API, its residency probe, its working-set predictor and ready-made tasks.
 */
@SuppressWarnings("module") // the module that shares the HTTP calls is built after this one
module dev.twoqueue.ollama {
  requires transitive dev.twoqueue.core;
  requires transitive okhttp3;
  requires okio;
  requires kotlin.stdlib;
  requires com.fasterxml.jackson.databind;
  requires org.slf4j;
  requires static org.jspecify;

  exports dev.twoqueue.ollama;
  exports dev.twoqueue.ollama.calibration;
  exports dev.twoqueue.ollama.forecast;
  exports dev.twoqueue.ollama.internal.http to
      dev.twoqueue.servers;
}
