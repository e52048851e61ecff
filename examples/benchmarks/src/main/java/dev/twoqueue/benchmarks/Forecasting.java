package dev.twoqueue.benchmarks;

import dev.twoqueue.ollama.forecast.GgufFiles;
import dev.twoqueue.ollama.forecast.LoadForecast;
import dev.twoqueue.ollama.forecast.LoadSettings;
import dev.twoqueue.ollama.forecast.ModelMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One forecast from metadata that was fetched already, and the header of a file. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Forecasting {
  private static final int TOKENS = 200_000;
  private static final long SIZE = 100_000_000_000L;
  private static final LoadSettings SETTINGS = LoadSettings.of(32_768);

  /** Which model. */
  @Param public ForecastModel model = ForecastModel.LLAMA_405B;

  private @Nullable ModelMetadata metadata;
  private @Nullable Path file;

  /** Reads the metadata, and writes a file. */
  @Setup
  public void make() throws IOException {
    metadata = model.metadata(SIZE);
    file = GgufFile.write(model.info(), TOKENS);
  }

  /** Deletes the file. */
  @TearDown
  public void delete() throws IOException {
    Path written = file;
    if (written != null) {
      Files.delete(written);
    }
  }

  /** One forecast. */
  @Benchmark
  public LoadForecast forecast() {
    return LoadForecast.of(Objects.requireNonNull(metadata), SETTINGS);
  }

  /** One header. */
  @Benchmark
  public ModelMetadata header() throws Exception {
    return GgufFiles.read(Objects.requireNonNull(file));
  }
}
