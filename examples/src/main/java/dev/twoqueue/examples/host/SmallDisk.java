package dev.twoqueue.examples.host;

import dev.twoqueue.GateRequest;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.TaskCancelledException;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.Verdict;
import dev.twoqueue.gate.DiskGate;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The verdicts of the disk on a real file system of 64 MB, in memory. */
final class SmallDisk {
  private static final long MB = 1_000_000;
  private static final long KEPT_FREE = 20 * MB;

  private final Findings findings;
  private final Path mount;
  private final DiskGate gate;

  private SmallDisk(Findings findings, Path mount) {
    this.findings = findings;
    this.mount = mount;
    this.gate = DiskGate.standard().withKeepFreeBytes(KEPT_FREE);
  }

  static void show(Findings findings) throws Exception {
    Path mount = Files.createTempDirectory("two-queue-disk");
    String refused = run("mount", "-t", "tmpfs", "-o", "size=64m", "two-queue", mount.toString());
    if (!refused.isEmpty()) {
      Files.delete(mount);
      findings.notShown("the disk's verdicts on a small file system", refused);
      return;
    }
    try {
      new SmallDisk(findings, mount).verdicts();
    } finally {
      run("umount", mount.toString());
      Files.delete(mount);
    }
  }

  private void verdicts() throws Exception {
    Path models = Files.createDirectory(mount.resolve("models"));
    expect("30 MB on 67 MB pass, 20 MB stay free", Verdict.Proceed.class, "", pull(models, 30));
    expect(
        "34 MB, twice of which do not fit, hold", Verdict.Hold.class, "needed", pull(models, 34));
    Path filler = mount.resolve("filler");
    write(filler, 30 * MB);
    expect("30 MB after others wrote 30 MB hold", Verdict.Hold.class, "needed", pull(models, 30));
    Files.delete(filler);
    watch(models, filler);
    Files.delete(filler);
    run("mount", "-o", "remount,ro", mount.toString());
    Thread.sleep(5100); // what does not change while it is mounted is read every 5 s
    expect("a read-only one holds", Verdict.Hold.class, "read-only", pull(models, 1));
    run("umount", mount.toString());
    expect("one that was taken away holds", Verdict.Hold.class, "vanished", pull(models, 1));
    run("mount", "-t", "tmpfs", "-o", "size=64m", "two-queue", mount.toString());
  }

  private static LocalHeavyTask<String> pull(Path models, long megabytes) {
    return LocalHeavyTask.builder(LocalKind.PULL, "a pull", task -> "")
        .writesTo(models)
        .bytesToWrite(megabytes * MB)
        .build();
  }

  private void expect(
      String claim, Class<? extends Verdict> wanted, String part, LocalHeavyTask<?> task)
      throws Exception {
    GateRequest request = Looking.request(task);
    Looking.Seen seen = new Looking.Seen(gate.look(request), Duration.ZERO);
    findings.check(
        wanted.isInstance(seen.verdict()) && seen.text().contains(part), claim, seen.text());
  }

  /** A pull that is under way when somebody else fills the disk. */
  private void watch(Path models, Path filler) throws Exception {
    Path part = models.resolve("partial");
    LocalHeavyTask<String> endless =
        LocalHeavyTask.builder(LocalKind.PULL, "a slow pull", task -> slowly(part))
            .writesTo(models)
            .bytesToWrite(10 * MB)
            .build();
    try (TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder().gate(gate).watch(gate.watch()).build()) {
      TaskHandle<String> pull = scheduler.submit(endless);
      while (!Files.exists(part)) {
        Thread.sleep(10);
      }
      long begin = System.nanoTime();
      write(filler, 58 * MB);
      String end;
      try {
        end = "it ended as if nothing had been: " + pull.join();
      } catch (TaskCancelledException e) {
        end = String.valueOf(e.getMessage());
      }
      findings.check(end.contains("the disk fills up"), "a disk that fills up stops the pull", end);
      findings.within(
          Duration.ofSeconds(3), Duration.ofNanos(System.nanoTime() - begin), "it stops");
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static String slowly(Path part) throws IOException, InterruptedException {
    try (OutputStream out = Files.newOutputStream(part)) {
      for (int i = 0; i < 600; i++) {
        out.write(new byte[1000]);
        out.flush();
        Thread.sleep(100);
      }
    }
    return "done";
  }

  private static void write(Path file, long bytes) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] block = new byte[1 << 16];
      for (long left = bytes; left > 0; left -= block.length) {
        out.write(block, 0, (int) Math.min(left, block.length));
      }
    }
  }

  /** What it complained of; empty when it did its work. */
  private static String run(String... command) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return List.of(command) + " cannot be run: " + e.getMessage();
    }
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    boolean ended = process.waitFor(10, TimeUnit.SECONDS);
    return ended && process.exitValue() == 0 ? "" : String.join(" ", command) + ": " + said;
  }
}
