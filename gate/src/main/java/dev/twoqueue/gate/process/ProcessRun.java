package dev.twoqueue.gate.process;

import dev.twoqueue.ProcessBody;
import dev.twoqueue.TaskBody;
import dev.twoqueue.TaskContext;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Runs the process, and tells how it ended. */
record ProcessRun(
    String name,
    ProcessBody process,
    Optional<Consumer<String>> reader,
    int linesKept,
    Set<Integer> successCodes)
    implements TaskBody<ProcessExit> {

  @Override
  public ProcessExit run(TaskContext task) throws Exception {
    LastLines last = new LastLines(linesKept);
    Optional<LineRelay> relay = reader.map(each -> new LineRelay(name, each));
    long lost = 0;
    int code;
    try {
      code =
          process
              .onLine(
                  line -> {
                    last.add(line);
                    relay.ifPresent(each -> each.offer(line));
                  })
              .run(task);
    } finally {
      lost = relay.map(LineRelay::close).orElse(0L);
    }
    if (!successCodes.contains(code)) {
      throw new ProcessExitException(name, code, last.list());
    }
    return new ProcessExit(code, last.list(), lost);
  }
}
