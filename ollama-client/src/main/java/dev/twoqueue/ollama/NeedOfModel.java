package dev.twoqueue.ollama;

import dev.twoqueue.MemoryPart;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.ollama.internal.LoadForecast;
import dev.twoqueue.ollama.internal.LoadSettings;
import dev.twoqueue.ollama.internal.ModelShape;
import dev.twoqueue.ollama.internal.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What one model takes with given runner options: the likely settings give the likely figure, the
 * most demanding ones that cannot be ruled out the high one.
 */
final class NeedOfModel {
  private static final long MIB = 1L << 20;

  /** What the runner's process takes beside its buffers, up to a GPU runtime's context. */
  private static final Range PROCESS = new Range("runner process", 0, 80 * MIB, 512 * MIB);

  private static final int BATCH = 512;

  /** Newer servers raise the batch for some models. */
  private static final int LARGER_BATCH = 1024;

  private static final long LARGEST_DEFAULT_CONTEXT = 262_144;

  private final ModelCatalogue.Entry entry;
  private final ServerAssumptions server;
  private final OptionalLong batch;
  private final long likelyContext;
  private final long mostContext;
  private final List<String> assumptions = new ArrayList<>();

  private NeedOfModel(
      ModelCatalogue.Entry entry, Map<String, String> options, ServerAssumptions server) {
    this.entry = entry;
    this.server = server;
    this.batch = number(options, ModelOptions.NUM_BATCH);
    OptionalLong named = number(options, ModelOptions.NUM_CTX);
    if (named.isPresent()) {
      likelyContext = mostContext = cut(named.getAsLong());
      noteOverridden(named.getAsLong());
    } else if (entry.details().contextParameter().isPresent()) {
      likelyContext = mostContext = cut(entry.details().contextParameter().getAsInt());
      assumptions.add("num_ctx " + likelyContext + " comes with the model");
    } else if (server.context().isPresent()) {
      likelyContext = mostContext = cut(server.context().getAsInt());
      assumptions.add("num_ctx " + likelyContext + " is what the server was said to default to");
    } else {
      likelyContext = cut(OllamaClientBuilder.DEFAULT_CONTEXT);
      mostContext = cut(LARGEST_DEFAULT_CONTEXT);
      assumptions.add(
          "num_ctx is not given: the server's default depends on its GPU memory, "
              + likelyContext
              + " to "
              + mostContext
              + "; the high figure covers it, and naming num_ctx narrows it");
    }
    noteServer();
  }

  static NeedOfModel of(
      ModelCatalogue.Entry entry, Map<String, String> options, ServerAssumptions server) {
    return new NeedOfModel(entry, options, server);
  }

  /** The whole of it. */
  WorkingSet.Known whenLoaded() {
    LoadForecast likely = forecast(likelyContext, BATCH, server.flashAttention().orElse(true));
    List<MemoryPart> parts = new ArrayList<>();
    for (Range part : likely.parts()) {
      parts.add(new MemoryPart(part.name(), part.likely()));
    }
    parts.add(new MemoryPart(PROCESS.name(), PROCESS.likely()));
    long high = Math.addExact(most(mostContext), PROCESS.high());
    return new WorkingSet.Known(parts, likely.low() + PROCESS.low(), high, assumptions);
  }

  /** Only growth: scratch memory that was not touched yet, and a context that may differ. */
  WorkingSet.Known whenResident(ResidentModel resident) {
    OptionalLong context = number(resident.runnerOptions(), ModelOptions.NUM_CTX);
    LoadForecast now = forecast(likelyContext, BATCH, true);
    long scratch =
        now.parts().stream()
            .filter(part -> part.name().equals("compute buffers"))
            .mapToLong(Range::likely)
            .sum();
    long reload = 0;
    if (context.isPresent() && cut(context.getAsLong()) < mostContext) {
      reload =
          Math.max(0, most(mostContext) - forecast(cut(context.getAsLong()), BATCH, true).low());
      assumptions.add("the model may be reloaded with a larger context than it has now");
    }
    assumptions.add("the model is resident already: only scratch memory may still grow");
    return new WorkingSet.Known(
        List.of(new MemoryPart("growth of the resident model", 0)),
        0,
        Math.addExact(scratch, reload),
        assumptions);
  }

  private long most(long context) {
    long high = forecast(context, LARGER_BATCH, server.flashAttention().orElse(true)).high();
    return server.flashAttention().isPresent()
        ? high
        : Math.max(high, forecast(context, LARGER_BATCH, false).high());
  }

  private LoadForecast forecast(long context, int otherwise, boolean flashAttention) {
    LoadSettings settings =
        new LoadSettings(
            Math.multiplyExact(context, (long) server.numParallel()),
            server.numParallel(),
            server.numParallel() == 1,
            (int) batch.orElse(otherwise),
            server.type(),
            server.type(),
            flashAttention);
    long tied = TensorSizes.tiedEmbedding(entry.details());
    return LoadForecast.of(entry.shape(), new LoadForecast.Weights(entry.size(), tied), settings);
  }

  /** The server cuts a context down to what the model was made for. */
  private long cut(long context) {
    long trained = entry.shape().trainedContext();
    return trained > 0 ? Math.min(context, trained) : context;
  }

  private void noteOverridden(long named) {
    entry
        .details()
        .contextParameter()
        .ifPresent(
            own -> {
              if (own != named) {
                assumptions.add("num_ctx " + named + " goes before the model's own, " + own);
              }
            });
  }

  private void noteServer() {
    assumptions.add(
        server.numParallel()
            + " request(s) at once, KV cache type "
            + server.cacheType()
            + ", flash attention "
            + server.flashAttention().map(on -> on ? "on" : "off").orElse("on, or off at the most")
            + " (settings of the server that its API does not show)");
    if (entry.shape().fit() == ModelShape.Fit.UNKNOWN) {
      assumptions.add(
          "architecture "
              + entry.shape().architecture()
              + " is not known: taken for one whose layers all see the whole context, with a wide"
              + " range");
    }
  }

  private static OptionalLong number(Map<String, String> options, String name) {
    String value = options.get(name);
    return value == null || !value.matches("[0-9]{1,9}")
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(1, Long.parseLong(value)));
  }
}
