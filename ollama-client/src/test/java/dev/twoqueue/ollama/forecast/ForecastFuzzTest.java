package dev.twoqueue.ollama.forecast;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mutated headers and metadata: a typed error that names the key, or a forecast whose figures are
 * in order; no other exception, no more than 16 MB allocated. {@code -Dtwoqueue.mutations=10000}
 * for more of them, {@code -Dtwoqueue.mutations.seed=…} for others.
 */
@Timeout(300)
class ForecastFuzzTest {
  private static final int MUTATIONS = Integer.getInteger("twoqueue.mutations", 300);
  private static final long SEED = Long.getLong("twoqueue.mutations.seed", 42);
  private static final long MOST_ALLOCATED = 16_000_000;
  private static final List<String> MODELS =
      List.of("llama3.1-8b", "gemma4-e2b", "nemotron3-nano-30b-a3b", "deepseek-v3", "qwen3.5-9b");
  private static final LoadSettings SETTINGS = LoadSettings.of(8192).withSlots(4, true);

  private final Random random = new Random(SEED);
  private final com.sun.management.ThreadMXBean threads =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
  private int errors;
  private int forecasts;

  private final Path folder;

  ForecastFuzzTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** What is done with one mutation. */
  private interface Attempt {
    ModelMetadata read() throws Exception;
  }

  private void check(Attempt attempt, String mutation) {
    long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    try {
      LoadForecast forecast = LoadForecast.of(attempt.read(), SETTINGS);
      assertTrue(0 <= forecast.low(), mutation);
      assertTrue(forecast.low() <= forecast.likely(), mutation);
      assertTrue(forecast.likely() <= forecast.high(), mutation);
      forecasts++;
    } catch (MetadataException e) {
      assertTrue(!e.key().isBlank() && String.valueOf(e.getMessage()).contains(e.key()), mutation);
      errors++;
    } catch (GgufException e) {
      assertTrue(!e.what().isBlank() && e.offset() >= 0, mutation);
      errors++;
    } catch (Exception e) {
      throw new AssertionError("seed " + SEED + ", " + mutation, e);
    }
    long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    assertTrue(allocated < MOST_ALLOCATED, () -> allocated + " bytes: " + mutation);
  }

  @Test
  void mutatedHeaders_areTypedErrorsOrForecasts() throws Exception {
    List<byte[]> headers =
        MODELS.stream().map(model -> GgufBytes.model(model, 50).bytes()).toList();
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bytes = headers.get(i % MODELS.size()).clone();
      String mutation = mutate(bytes);
      Path file = Files.write(folder.resolve("m.gguf"), bytes);
      check(() -> GgufFiles.read(file), i + ": " + mutation);
    }
    assertBothSeen();
  }

  private String mutate(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    StringBuilder done = new StringBuilder("at " + at);
    for (int i = 0; i <= random.nextInt(3); i++) {
      int where = Math.min(bytes.length - 1, at + i * random.nextInt(64));
      byte value =
          switch (random.nextInt(4)) {
            case 0 -> (byte) random.nextInt(256);
            case 1 -> (byte) (bytes[where] ^ 1 << random.nextInt(8));
            case 2 -> (byte) 0xFF;
            default -> 0;
          };
      bytes[where] = value;
      done.append(", [").append(where).append("]=").append(value);
    }
    return done.toString();
  }

  @Test
  void mutatedMetadata_isATypedErrorOrAForecast() {
    List<Map<String, Object>> models = MODELS.stream().map(MeasuredRows::info).toList();
    for (int i = 0; i < MUTATIONS; i++) {
      Map<String, @Nullable Object> info = new HashMap<>(models.get(i % MODELS.size()));
      List<String> keys = new ArrayList<>(info.keySet());
      StringBuilder mutation = new StringBuilder().append(i);
      for (int j = 0; j <= random.nextInt(3); j++) {
        String key = keys.get(random.nextInt(keys.size()));
        @Nullable Object value = value(info.get(key));
        info.put(key, value);
        mutation.append(": ").append(key).append('=').append(value);
      }
      TensorSummary tensors = new TensorSummary(random.nextInt(1 << 30), 0, random.nextBoolean());
      check(
          () -> ModelMetadata.of(info, tensors, 1 + random.nextInt(1 << 30)), mutation.toString());
    }
    assertBothSeen();
  }

  private @Nullable Object value(@Nullable Object old) {
    return switch (random.nextInt(9)) {
      case 0 -> null;
      case 1 -> random.nextLong();
      case 2 -> (long) random.nextInt(1 << 24);
      case 3 -> -1;
      case 4 -> 0;
      case 5 -> random.nextDouble() * 1e9;
      case 6 -> "text";
      case 7 -> List.of(1, old == null ? 2 : old, "x");
      default -> random.nextBoolean();
    };
  }

  private void assertBothSeen() {
    assertTrue(errors > MUTATIONS / 50, () -> "only " + errors + " errors");
    assertTrue(forecasts > MUTATIONS / 50, () -> "only " + forecasts + " forecasts");
  }
}
