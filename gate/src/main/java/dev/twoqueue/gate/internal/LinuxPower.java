package dev.twoqueue.gate.internal;

import dev.twoqueue.gate.PowerState;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Power and heat as Linux's {@code /sys} shows them: {@code power_supply/*} with {@code type},
 * {@code status}, {@code energy_now} or {@code charge_now}; and Intel's counters of thermal
 * throttling, of which a rise since the last reading says that heat slows the processors down.
 */
final class LinuxPower {
  private final Path supplies;
  private final Path processors;
  private OptionalLong throttles = OptionalLong.empty();

  LinuxPower(Path sys) {
    this.supplies = sys.resolve("class/power_supply");
    this.processors = sys.resolve("devices/system/cpu");
  }

  synchronized PowerState read() throws IOException {
    Optional<Boolean> onBattery = Optional.empty();
    double now = 0;
    double full = 0;
    if (Files.isDirectory(supplies)) {
      onBattery = Optional.of(false);
      try (DirectoryStream<Path> all = Files.newDirectoryStream(supplies)) {
        for (Path supply : all) {
          if (isOwnBattery(supply)) {
            onBattery =
                Optional.of(onBattery.get() || text(supply, "status").equals("Discharging"));
            now += either(supply, "energy_now", "charge_now");
            full += either(supply, "energy_full", "charge_full");
          }
        }
      }
    }
    return new PowerState(
        onBattery,
        full > 0 ? OptionalDouble.of(Math.min(1, now / full)) : OptionalDouble.empty(),
        throttled(),
        supplies.toString());
  }

  /** A mouse's or a headset's battery has the scope {@code Device}. */
  private static boolean isOwnBattery(Path supply) throws IOException {
    return text(supply, "type").equals("Battery") && !text(supply, "scope").equals("Device");
  }

  private Optional<Boolean> throttled() throws IOException {
    OptionalLong before = throttles;
    throttles = throttleCount();
    return before.isPresent() && throttles.isPresent()
        ? Optional.of(throttles.getAsLong() > before.getAsLong())
        : throttles.isPresent() ? Optional.of(false) : Optional.empty();
  }

  private OptionalLong throttleCount() throws IOException {
    OptionalLong sum = OptionalLong.empty();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(processors, "cpu[0-9]*")) {
      for (Path processor : all) {
        String count = text(processor, "thermal_throttle/core_throttle_count");
        if (!count.isEmpty()) {
          sum = OptionalLong.of(sum.orElse(0) + number(count));
        }
      }
    } catch (java.nio.file.NoSuchFileException | java.nio.file.NotDirectoryException e) {
      return OptionalLong.empty();
    }
    return sum;
  }

  private static double either(Path supply, String one, String other) throws IOException {
    String text = text(supply, one);
    text = text.isEmpty() ? text(supply, other) : text;
    return text.isEmpty() ? 0 : number(text);
  }

  private static long number(String text) throws IOException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IOException("not a number: " + text, e);
    }
  }

  /** Empty where there is no such file. */
  private static String text(Path folder, String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.exists(file) ? Files.readString(file).strip() : "";
  }
}
