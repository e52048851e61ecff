/** Residency, eviction and loads for the local model servers beside Ollama. */
module dev.twoqueue.servers {
  requires transitive dev.twoqueue.core;
  requires transitive okhttp3;
  requires dev.twoqueue.ollama;
  requires kotlin.stdlib;
  requires com.fasterxml.jackson.databind;
  requires org.slf4j;
  requires static org.jspecify;

  exports dev.twoqueue.servers;
}
