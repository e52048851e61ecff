package dev.twoqueue.benchmarks;

import dev.twoqueue.GateRequest;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.MemoryPart;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.Verdict;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.gate.MemoryGate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * A look of the memory gate on this machine, from reading its figures to the verdict, with a
 * forecast and two resident models at hand.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MemoryLook {
  private static final long MIB = 1L << 20;

  /** What the task needs: next to nothing, which proceeds, or more than any machine has. */
  @Param({"1", "1000000000"})
  public long mebibytes = 1;

  private final MemoryGate gate = MemoryGate.standard();
  private final LocalHeavyTask<Boolean> task =
      LocalHeavyTask.builder(LocalKind.ORACLE, "ask", context -> true)
          .model("llama3.3:70b")
          .build();
  private final Residency residency =
      Residency.of(
          List.of(
              ResidentModel.alwaysResident("nomic-embed-text:latest", MIB),
              ResidentModel.worker("qwen3:8b", MIB)));

  /** One look. */
  @Benchmark
  public Verdict look() throws Exception {
    return gate.look(
        new GateRequest(
            task, GateRequest.Stage.EARLY, residency, Optional.of(need(mebibytes * MIB)), MIB));
  }

  private static WorkingSet need(long bytes) {
    return new WorkingSet.Known(
        List.of(
            new MemoryPart("weights", bytes / 2),
            new MemoryPart("KV cache", bytes / 4),
            new MemoryPart("compute buffers", bytes / 8),
            new MemoryPart("runner process", bytes / 16)),
        bytes / 2,
        bytes,
        List.of("num_ctx 4096 is the server's default"),
        List.of(
            new WorkingSet.Alternative("num_ctx 2048 instead of 4096", bytes / 2, bytes / 2),
            new WorkingSet.Alternative("q8_0 KV cache", bytes / 3, bytes / 3)));
  }
}
