package dev.twoqueue.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.FleetTask;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.MemoryForecast;
import dev.twoqueue.MemoryPart;
import dev.twoqueue.MemoryPressure;
import dev.twoqueue.Preview;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.ScheduledTask;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TaskState;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.Verdict;
import dev.twoqueue.WaitReason;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.gate.memory.MemoryState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * 2026-05-13, 10:58, a Mac with 96 GiB: two pulls, a 70B model in LM Studio, oracles, sub-agents,
 * and seven daemons at the top of the hour. What the scheduler says to each combination, on the
 * memory as macOS counts it.
 */
@Timeout(60)
class MorningOf20260513Test {
  private static final long GIB = 1L << 30;

  /** What macOS, the applications and the agents took that morning, and the kernel's part of it. */
  private static final long IN_USE = 14 * GIB;

  private static final long WIRED = 4 * GIB;

  private static final String LLAMA = "llama3.3:70b";
  private static final String QWEN = "qwen2.5:72b";

  private final CompletableFuture<String> endOfTheMorning = new CompletableFuture<>();
  private final List<ResidentModel> inOllama = new ArrayList<>();
  private long inLmStudio;

  private final TwoQueueScheduler scheduler =
      TwoQueueScheduler.builder()
          .gate(MemoryGate.of(HostMemory.of(this::theMac)))
          .residencyProbe(() -> Residency.of(List.copyOf(inOllama)))
          .evictor(model -> inOllama.remove(model))
          .workingSetPredictor((task, residency) -> need(task))
          .build();

  @AfterEach
  void theMorningEnds() {
    endOfTheMorning.complete("done");
    scheduler.close();
  }

  private MemoryState theMac() {
    long models = inLmStudio + inOllama.stream().mapToLong(ResidentModel::bytes).sum();
    return MemoryState.appleSilicon(96 * GIB, IN_USE + models, WIRED + models);
  }

  /** 70B at 4 bits, 32,768 tokens by default; a test of the decisions, not of the forecast. */
  private static WorkingSet need(LocalHeavyTask<?> task) {
    if (task.residencyKey().isEmpty()) {
      return WorkingSet.exactly("download buffers", GIB / 2);
    }
    ResidencyKey key = task.residencyKey().get();
    long context = Long.parseLong(key.runnerOptions().getOrDefault("num_ctx", "32768"));
    return loaded(context, 2);
  }

  private static WorkingSet.Known loaded(long context, long bytesAnElement) {
    long cache = context * 80 * 8 * 2 * 128 * bytesAnElement;
    long high = 41 * GIB + cache;
    List<WorkingSet.Alternative> smaller =
        context <= 8192
            ? List.of()
            : List.of(
                new WorkingSet.Alternative(
                    "num_ctx 8192 instead of " + context,
                    loaded(8192, bytesAnElement).likelyBytes(),
                    loaded(8192, bytesAnElement).highBytes()));
    return new WorkingSet.Known(
        List.of(new MemoryPart("weights", 40 * GIB), new MemoryPart("KV cache", cache)),
        40 * GIB,
        high,
        List.of("num_ctx " + context),
        smaller);
  }

  private LocalHeavyTask<String> pull(String model) {
    return LocalHeavyTask.<String>asyncBuilder(
            LocalKind.PULL, "pull " + model, task -> endOfTheMorning)
        .build();
  }

  private LocalHeavyTask<String> oracle(String model) {
    return oracle(model, 32_768);
  }

  private LocalHeavyTask<String> oracle(String model, int context) {
    return LocalHeavyTask.<String>asyncBuilder(
            LocalKind.ORACLE, "ask " + model, task -> endOfTheMorning)
        .model(model)
        .runnerOption("num_ctx", context)
        .build();
  }

  private FleetTask<String> remote(String name) {
    return FleetTask.async(name, task -> endOfTheMorning);
  }

  private Preview wouldItStart(ScheduledTask<?> task) {
    return scheduler.preview(task).join();
  }

  private TaskHandle<String> runs(LocalHeavyTask<String> task) {
    return running(scheduler.submit(task));
  }

  private TaskHandle<String> runs(FleetTask<String> task) {
    return running(scheduler.submit(task));
  }

  private static TaskHandle<String> running(TaskHandle<String> handle) {
    while (handle.state() != TaskState.RUNNING) {
      assertTrue(handle.outcome().isEmpty(), () -> handle + " ended");
      LockSupport.parkNanos(100_000);
    }
    return handle;
  }

  private static String reason(Preview preview) {
    return assertInstanceOf(Verdict.Hold.class, preview.verdict()).reason();
  }

  private static WaitReason.Cause waitsFor(Preview preview) {
    return preview.waitsFor().orElseThrow().cause();
  }

  @Test
  void on_the_quiet_machine_the_70b_load_starts_with_headroom() {
    Preview preview = wouldItStart(oracle(LLAMA));

    assertTrue(preview.wouldStartNow(), preview::toString);
    MemoryForecast forecast = preview.forecast().orElseThrow();
    // 72 of Metal's working set, 4 wired, 1.9 margins; 51 for the model.
    assertEquals("15.10 GiB", MemoryForecast.gib(forecast.headroomBytes()));
  }

  @Test
  void beside_the_70b_in_lm_studio_a_second_one_waits_for_it() {
    inLmStudio = 45 * GIB;
    Preview preview = wouldItStart(oracle(LLAMA));

    assertFalse(preview.wouldStartNow());
    assertTrue(
        reason(preview).endsWith("would fit once other programs give 29.90 GiB back"),
        preview::toString);
    assertTrue(preview.forecast().orElseThrow().fitsAlone(), "so it is held, not refused");
  }

  @Test
  void a_pull_beside_lm_studio_needs_little_and_may_start() {
    inLmStudio = 45 * GIB;
    assertTrue(wouldItStart(pull("qwen3:30b-a3b")).wouldStartNow());
  }

  @Test
  void the_second_pull_waits_for_the_first() {
    runs(pull("qwen3:30b-a3b"));
    assertEquals(WaitReason.Cause.SLOT_TAKEN, waitsFor(wouldItStart(pull("gpt-oss:20b"))));
  }

  @Test
  void an_oracle_waits_for_the_pull_though_memory_would_be_there() {
    runs(pull("qwen3:30b-a3b"));
    Preview preview = wouldItStart(oracle(LLAMA));

    assertTrue(preview.forecast().orElseThrow().fits());
    assertEquals(WaitReason.Cause.SLOT_TAKEN, waitsFor(preview));
    assertTrue(
        preview.warnings().contains("started by hand now, it would be the second local-heavy task"),
        preview::toString);
  }

  @Test
  void two_oracles_on_one_model_come_after_each_other() {
    runs(oracle(LLAMA));
    assertEquals(WaitReason.Cause.SLOT_TAKEN, waitsFor(wouldItStart(oracle(LLAMA))));
  }

  @Test
  void two_oracles_on_two_models_would_be_too_much_together_and_fit_after_the_eviction() {
    inOllama.add(
        new ResidentModel(
            LLAMA,
            Map.of("num_ctx", "32768"),
            50 * GIB,
            ResidentModel.Role.WORKER,
            Optional.empty()));
    Preview preview = wouldItStart(oracle(QWEN));

    assertTrue(preview.wouldStartNow(), preview::toString);
    MemoryForecast forecast = preview.forecast().orElseThrow();
    assertEquals(
        List.of(new MemoryPart(LLAMA, 50 * GIB)),
        forecast.budget().givenBack(),
        "what the eviction gives back is a line of the budget");
    assertTrue(forecast.budget().freeBytes() < forecast.need().highBytes());
  }

  @Test
  void an_oracle_waits_for_the_two_sub_agents() {
    runs(remote("sub-agent 1"));
    runs(remote("sub-agent 2"));
    Preview preview = wouldItStart(oracle(LLAMA));

    assertEquals(WaitReason.Cause.OTHER_CLASS, waitsFor(preview));
    assertTrue(
        preview.warnings().get(0).contains("2 fleet tasks occupy"), preview.warnings()::toString);
  }

  @Test
  void of_the_seven_daemons_at_eleven_five_run_and_two_wait() {
    List<TaskHandle<String>> daemons = new ArrayList<>();
    for (int i = 1; i <= 7; i++) {
      daemons.add(scheduler.submit(remote("daemon " + i)));
    }
    daemons.subList(0, 5).forEach(MorningOf20260513Test::running);
    assertEquals(2, scheduler.snapshot().fleet().queued());
    assertEquals(WaitReason.Cause.SLOT_TAKEN, daemons.get(6).waitsFor().orElseThrow().cause());
  }

  @Test
  void the_daemons_wait_for_the_oracle() {
    runs(oracle(LLAMA));
    assertEquals(WaitReason.Cause.OTHER_CLASS, waitsFor(wouldItStart(remote("daemon 1"))));
  }

  @Test
  void the_whole_repository_as_context_is_refused_and_the_answer_says_what_would_fit() {
    Preview preview = wouldItStart(oracle(LLAMA, 131_072));

    Verdict.Refuse refused = assertInstanceOf(Verdict.Refuse.class, preview.verdict());
    assertTrue(
        refused.reason().startsWith("can never fit: 81.00 GiB needed, 72.00 GiB in total"),
        refused::reason);
    assertTrue(
        refused.reason().contains("would fit with num_ctx 8192 instead of 131072: 43.50 GiB"),
        refused::reason);
    String text = preview.forecast().orElseThrow().describe();
    assertTrue(text.contains("Metal's working set"), text);
  }

  @Test
  void while_the_system_says_that_memory_is_short_nothing_big_starts() {
    Preview preview;
    try (TwoQueueScheduler pressed =
        TwoQueueScheduler.builder()
            .gate(
                MemoryGate.of(
                    () ->
                        HostMemory.of(this::theMac).budget().withPressure(MemoryPressure.WARNING)))
            .workingSetPredictor((task, residency) -> need(task))
            .build()) {
      preview = pressed.preview(oracle(LLAMA)).join();
      assertTrue(pressed.preview(pull("gpt-oss:20b")).join().wouldStartNow());
    }
    assertTrue(reason(preview).contains("memory is short"), preview::toString);
  }
}
