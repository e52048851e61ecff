package dev.twoqueue.ollama.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.MemoryPart;
import dev.twoqueue.Outcome;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.SchedulerEvent;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.WorkingSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Loads are measured as the scheduler runs them, and the next forecast knows. */
@NullUnmarked // nulls are passed on purpose, and fields set by JUnit
@Timeout(60)
class CalibratedPredictorTest {
  private static final WorkingSet.Known FORMULA =
      new WorkingSet.Known(
          List.of(new MemoryPart("weights", 4000), new MemoryPart("KV cache", 1000)),
          4000,
          5400,
          List.of());

  @TempDir Path folder;

  private final List<ResidentModel> resident = new ArrayList<>();
  private long available = 50_000;
  private OptionalLong runners = OptionalLong.of(0);
  private boolean serverAnswers = true;

  private final LoadMeter meter =
      new LoadMeter() {
        @Override
        public OptionalLong serverBytes(ResidencyKey key) throws IOException {
          if (!serverAnswers) {
            throw new IOException("no answer");
          }
          return resident.stream()
              .filter(key::mayBeServedBy)
              .mapToLong(ResidentModel::bytes)
              .findFirst();
        }

        @Override
        public OptionalLong availableBytes() {
          return OptionalLong.of(available);
        }

        @Override
        public OptionalLong residentSetBytes() {
          return runners;
        }
      };

  private final CalibratedPredictor predictor =
      CalibratedPredictor.of((task, residency) -> FORMULA, meter);

  private LocalHeavyTask<String> load(long really, String ends) {
    return LocalHeavyTask.builder(
            LocalKind.LOAD,
            "load",
            task -> {
              resident.add(ResidentModel.worker("a", really));
              available -= really;
              runners = OptionalLong.of(runners.getAsLong() + really);
              if (ends.equals("badly")) {
                throw new IllegalStateException("the load failed");
              }
              return "loaded";
            })
        .model("a")
        .build();
  }

  private void run(CalibratedPredictor with, LocalHeavyTask<String> task) {
    try (TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder()
            .residencyProbe(() -> Residency.of(List.copyOf(resident)))
            .evictor(model -> {})
            .workingSetPredictor(with)
            .listener(with)
            .executor(Runnable::run)
            .callbackExecutor(Runnable::run)
            .build()) {
      scheduler.submit(task);
    }
    resident.clear();
  }

  private static WorkingSet.Known forecast(CalibratedPredictor by) throws Exception {
    LocalHeavyTask<String> next =
        LocalHeavyTask.builder(LocalKind.LOAD, "next", task -> "").model("a").build();
    return (WorkingSet.Known) by.predict(next, Residency.of(List.of()));
  }

  @Test
  void what_a_load_took_raises_the_next_forecast() throws Exception {
    run(predictor, load(6000, "well"));
    assertEquals(6120, forecast(predictor).highBytes());
  }

  @Test
  void it_is_kept_in_a_file_of_the_host_s() throws Exception {
    Path file = folder.resolve("calibration");
    run(CalibratedPredictor.keptIn(file, (task, residency) -> FORMULA, meter), load(6000, "well"));
    assertEquals(true, Files.exists(file));
    CalibratedPredictor anew =
        CalibratedPredictor.keptIn(file, (task, residency) -> FORMULA, meter);
    assertEquals(6120, forecast(anew).highBytes());
  }

  @Test
  void a_task_that_ended_badly_teaches_nothing() throws Exception {
    run(predictor, load(6000, "badly"));
    assertEquals(FORMULA, forecast(predictor));
  }

  @Test
  void a_server_that_does_not_answer_teaches_nothing() throws Exception {
    serverAnswers = false;
    run(predictor, load(6000, "well"));
    assertEquals(FORMULA, forecast(predictor));
  }

  @Test
  void what_the_machine_has_less_counts_where_the_others_tell_nothing() throws Exception {
    runners = OptionalLong.empty();
    run(
        predictor,
        LocalHeavyTask.builder(
                LocalKind.LOAD,
                "load",
                task -> {
                  resident.add(ResidentModel.worker("a", 1)); // not to be believed
                  available -= 6000;
                  return "loaded";
                })
            .model("a")
            .build());
    assertEquals(6120, forecast(predictor).highBytes());
  }

  @Test
  void a_task_that_found_its_model_resident_after_all_teaches_nothing() throws Exception {
    LocalHeavyTask<String> task =
        LocalHeavyTask.builder(LocalKind.LOAD, "load", context -> "").model("a").build();
    predictor.predict(task, Residency.of(List.of()));
    resident.add(ResidentModel.worker("a", 6000));
    run(predictor, task);
    assertEquals(FORMULA, forecast(predictor));
  }

  @Test
  void only_so_many_tasks_that_have_not_ended_are_remembered() throws Exception {
    LocalHeavyTask<String> first = load(6000, "well");
    predictor.predict(first, Residency.of(List.of()));
    for (int i = 0; i < 64; i++) {
      predictor.predict(load(6000, "well"), Residency.of(List.of()));
    }
    resident.add(ResidentModel.worker("a", 6000));
    predictor.onEvent(
        new SchedulerEvent.Ended(Instant.EPOCH, 1, first, new Outcome.Succeeded<>("loaded")));
    assertEquals(FORMULA, forecast(predictor));
  }

  @Test
  void only_loads_are_corrected() throws Exception {
    run(predictor, load(6000, "well"));
    LocalHeavyTask<String> task =
        LocalHeavyTask.builder(LocalKind.ORACLE, "ask", context -> "").model("a").build();
    assertEquals(
        FORMULA,
        predictor.predict(task, Residency.of(List.of(ResidentModel.worker("a", 6000)))),
        "it is resident");
    assertEquals(FORMULA, predictor.predict(task, Residency.unknown("no answer")));
    assertEquals(
        FORMULA,
        predictor.predict(
            LocalHeavyTask.of(LocalKind.TEST_SWEEP, "sweep", context -> ""),
            Residency.of(List.of())));
    WorkingSet unknown = WorkingSet.unknown("who knows");
    assertEquals(
        unknown,
        CalibratedPredictor.of((any, residency) -> unknown, meter)
            .predict(task, Residency.of(List.of())));
  }

  @Test
  void another_setting_is_another_load() throws Exception {
    run(predictor, load(6000, "well"));
    LocalHeavyTask<String> longer =
        LocalHeavyTask.builder(LocalKind.LOAD, "next", task -> "")
            .model("a")
            .runnerOption("num_ctx", 8192)
            .build();
    assertEquals(FORMULA, predictor.predict(longer, Residency.of(List.of())));
  }

  @Test
  void the_runners_of_this_machine_are_told_by_their_names() throws IOException {
    process(
        10, "llama-server", "llama-server\0--model\0x", "VmPeak:\t 9 kB\nVmRSS:\t    1000 kB\n");
    process(11, "ollama", "/usr/bin/ollama\0runner\0--model\0x", "Name:\tollama\nVmRSS:\t24 kB\n");
    process(12, "ollama", "/usr/bin/ollama\0serve\0", "Name:\tollama\nVmRSS:\t7000 kB\n");
    process(13, "java", "java\0llama-server\0runner\0", "Name:\tjava\nVmRSS:\t7000 kB\n");
    Files.createDirectories(folder.resolve("14")); // has ended meanwhile

    assertEquals(OptionalLong.of(1024L << 10), new RunnerProcesses(folder).residentSetBytes());
    assertEquals(
        OptionalLong.empty(), new RunnerProcesses(folder.resolve("none")).residentSetBytes());
  }

  private void process(int pid, String name, String commandLine, String status) throws IOException {
    Path entry = Files.createDirectories(folder.resolve("" + pid));
    Files.writeString(entry.resolve("comm"), name + "\n");
    Files.writeString(entry.resolve("cmdline"), commandLine);
    Files.writeString(entry.resolve("status"), status);
  }

  @Test
  void a_probe_s_account_is_the_model_s_own() throws Exception {
    LoadMeter byProbe = LoadMeter.of(() -> Residency.of(List.copyOf(resident)), () -> 7L);
    assertEquals(OptionalLong.empty(), byProbe.serverBytes(ResidencyKey.of("a")));
    resident.add(ResidentModel.worker("a", 6000));
    resident.add(ResidentModel.alwaysResident("b", 500));
    assertEquals(OptionalLong.of(6000), byProbe.serverBytes(ResidencyKey.of("a")));
    assertEquals(OptionalLong.of(7), byProbe.availableBytes());
    assertEquals(
        OptionalLong.empty(),
        LoadMeter.of(() -> Residency.unknown("down"), () -> 7L).serverBytes(ResidencyKey.of("a")));
  }

  @Test
  void wrong_arguments_are_named() {
    assertThrows(NullPointerException.class, () -> CalibratedPredictor.of(null, meter));
    assertThrows(
        NullPointerException.class, () -> CalibratedPredictor.of((task, seen) -> FORMULA, null));
    assertThrows(
        NullPointerException.class,
        () -> CalibratedPredictor.keptIn(null, (task, seen) -> FORMULA, meter));
    assertThrows(NullPointerException.class, () -> LoadMeter.of(null, () -> 1L));
    assertThrows(NullPointerException.class, () -> predictor.observed(null, FORMULA, null));
  }
}
