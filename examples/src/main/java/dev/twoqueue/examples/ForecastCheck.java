package dev.twoqueue.examples;

import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.Residency;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.examples.forecast.RunnerMemory;
import dev.twoqueue.ollama.EmbedRequest;
import dev.twoqueue.ollama.GenerateRequest;
import dev.twoqueue.ollama.KeepAlive;
import dev.twoqueue.ollama.ModelName;
import dev.twoqueue.ollama.ModelOptions;
import dev.twoqueue.ollama.OllamaClient;
import dev.twoqueue.ollama.RunningModel;
import dev.twoqueue.ollama.ServerAssumptions;
import dev.twoqueue.ollama.forecast.LoadSettings.Placement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Loads models on a real Ollama of this machine with eight settings each, and holds the forecast
 * against what {@code /api/ps} says and what the runner's process takes after a short answer.
 *
 * <p>Arguments: the server's address, the models separated by commas, and perhaps the version to
 * assume where the server's own says nothing ({@code 0.0.0}). The server must compute on the host.
 * Ends with status 1 when a high figure was exceeded, or when nothing could be measured.
 */
public final class ForecastCheck {
  private static final double MIB = 1 << 20;
  private static final List<ModelOptions> SETTINGS =
      List.of(
          options(512, 512),
          options(2048, 512),
          options(2048, 128),
          options(4096, 512),
          options(4096, 256),
          options(8192, 512),
          options(8192, 1024),
          options(8192, 2048));

  private final OllamaClient client;
  private int measured;
  private int exceeded;

  private ForecastCheck(OllamaClient client) {
    this.client = client;
  }

  private static ModelOptions options(int context, int batch) {
    return ModelOptions.context(context).with("num_batch", batch);
  }

  /**
   * Measures and prints.
   *
   * @param args as described above
   * @throws Exception when the server cannot be used
   */
  public static void main(String[] args) throws Exception {
    if (args.length < 2 || args.length > 3) {
      System.err.println("arguments: ADDRESS MODEL,MODEL [VERSION]");
      System.exit(2);
    }
    ServerAssumptions server;
    try (OllamaClient client = OllamaClient.connect(args[0])) {
      server =
          ServerAssumptions.DEFAULTS.withVersion(args.length == 3 ? args[2] : client.version());
    }
    try (OllamaClient client =
        OllamaClient.builder()
            .address(args[0])
            .server(server.withPlacement(Placement.HOST))
            .build()) {
      ForecastCheck check = new ForecastCheck(client);
      System.out.println(
          "| model | num_ctx | num_batch | low | likely | high | /api/ps | resident set |\n"
              + "|---|---|---|---|---|---|---|---|");
      for (String model : args[1].split(",", -1)) {
        check.check(model);
      }
      System.out.printf("%d loads, %d above the high figure%n", check.measured, check.exceeded);
      if (check.measured == 0 || check.exceeded > 0) {
        System.exit(1);
      }
    }
  }

  private void check(String model) throws Exception {
    for (ModelOptions options : SETTINGS) {
      unload(model);
      WorkingSet.Known forecast = forecast(model, options);
      RunnerMemory memory = RunnerMemory.now();
      use(model, options);
      report(model, options, forecast, memory.residentBytes());
    }
    unload(model);
  }

  private void use(String model, ModelOptions options) {
    KeepAlive keep = KeepAlive.of(Duration.ofMinutes(2));
    if (client.show(model, false).capabilities().contains("completion")) {
      client.generate(
          GenerateRequest.of(model, "Count to three.")
              .withOptions(options.with("num_predict", 2))
              .withKeepAlive(keep));
    } else {
      client.embed(
          EmbedRequest.of(model, List.of("Count to three."))
              .withOptions(options)
              .withKeepAlive(keep));
    }
  }

  private void unload(String model) throws InterruptedException {
    if (running(model).isPresent()) {
      client.unload(model);
      while (running(model).isPresent()) {
        Thread.sleep(20);
      }
    }
  }

  private OptionalLong running(String model) {
    ModelName name = ModelName.parse(model);
    return client.ps().stream()
        .filter(running -> ModelName.parse(running.name()).equals(name))
        .mapToLong(RunningModel::sizeBytes)
        .findFirst();
  }

  private WorkingSet.Known forecast(String model, ModelOptions options) throws Exception {
    LocalHeavyTask.Builder<String> task =
        LocalHeavyTask.<String>builder(LocalKind.ORACLE, model, context -> "").model(model);
    options.runnerOptions().forEach(task::runnerOption);
    WorkingSet need = client.workingSetPredictor().predict(task.build(), Residency.of(List.of()));
    if (need instanceof WorkingSet.Known known) {
      return known;
    }
    throw new IllegalStateException("no forecast for " + model + ": " + need);
  }

  private void report(
      String model, ModelOptions options, WorkingSet.Known forecast, OptionalLong resident) {
    long listed = running(model).orElse(0);
    long most = Math.max(listed, resident.orElse(0));
    measured += resident.isPresent() ? 1 : 0;
    exceeded += most > forecast.highBytes() ? 1 : 0;
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %s | %.1f | %.1f | %.1f | %.1f | %s |%n",
        model,
        options.runnerOptions().get("num_ctx"),
        options.runnerOptions().get("num_batch"),
        forecast.lowBytes() / MIB,
        forecast.likelyBytes() / MIB,
        forecast.highBytes() / MIB,
        listed / MIB,
        resident.isPresent()
            ? String.format(Locale.ROOT, "%.1f", resident.getAsLong() / MIB)
            : "not known");
  }
}
