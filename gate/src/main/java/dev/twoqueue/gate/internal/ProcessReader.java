package dev.twoqueue.gate.internal;

import dev.twoqueue.gate.HostProcess;
import java.io.IOException;
import java.util.List;

/** One way to list the processes of a host. */
interface ProcessReader {
  /** Lists them, this one included; one that ends meanwhile is left out. */
  List<HostProcess> read() throws IOException;
}
