package dev.twoqueue.gate.internal;

import dev.twoqueue.gate.PowerState;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import oshi.hardware.HardwareAbstractionLayer;
import oshi.hardware.PowerSource;

/** Power as OSHI knows it, for macOS and Windows. It does not tell whether heat slows it down. */
final class OshiPower {
  private final HardwareAbstractionLayer hardware;

  OshiPower(HardwareAbstractionLayer hardware) {
    this.hardware = hardware;
  }

  PowerState read() {
    List<PowerSource> sources = hardware.getPowerSources();
    boolean none = sources.isEmpty();
    return new PowerState(
        Optional.of(sources.stream().anyMatch(PowerSource::isDischarging)),
        none
            ? OptionalDouble.empty()
            : sources.stream().mapToDouble(PowerSource::getRemainingCapacityPercent).min(),
        Optional.empty(),
        none ? "no battery by OSHI" : "OSHI");
  }
}
