/** Gates that look at the host: load, disk, conflicting processes, memory. */
module dev.twoqueue.gate {
  requires transitive dev.twoqueue.core;
  requires static org.jspecify;
  requires com.github.oshi;
  requires com.github.oshi.common;
  requires org.slf4j;

  exports dev.twoqueue.gate;
  exports dev.twoqueue.gate.memory;
  exports dev.twoqueue.gate.classify;
  exports dev.twoqueue.gate.process;
}
