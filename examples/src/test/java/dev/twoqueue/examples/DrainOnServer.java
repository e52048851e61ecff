package dev.twoqueue.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.TaskBody;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.ollama.GenerateRequest;
import dev.twoqueue.ollama.ModelOptions;
import dev.twoqueue.ollama.OllamaAnswer;
import dev.twoqueue.ollama.OllamaClient;
import dev.twoqueue.ollama.OllamaTasks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Drain by model (I5) on a server with one slot, whichever it is. */
@Timeout(180)
abstract class DrainOnServer {
  /** A server with one slot and nothing loaded. */
  abstract OllamaClient client();

  /** Three models that are installed there. */
  abstract List<String> models();

  @Test
  void interleavedJobsForThreeModelsPayThreeSwaps() {
    List<String> jobs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      jobs.addAll(models());
    }
    Run run = run(jobs);
    assertEquals(3, run.swaps(), run.order()::toString);
    List<String> grouped = new ArrayList<>();
    models().forEach(model -> grouped.addAll(Collections.nCopies(4, model)));
    assertEquals(grouped, run.order());
  }

  @Test
  void whatIsResidentGoesFirst() {
    String a = models().get(0);
    String b = models().get(1);
    client().load(a, ModelOptions.context(1024), null);
    Run run = run(List.of(b, a, b, a));
    assertEquals(List.of(a, a, b, b), run.order());
    assertEquals(1, run.swaps());
  }

  private record Run(List<String> order, long swaps) {}

  private Run run(List<String> models) {
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    try (TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder()
            .residencyProbe(client().residencyProbe())
            .workingSetPredictor(client().workingSetPredictor())
            .build()) {
      // All are there before the first is chosen.
      scheduler.pause(TaskClass.LOCAL_HEAVY);
      List<TaskHandle<OllamaAnswer>> handles =
          models.stream().map(model -> scheduler.submit(job(model, order))).toList();
      scheduler.resume(TaskClass.LOCAL_HEAVY);
      handles.forEach(TaskHandle::join);
      return new Run(List.copyOf(order), scheduler.snapshot().swaps());
    }
  }

  private LocalHeavyTask<OllamaAnswer> job(String model, List<String> order) {
    LocalHeavyTask<OllamaAnswer> job =
        OllamaTasks.generate(
            client(),
            GenerateRequest.of(model, "hello there")
                .withOptions(
                    ModelOptions.context(1024).with("num_predict", 2).with("temperature", 0)));
    TaskBody<OllamaAnswer> body = job.body().orElseThrow();
    return job.withBody(
        task -> {
          order.add(model);
          return body.run(task);
        });
  }
}
