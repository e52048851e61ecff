package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twoqueue.ResidentModel;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.WorkingSet.Alternative;
import dev.twoqueue.ollama.forecast.CacheType;
import dev.twoqueue.ollama.forecast.ForecastPart.Kind;
import dev.twoqueue.ollama.forecast.LoadForecast;
import dev.twoqueue.ollama.forecast.LoadSettings;
import dev.twoqueue.ollama.forecast.LoadSettings.Runner;
import dev.twoqueue.ollama.forecast.MetadataException;
import dev.twoqueue.ollama.forecast.ModelMetadata;
import dev.twoqueue.ollama.forecast.TensorSummary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which settings a forecast covers where the server does not tell them. */
class AssumedSettingsTest {
  private static final ServerAssumptions DEFAULTS = ServerAssumptions.DEFAULTS;
  private static final Map<String, String> LONG = Map.of("num_ctx", "16384");

  @SuppressWarnings("unchecked")
  private static ModelMetadata model(String name) {
    Map<String, Object> info = new ObjectMapper().convertValue(Shows.info(name), Map.class);
    try {
      return ModelMetadata.of(new HashMap<>(info), TensorSummary.UNKNOWN, 4_900_000_000L);
    } catch (MetadataException e) {
      throw new AssertionError(e);
    }
  }

  private static AssumedSettings settings(Map<String, String> options, ServerAssumptions server) {
    return AssumedSettings.of(model("llama3.1-8b"), OptionalInt.empty(), options, server);
  }

  private static WorkingSet.Known need(
      String model, Map<String, String> options, ServerAssumptions server) {
    return NeedOfModel.of(model(model), OptionalInt.empty(), options, server).whenLoaded();
  }

  @Test
  void whatIsNotTold_isCoveredInEachForm() {
    AssumedSettings unknown = settings(LONG, DEFAULTS);
    List<LoadSettings> all = unknown.candidates(unknown.most());
    assertEquals(4, all.size());
    assertEquals(Set.of(true, false), each(all, LoadSettings::flashAttention));
    assertEquals(Set.of(Runner.values()), each(all, LoadSettings::runner));
    AssumedSettings told =
        settings(LONG, DEFAULTS.withFlashAttention(true).withRunner(Runner.KEEPS_ALL_LOGITS));
    List<LoadSettings> one = told.candidates(told.most());
    assertEquals(1, one.size());
    assertEquals(Set.of(Runner.KEEPS_ALL_LOGITS), each(one, LoadSettings::runner));

    long most =
        all.stream()
            .mapToLong(form -> LoadForecast.of(model("llama3.1-8b"), form).high())
            .max()
            .orElseThrow();
    assertEquals(most, need("llama3.1-8b", LONG, DEFAULTS).highBytes());
  }

  private static <T> Set<T> each(List<LoadSettings> all, Function<LoadSettings, T> part) {
    return all.stream().map(part).collect(Collectors.toSet());
  }

  @Test
  void cacheIsNotQuantisedWithoutFlashAttention() {
    ServerAssumptions small = DEFAULTS.withCacheType("q8_0");
    assertEquals(CacheType.Q8_0, settings(LONG, small.withFlashAttention(true)).likely().keys());
    assertEquals(CacheType.F16, settings(LONG, small.withFlashAttention(false)).likely().keys());
  }

  @Test
  void absurdNumbers_areBoundedOrIgnored() {
    ServerAssumptions wide = DEFAULTS.withNumParallel(1024);
    ModelMetadata named = ModelMetadata.ofName("m:7b").orElseThrow();
    LoadSettings most =
        AssumedSettings.of(named, OptionalInt.empty(), Map.of("num_ctx", "9999999"), wide).most();
    assertEquals(1L << 24, most.context());
    assertEquals(1, settings(Map.of("num_ctx", "0"), DEFAULTS).likely().context());
    String endless = "9".repeat(30);
    AssumedSettings ignored = settings(Map.of("num_ctx", endless), DEFAULTS);
    assertEquals(settings(Map.of(), DEFAULTS).likely(), ignored.likely());
  }

  @Test
  void residentModel_mayStillGrow() {
    ServerAssumptions server = DEFAULTS.withRunner(Runner.LLAMA_SERVER).withFlashAttention(true);
    ModelMetadata model = model("llama3.1-8b");
    NeedOfModel need = NeedOfModel.of(model, OptionalInt.empty(), LONG, server);
    AssumedSettings settings = settings(LONG, server);
    LoadForecast now = LoadForecast.of(model, settings.likely());
    long grows = now.likely(Kind.COMPUTE) + now.high(Kind.SERVER_CACHES);
    assertTrue(now.high(Kind.SERVER_CACHES) > 0);
    assertEquals(grows, need.whenResident(resident(16_384)).highBytes());

    long low = LoadForecast.of(model, settings.likely().withContext(4096)).low();
    long reload =
        settings.candidates(settings.most()).stream()
            .mapToLong(form -> LoadForecast.of(model, form).high())
            .max()
            .orElseThrow();
    assertEquals(grows + reload - low, need.whenResident(resident(4096)).highBytes());
  }

  private static ResidentModel resident(int context) {
    return new ResidentModel(
        "m:latest",
        Map.of("num_ctx", String.valueOf(context)),
        1,
        ResidentModel.Role.WORKER,
        Optional.empty());
  }

  @Test
  void alternatives_areSmallerEach() {
    for (String name : List.of("llama3.1-8b", "mamba2-2.7b", "gemma3-12b")) {
      WorkingSet.Known need = need(name, Map.of(), DEFAULTS.withNumParallel(4));
      assertTrue(need.alternatives().size() <= 6, need::toString);
      for (Alternative other : need.alternatives()) {
        assertTrue(other.highBytes() < need.highBytes(), other::toString);
        assertTrue(other.likelyBytes() <= need.likelyBytes(), other::toString);
      }
    }
    NeedOfModel endless =
        NeedOfModel.of(
            ModelMetadata.ofName("m:7b").orElseThrow(),
            OptionalInt.empty(),
            Map.of("num_ctx", "9999999"),
            DEFAULTS.withFlashAttention(true));
    assertEquals(6, endless.whenLoaded().alternatives().size());
    assertTrue(offersQuantised(DEFAULTS.withFlashAttention(true), "llama3.1-8b"));
    assertFalse(offersQuantised(DEFAULTS.withFlashAttention(false), "llama3.1-8b"));
    assertFalse(offersQuantised(DEFAULTS.withFlashAttention(true), "mamba2-2.7b"));
  }

  private static boolean offersQuantised(ServerAssumptions server, String model) {
    return need(model, LONG, server).alternatives().stream()
        .anyMatch(other -> other.change().contains("q8_0"));
  }
}
