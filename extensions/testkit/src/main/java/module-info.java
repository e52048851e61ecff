/** For tests of hosts: an independent witness of the rule, virtual time and a simulated Ollama. */
module dev.twoqueue.testkit {
  requires transitive dev.twoqueue.core;
  requires static org.jspecify;
  requires com.fasterxml.jackson.databind;
  requires org.slf4j;

  exports dev.twoqueue.testkit;
  exports dev.twoqueue.testkit.ollama;
}
