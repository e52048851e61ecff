/** A host of Two-Queue. */
module com.example.host {
  requires dev.twoqueue.core;
  requires dev.twoqueue.gate;
  requires dev.twoqueue.ollama;
  requires dev.twoqueue.servers;
  requires dev.twoqueue.testkit;
}
