package dev.twoqueue.examples.host;

import dev.twoqueue.Gate;
import dev.twoqueue.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A real process, named as in the rules, is found, and let go when it ends. */
final class ConflictingProcess {
  private ConflictingProcess() {}

  static void show(Findings findings, Gate processes) throws Exception {
    Path folder = Files.createTempDirectory("two-queue-process");
    Path program = folder.resolve("oracle_dispatch");
    try {
      Files.writeString(program, "#!/bin/sh\nsleep 60; exit 0\n");
      if (!program.toFile().setExecutable(true)) {
        findings.notShown("a process is found", "no program can be made in " + folder);
        return;
      }
      String pid;
      try (ForeignProcess oracle =
          ForeignProcess.start(program.toString(), "--api-key", "hunter2")) {
        pid = "pid " + oracle.pid() + ",";
        Looking.Seen found =
            Looking.until(processes, verdict -> names(verdict, pid), Duration.ofSeconds(15));
        findings.check(
            names(found.verdict(), pid) && !found.text().contains("hunter2"),
            "a process named as in the rules is found",
            found.text());
        findings.within(Duration.ofSeconds(3), found.after(), "it is found");
      }
      Looking.Seen let =
          Looking.until(processes, verdict -> !names(verdict, pid), Duration.ofSeconds(15));
      findings.check(!names(let.verdict(), pid), "it is let go when it ends", let.text());
      findings.within(Duration.ofSeconds(3), let.after(), "it is let go");
    } finally {
      Files.deleteIfExists(program);
      Files.delete(folder);
    }
  }

  private static boolean names(Verdict verdict, String pid) {
    return verdict instanceof Verdict.Hold hold && hold.reason().contains(pid);
  }
}
