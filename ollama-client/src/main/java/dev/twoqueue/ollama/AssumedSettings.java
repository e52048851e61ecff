package dev.twoqueue.ollama;

import dev.twoqueue.ollama.forecast.CacheType;
import dev.twoqueue.ollama.forecast.LoadSettings;
import dev.twoqueue.ollama.forecast.LoadSettings.Placement;
import dev.twoqueue.ollama.forecast.LoadSettings.Runner;
import dev.twoqueue.ollama.forecast.ModelMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The settings of a load: from the job's options, else from what is known of the server, else its
 * documented defaults. Each that was assumed is named.
 */
final class AssumedSettings {
  private static final long LARGEST_DEFAULT_CONTEXT = 262_144;
  private static final int DEFAULT_BATCH = 512;
  private static final int LARGEST_BATCH = 2048;

  private final ModelMetadata model;
  private final ServerAssumptions server;
  private final List<String> assumptions = new ArrayList<>();
  private final LoadSettings likely;
  private final LoadSettings most;

  private AssumedSettings(
      ModelMetadata model, OptionalInt own, Map<String, String> options, ServerAssumptions server) {
    this.model = model;
    this.server = server;
    OptionalLong named = number(options, ModelOptions.NUM_CTX);
    long context;
    long mostContext;
    if (named.isPresent()) {
      context = mostContext = cut(named.getAsLong());
      noteOverridden(own, named.getAsLong());
    } else if (own.isPresent()) {
      context = mostContext = cut(own.getAsInt());
      assumptions.add("num_ctx " + context + " comes with the model");
    } else if (server.context().isPresent()) {
      context = mostContext = cut(server.context().getAsInt());
      assumptions.add("num_ctx " + context + " is what the server was said to default to");
    } else {
      context = cut(OllamaClientBuilder.DEFAULT_CONTEXT);
      mostContext = cut(LARGEST_DEFAULT_CONTEXT);
      noteOpenContext(context, mostContext);
    }
    OptionalLong batch = number(options, ModelOptions.NUM_BATCH);
    this.likely = settings(context, batch, false);
    this.most = settings(mostContext, batch, true);
    noteServer();
  }

  static AssumedSettings of(
      ModelMetadata model,
      OptionalInt contextOfModel,
      Map<String, String> options,
      ServerAssumptions server) {
    return new AssumedSettings(model, contextOfModel, options, server);
  }

  /** What the likely figure is for. */
  LoadSettings likely() {
    return likely;
  }

  /** The same with the largest context and batch that cannot be ruled out. */
  LoadSettings most() {
    return most;
  }

  /** With flash attention, runner and placement as they may be. */
  List<LoadSettings> candidates(LoadSettings from) {
    List<LoadSettings> candidates = new ArrayList<>(4);
    Placement placement = server.placement().orElse(Placement.DEVICE);
    LoadSettings placed = from.withPlacement(placement, from.mapped());
    for (Runner runner : Runner.values()) {
      if (server.runner().orElse(runner) == runner) {
        addAttention(candidates, placed.withRunner(runner));
      }
    }
    return candidates;
  }

  private void addAttention(List<LoadSettings> candidates, LoadSettings with) {
    if (server.flashAttention().orElse(true)) {
      candidates.add(with.withFlashAttention(true));
    }
    if (!server.flashAttention().orElse(false)) {
      // Without flash attention the server does not quantise the cache.
      candidates.add(with.withFlashAttention(false).withCache(CacheType.F16, CacheType.F16));
    }
  }

  List<String> assumptions() {
    return assumptions;
  }

  int slots() {
    return likely.slots();
  }

  /** The server cuts a context down to what the model was made for. */
  long cut(long context) {
    long trained = model.trainedContext();
    return trained > 0 ? Math.min(context, trained) : context;
  }

  private LoadSettings settings(long context, OptionalLong batch, boolean most) {
    int slots = model.encoder() ? 1 : server.numParallel();
    long total = Math.min(Math.multiplyExact(context, (long) slots), 1L << 24);
    boolean flash = server.flashAttention().orElse(true);
    CacheType type = flash ? server.type() : CacheType.F16;
    return LoadSettings.of(total)
        .withSlots(slots, false)
        .withBatch((int) batch.orElse(batch(context, most)))
        .withCache(type, type)
        .withFlashAttention(flash)
        .withRunner(server.runner().orElse(Runner.LLAMA_SERVER))
        .withPlacement(server.placement().orElse(Placement.HOST), true);
  }

  /** From 0.30 on larger contexts get larger batches, where these fit; before that all get 512. */
  private long batch(long context, boolean most) {
    if (model.encoder()) {
      return Math.min(context, LARGEST_BATCH);
    }
    if (!most && server.runner().orElse(Runner.LLAMA_SERVER) == Runner.KEEPS_ALL_LOGITS) {
      return DEFAULT_BATCH;
    }
    return context > 32_768 ? LARGEST_BATCH : context > 4096 ? 1024 : DEFAULT_BATCH;
  }

  private void noteOverridden(OptionalInt own, long named) {
    if (own.isPresent() && own.getAsInt() != named) {
      assumptions.add("num_ctx " + named + " goes before the model's own, " + own.getAsInt());
    }
  }

  private void noteOpenContext(long context, long mostContext) {
    assumptions.add(
        "num_ctx is not given: the server's default depends on its GPU memory, "
            + context
            + " to "
            + mostContext
            + "; the high figure covers it, and naming num_ctx narrows it");
  }

  private void noteServer() {
    assumptions.add(
        slots()
            + " request(s) at once, KV cache type "
            + server.cacheType()
            + ", batch "
            + likely.batch()
            + ", flash attention "
            + server.flashAttention().map(on -> on ? "on" : "off").orElse("on, or off at the most")
            + ", "
            + server
                .runner()
                .map(AssumedSettings::told)
                .orElse("llama-server, or another at the most")
            + " (settings of the server that its API does not show)");
    model.doubt().ifPresent(assumptions::add);
  }

  private static String told(Runner runner) {
    return runner == Runner.LLAMA_SERVER ? "llama-server" : "a runner that keeps all logits";
  }

  /** The context among runner options; 0 without one. */
  static long context(Map<String, String> options) {
    return number(options, ModelOptions.NUM_CTX).orElse(0);
  }

  private static OptionalLong number(Map<String, String> options, String name) {
    String value = options.get(name);
    return value == null || !value.matches("[0-9]{1,7}")
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(1, Long.parseLong(value)));
  }
}
