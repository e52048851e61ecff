package dev.twoqueue.ollama.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.Residency;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.ollama.ModelOptions;
import dev.twoqueue.ollama.OllamaClient;
import dev.twoqueue.ollama.OllamaTasks;
import dev.twoqueue.ollama.RunningModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Loads on a real server that runs on this machine, measured and learnt from. Skipped unless the
 * environment variable {@code TWOQUEUE_OLLAMA_URL} names one, and {@code TWOQUEUE_OLLAMA_MODELS}
 * some of its models, comma-separated. It evicts what is resident.
 */
@NullUnmarked // fields are set by JUnit
@Timeout(600)
class RealCalibrationTest {
  private static final int[] CONTEXTS = {2048, 8192};

  @TempDir Path folder;

  @Test
  void loads_are_measured_and_the_next_high_figure_covers_what_they_took() throws Exception {
    String url = System.getenv("TWOQUEUE_OLLAMA_URL");
    String models = System.getenv("TWOQUEUE_OLLAMA_MODELS");
    Assumptions.assumeTrue(url != null && models != null, "skipped: no server is named");
    Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/meminfo")), "skipped: no Linux");
    try (OllamaClient client = OllamaClient.connect(url)) {
      for (String model : models.split(",", -1)) {
        for (int context : CONTEXTS) {
          load(client, model.strip(), context);
        }
      }
    }
  }

  private void load(OllamaClient client, String model, int context) throws Exception {
    for (RunningModel running : client.ps()) {
      client.evictor().evict(ResidentModel.worker(running.name(), 0));
    }
    Path file = folder.resolve(model.replace(':', '-') + context);
    LoadMeter meter = LoadMeter.of(client.residencyProbe(), RealCalibrationTest::available);
    CalibratedPredictor predictor =
        CalibratedPredictor.keptIn(file, client.workingSetPredictor(), meter);
    var task = OllamaTasks.load(client, model, ModelOptions.context(context));
    long before = meter.residentSetBytes().orElseThrow();
    WorkingSet.Known formula = forecast(predictor, task);
    try (TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder()
            .residencyProbe(client.residencyProbe())
            .workingSetPredictor(predictor)
            .listener(predictor)
            .build()) {
      scheduler.submit(task).join();
      long deadline = System.nanoTime() + 60_000_000_000L;
      while (!Files.exists(file)) {
        assertTrue(System.nanoTime() < deadline, model + ": nothing was learnt");
        LockSupport.parkNanos(1_000_000);
      }
    }
    long grown = meter.residentSetBytes().orElseThrow() - before;
    long shown = meter.serverBytes(task.residencyKey().orElseThrow()).orElseThrow();
    WorkingSet.Known corrected = forecast(predictor, task);
    System.out.printf(
        "%s, context %d: likely %d, high %d -> %d MiB; server %d, resident set %d MiB; %s%n",
        model,
        context,
        formula.likelyBytes() >> 20,
        formula.highBytes() >> 20,
        corrected.highBytes() >> 20,
        shown >> 20,
        grown >> 20,
        Files.readString(file).lines().skip(1).toList());
    assertEquals(1, new CorrectionFile(file).read().size());
    assertTrue(corrected.highBytes() >= formula.highBytes());
  }

  private static WorkingSet.Known forecast(CalibratedPredictor predictor, LocalHeavyTask<?> task)
      throws Exception {
    return (WorkingSet.Known) predictor.predict(task, Residency.of(List.of()));
  }

  private static long available() throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
      if (line.startsWith("MemAvailable:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
      }
    }
    throw new IllegalStateException("no MemAvailable");
  }
}
