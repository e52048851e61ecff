package dev.twoqueue.examples;

import dev.twoqueue.ResidentModel;
import dev.twoqueue.TaskClass;
import dev.twoqueue.TaskHandle;
import dev.twoqueue.TwoQueueScheduler;
import dev.twoqueue.ollama.GenerateRequest;
import dev.twoqueue.ollama.ModelOptions;
import dev.twoqueue.ollama.OllamaAnswer;
import dev.twoqueue.ollama.OllamaClient;
import dev.twoqueue.ollama.OllamaTasks;
import dev.twoqueue.ollama.RunningModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What drain by model saves on a real server with one slot ({@code OLLAMA_MAX_LOADED_MODELS=1}): 12
 * jobs for three models by direct calls as they come, by the same calls grouped by hand, and by the
 * scheduler that is given them as they come.
 *
 * <p>Arguments: the server's address, then optionally the models, separated by commas, and how
 * often to measure, of which the median counts. Ends with status 1 unless the scheduler pays one
 * swap a model and takes at most 10 % longer than what was grouped by hand.
 */
public final class SwapStudy {
  private static final int JOBS_A_MODEL = 4;
  private static final double MOST_OVER_GROUPED = 1.10;
  private static final ModelOptions OPTIONS =
      ModelOptions.context(1024).with("num_predict", 2).with("temperature", 0);

  private final OllamaClient client;
  private final List<String> models;

  SwapStudy(OllamaClient client, List<String> models) {
    this.client = client;
    this.models = models;
  }

  /**
   * Measures and prints.
   *
   * @param args as described above
   * @throws Exception when the server cannot be used
   */
  public static void main(String[] args) throws Exception {
    if (args.length == 0 || args.length > 3) {
      System.err.println("arguments: ADDRESS [MODEL,MODEL,MODEL] [TIMES]");
      System.exit(2);
    }
    List<String> models =
        List.of((args.length > 1 ? args[1] : "smollm2:135m,gemma3:270m,tiny-a").split(","));
    int times = args.length > 2 ? Integer.parseInt(args[2]) : 1;
    Result result;
    try (OllamaClient client = OllamaClient.connect(args[0])) {
      result = new SwapStudy(client, models).measure(times);
      client.swapCosts().forEach((model, cost) -> System.out.println(model + ": " + cost));
    }
    System.out.println(result);
    System.exit(result.holds() ? 0 : 1);
  }

  /**
   * What was measured.
   *
   * @param coming as the jobs come, in nanoseconds; the others likewise
   * @param grouped by hand
   * @param scheduled by the scheduler
   * @param swaps the most that the scheduler paid
   * @param models how many there were
   */
  record Result(long coming, long grouped, long scheduled, long swaps, int models) {
    double ratio() {
      return (double) scheduled / grouped;
    }

    boolean holds() {
      return swaps == models && ratio() <= MOST_OVER_GROUPED;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%.2f s as they come, %.2f s grouped by hand, %.2f s by the scheduler (%.2f of grouped),"
              + " %d swaps for %d models: the claim %s",
          coming / 1e9,
          grouped / 1e9,
          scheduled / 1e9,
          ratio(),
          swaps,
          models,
          holds() ? "holds" : "does not hold");
    }
  }

  Result measure(int times) throws Exception {
    List<String> asTheyCome = new ArrayList<>();
    for (int i = 0; i < JOBS_A_MODEL; i++) {
      asTheyCome.addAll(models);
    }
    List<String> byHand = new ArrayList<>(asTheyCome);
    byHand.sort(Comparator.comparing(models::indexOf));
    // So that files are in the page cache and this program's code is loaded.
    direct(models);
    scheduled(models);
    long[] coming = new long[times];
    long[] grouped = new long[times];
    long[] scheduled = new long[times];
    long swaps = 0;
    for (int i = 0; i < times; i++) {
      coming[i] = direct(asTheyCome);
      grouped[i] = direct(byHand);
      empty();
      long begin = System.nanoTime();
      swaps = Math.max(swaps, scheduled(asTheyCome));
      scheduled[i] = System.nanoTime() - begin;
    }
    return new Result(median(coming), median(grouped), median(scheduled), swaps, models.size());
  }

  private static long median(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static GenerateRequest request(String model) {
    return GenerateRequest.of(model, "hello there").withOptions(OPTIONS);
  }

  private long direct(List<String> jobs) throws Exception {
    empty();
    long begin = System.nanoTime();
    jobs.forEach(model -> client.generate(request(model), piece -> {}));
    return System.nanoTime() - begin;
  }

  private long scheduled(List<String> jobs) {
    try (TwoQueueScheduler scheduler =
        TwoQueueScheduler.builder()
            .residencyProbe(client.residencyProbe())
            .workingSetPredictor(client.workingSetPredictor())
            .build()) {
      scheduler.pause(TaskClass.LOCAL_HEAVY); // all are there before the first is chosen
      List<TaskHandle<OllamaAnswer>> handles =
          jobs.stream()
              .map(model -> scheduler.submit(OllamaTasks.generate(client, request(model))))
              .toList();
      scheduler.resume(TaskClass.LOCAL_HEAVY);
      handles.forEach(TaskHandle::join);
      return scheduler.snapshot().swaps();
    }
  }

  private void empty() throws Exception {
    for (RunningModel model : client.ps()) {
      client.evictor().evict(ResidentModel.worker(model.name(), 0)); // waits until it is gone
    }
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!client.ps().isEmpty()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("something stays resident: " + client.ps());
      }
      Thread.onSpinWait();
    }
  }
}
