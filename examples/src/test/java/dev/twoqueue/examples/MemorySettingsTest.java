package dev.twoqueue.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.MemoryForecast;
import dev.twoqueue.MemoryPart;
import dev.twoqueue.Preview;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.Verdict;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.gate.HostMemory;
import dev.twoqueue.gate.MemoryGate;
import dev.twoqueue.gate.MemoryTerm;
import dev.twoqueue.gate.MemoryWatch;
import dev.twoqueue.gate.memory.MemoryState;
import dev.twoqueue.ollama.ModelOptions;
import dev.twoqueue.ollama.OllamaClient;
import dev.twoqueue.ollama.OllamaTasks;
import dev.twoqueue.ollama.calibration.CalibratedPredictor;
import dev.twoqueue.ollama.calibration.LoadMeter;
import dev.twoqueue.testkit.ollama.SimulatedModel;
import dev.twoqueue.testkit.ollama.SimulatedOllama;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The settings that the docs' page on memory shows. */
@NullUnmarked // fields are set by JUnit
@Timeout(60)
class MemorySettingsTest {
  private static final long GIB = 1L << 30;

  @TempDir Path folder;

  @Test
  void whatWouldHappenOnAMacCanBeAskedOnAnyMachine() throws Exception {
    // snippet: other-machine
    HostMemory mac = HostMemory.of(() -> MemoryState.appleSilicon(96L << 30, 14L << 30, 4L << 30));
    WorkingSet.Known need = WorkingSet.exactly("llama3.3:70b", 60L << 30);
    System.out.println(new MemoryForecast(need, mac.budget()).describe());
    // end snippet
    assertTrue(new MemoryForecast(need, mac.budget()).fits());
    assertEquals(72 * GIB, mac.budget().totalBytes());
  }

  @Test
  void gateWatchAndCalibrationShareOneBudget() throws Exception {
    Path calibration = folder.resolve("calibration");
    try (SimulatedOllama server =
            SimulatedOllama.builder()
                .model(SimulatedModel.of("llama3.3:70b"))
                .memory(96 * GIB, 14 * GIB)
                .timeScale(0.001)
                .start();
        OllamaClient ollama = OllamaClient.connect(server.url())) {
      // snippet: memory-settings
      HostMemory memory =
          HostMemory.standard()
              .withOperatingSystem(new MemoryTerm("operating system", 0.05, 4L << 30))
              .withMargins(List.of(MemoryTerm.of("spikes", 2L << 30)))
              .withClaims(() -> List.of(new MemoryPart("the nightly build", 1L << 30)));
      CalibratedPredictor predictor =
          CalibratedPredictor.keptIn(
              calibration,
              ollama.workingSetPredictor(),
              LoadMeter.of(ollama.residencyProbe(), () -> memory.budget().freeBytes()));
      TwoQueueScheduler scheduler =
          TwoQueueScheduler.builder()
              .gate(MemoryGate.of(memory).with(MemoryGate.Rule.REFUSE_WITHOUT_FORECAST))
              .watch(MemoryWatch.of(memory).stoppingBelow(512L << 20))
              .residencyProbe(ollama.residencyProbe())
              .workingSetPredictor(predictor)
              .listener(predictor)
              .build();
      // end snippet
      try (scheduler) {
        Preview preview =
            scheduler
                .preview(OllamaTasks.load(ollama, "llama3.3:70b", ModelOptions.context(1 << 17)))
                .join();
        // This machine decides; wherever the model does not fit, the text says all of it.
        if (!(preview.verdict() instanceof Verdict.Proceed)) {
          String text = preview.forecast().orElseThrow().describe();
          assertTrue(text.contains("the nightly build") && text.contains("would fit"), text);
        }
      }
      try (TwoQueueScheduler onTheMac =
          TwoQueueScheduler.builder()
              .gate(MemoryGate.of(ModelMachine.memory(server.machine())))
              .residencyProbe(ollama.residencyProbe())
              .workingSetPredictor(predictor)
              .listener(predictor)
              .build()) {
        onTheMac.submit(OllamaTasks.load(ollama, "llama3.3:70b")).join();
      }
      while (!Files.exists(calibration)) {
        LockSupport.parkNanos(
            1_000_000); // events reach a listener after the end of the task that they tell of
      }
      assertInstanceOf(
          WorkingSet.Known.class,
          predictor.predict(
              OllamaTasks.load(ollama, "llama3.3:70b"), ollama.residencyProbe().observe()));
    }
  }
}
