/** Programs that run, one idea each. */
module dev.twoqueue.examples {
  requires com.fasterxml.jackson.databind;
  requires dev.twoqueue.core;
  requires dev.twoqueue.gate;
  requires dev.twoqueue.ollama;
  requires dev.twoqueue.testkit;
  requires java.desktop;
  requires java.net.http;
  requires jdk.httpserver;
  requires static org.jspecify;
  requires xchart;

  exports dev.twoqueue.examples;
}
