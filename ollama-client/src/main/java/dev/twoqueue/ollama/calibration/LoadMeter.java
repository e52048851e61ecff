package dev.twoqueue.ollama.calibration;

import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyKey;
import dev.twoqueue.ResidencyProbe;
import dev.twoqueue.ResidentModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.Callable;

/**
 * Measures what loads take. Each figure may be wrong in its own way, so that they are compared with
 * each other: a server's own account can be far too low, available memory also changes by what
 * others do, and a resident set has no part of a GPU's memory.
 *
 * <p>Asked before a load and after it, on threads of the scheduler's callback executor. An
 * exception is logged and counts as empty.
 */
public interface LoadMeter {

  /**
   * What the server says that a resident model takes.
   *
   * @param key the model with its runner options
   * @return bytes; empty when it is not resident, or its size unknown
   * @throws Exception when it cannot be asked
   */
  OptionalLong serverBytes(ResidencyKey key) throws Exception;

  /**
   * The memory that could be taken now.
   *
   * @return bytes; empty when unknown
   * @throws Exception when it cannot be read
   */
  OptionalLong availableBytes() throws Exception;

  /**
   * The resident sets of all the model server's runner processes on this machine.
   *
   * @return bytes in all; empty when unknown or not told here
   * @throws Exception when it cannot be read
   */
  OptionalLong residentSetBytes() throws Exception;

  /**
   * Measures by a probe, by the memory of this machine, and on Linux by {@code /proc}.
   *
   * @param probe what the server says of its resident models
   * @param available the memory that could be taken now, in bytes; best what the memory gate uses
   * @return the meter
   */
  static LoadMeter of(ResidencyProbe probe, Callable<Long> available) {
    Objects.requireNonNull(probe, "probe must not be null");
    Objects.requireNonNull(available, "available must not be null");
    RunnerProcesses runners = new RunnerProcesses(Path.of("/proc"));
    return new LoadMeter() {
      @Override
      public OptionalLong serverBytes(ResidencyKey key) throws Exception {
        if (!(probe.observe() instanceof Residency.Observed observed)) {
          return OptionalLong.empty();
        }
        ResidencyKey normal = probe.normalise(key);
        List<ResidentModel> serving =
            observed.models().stream().filter(normal::mayBeServedBy).toList();
        long bytes = serving.stream().mapToLong(ResidentModel::bytes).sum();
        return bytes > 0 ? OptionalLong.of(bytes) : OptionalLong.empty();
      }

      @Override
      public OptionalLong availableBytes() throws Exception {
        return OptionalLong.of(available.call());
      }

      @Override
      public OptionalLong residentSetBytes() throws Exception {
        return runners.residentSetBytes();
      }
    };
  }
}
