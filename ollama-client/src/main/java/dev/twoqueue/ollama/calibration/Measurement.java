package dev.twoqueue.ollama.calibration;

import dev.twoqueue.WorkingSet;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What one load took, by each of three accounts.
 *
 * @param serverBytes what the server says
 * @param residentSetBytes by how much the resident sets of its runners grew
 * @param availableDropBytes by how much the available memory fell
 */
public record Measurement(
    OptionalLong serverBytes, OptionalLong residentSetBytes, OptionalLong availableDropBytes) {

  /** A reading above this multiple of the high figure is somebody else's doing. */
  static final int MOST = 2;

  public Measurement {
    Objects.requireNonNull(serverBytes, "serverBytes must not be null");
    Objects.requireNonNull(residentSetBytes, "residentSetBytes must not be null");
    Objects.requireNonNull(availableDropBytes, "availableDropBytes must not be null");
  }

  /**
   * One sample of it. Accounts that cannot be true (less than the model's weights, or more than
   * twice the high figure) are left out; of three that can the middle one counts, of two the larger
   * one.
   *
   * @return empty when no account can be true
   */
  Optional<Sample> sample(WorkingSet.Known forecast) {
    long least = Weights.floor(forecast);
    long most = Weights.times(forecast.highBytes(), MOST);
    long[] plausible =
        Stream.of(serverBytes, residentSetBytes, availableDropBytes)
            .filter(OptionalLong::isPresent)
            .mapToLong(OptionalLong::getAsLong)
            .filter(bytes -> bytes > 0 && bytes >= least && bytes <= most)
            .sorted()
            .toArray();
    if (plausible.length == 0 || forecast.likelyBytes() == 0) {
      return Optional.empty();
    }
    double bytes = plausible[plausible.length / 2];
    long near =
        Arrays.stream(plausible).filter(other -> Math.abs(other - bytes) <= bytes / 10).count();
    return Optional.of(new Sample(bytes / forecast.likelyBytes(), (int) near));
  }
}
