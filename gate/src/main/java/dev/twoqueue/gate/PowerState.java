package dev.twoqueue.gate;

import dev.twoqueue.gate.internal.Arguments;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Power and heat.
 *
 * @param onBattery whether a battery is being discharged; empty where the system does not tell
 * @param charge what the batteries hold, from 0 to 1; empty where there is none or the system does
 *     not tell
 * @param throttled whether heat slows the processors down now; empty where the system does not tell
 * @param source where this was read, for people
 */
public record PowerState(
    Optional<Boolean> onBattery,
    OptionalDouble charge,
    Optional<Boolean> throttled,
    String source) {

  public PowerState {
    Arguments.notNull(onBattery, "onBattery");
    Arguments.notNull(charge, "charge");
    Arguments.notNull(throttled, "throttled");
    Arguments.notBlank(source, "source");
  }
}
