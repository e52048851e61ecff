package dev.twoqueue.ollama.forecast;

import dev.twoqueue.ollama.forecast.ForecastPart.Kind;
import dev.twoqueue.ollama.forecast.LoadSettings.Placement;
import java.util.List;

/** What a runner takes beside the model's own buffers. */
final class Surroundings {
  private static final long MIB = 1L << 20;

  /** llama-server's default for prompts that it keeps on the host ({@code --cache-ram}). */
  private static final long PROMPT_CACHE = 8192 * MIB;

  private static final String PROMPTS =
      "empty after the load; llama-server keeps the state of earlier prompts, here one as long as"
          + " the context";
  private static final String FILES = "the size of their files; buffers to compute in come on top";
  private static final String PROCESS = "measured: 20 to 80 MiB, more with a large vocabulary";
  private static final String DEVICE = "the process, and what the device's driver takes";

  private Surroundings() {}

  static void add(List<ForecastPart> parts, ModelMetadata model, LoadSettings settings) {
    if (settings.adapterBytes() > 0) {
      long files = settings.adapterBytes();
      parts.add(new ForecastPart(Kind.ADAPTERS, files, files, Math.addExact(files, files), FILES));
    }
    if (settings.runner() == LoadSettings.Runner.LLAMA_SERVER && model.shape().causal()) {
      parts.add(new ForecastPart(Kind.SERVER_CACHES, 0, 0, prompts(model, settings), PROMPTS));
    }
    parts.add(process(model, settings));
  }

  private static long prompts(ModelMetadata model, LoadSettings settings) {
    KvCache cache = KvCache.of(model.shape(), settings);
    long state = Math.addExact(cache.bytes(), Caches.state(model.shape(), settings));
    return Math.min(PROMPT_CACHE, state / settings.slots());
  }

  private static ForecastPart process(ModelMetadata model, LoadSettings settings) {
    long likely = 24 * MIB + 256 * model.shape().vocabulary();
    return settings.placement() == Placement.DEVICE
        ? new ForecastPart(Kind.RUNTIME, 20 * MIB, likely, likely + 512 * MIB, DEVICE)
        : new ForecastPart(Kind.RUNTIME, 16 * MIB, likely, likely + 64 * MIB, PROCESS);
  }
}
