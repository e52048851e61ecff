package dev.twoqueue.benchmarks;

import dev.twoqueue.Gate;
import dev.twoqueue.GateRequest;
import dev.twoqueue.LocalHeavyTask;
import dev.twoqueue.LocalKind;
import dev.twoqueue.Residency;
import dev.twoqueue.Verdict;
import dev.twoqueue.WorkingSet;
import dev.twoqueue.gate.HostGates;
import dev.twoqueue.ollama.forecast.LoadForecast;
import dev.twoqueue.ollama.forecast.LoadSettings;
import dev.twoqueue.ollama.forecast.ModelMetadata;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import oshi.SystemInfo;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;

/** A whole look before a heavy task on this machine, beside one scan of its processes by OSHI. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Preflight {
  private static final long GIB = 1L << 30;
  private static final ModelMetadata MODEL = ForecastModel.NEMOTRON_H_8B.metadata(GIB);
  private static final LoadSettings SETTINGS = LoadSettings.of(4096);

  private final Gate gate = HostGates.standard();
  private final OperatingSystem system = new SystemInfo().getOperatingSystem();

  /** What a look is given: with the forecast, which is made for each. */
  static GateRequest request() {
    LoadForecast forecast = LoadForecast.of(MODEL, SETTINGS);
    LocalHeavyTask<String> oracle =
        LocalHeavyTask.builder(LocalKind.ORACLE, "oracle", task -> "").bytesToWrite(GIB).build();
    return new GateRequest(
        oracle,
        GateRequest.Stage.EARLY,
        Residency.unknown("not asked"),
        Optional.of(WorkingSet.exactly("a load", forecast.high())),
        0);
  }

  /** Load, processes, disk, memory with its forecast. */
  @Benchmark
  public Verdict gates() throws Exception {
    return gate.look(request());
  }

  /** The processes with their command lines, as a gate on OSHI alone would read them. */
  @Benchmark
  public long plainOshiScan() {
    List<OSProcess> processes = system.getProcesses();
    return processes.stream().mapToLong(process -> process.getCommandLine().length()).sum();
  }
}
