package dev.twoqueue.gate.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.gate.PowerState;
import dev.twoqueue.gate.Stalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Linux writes into small files: pressure, power, heat, environments. */
@NullUnmarked
class LinuxFilesTest {
  @TempDir Path root;

  private void file(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void reads_the_totals_of_pressure() throws IOException {
    assertEquals(Optional.empty(), new Pressure(root).read(), "a kernel without");
    for (String resource : new String[] {"cpu", "io", "memory"}) {
      file(
          resource,
          "some avg10=1.53 avg60=0.87 avg300=0.20 total="
              + (resource.length() * 1000)
              + "\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=7\n");
    }
    assertEquals(
        Optional.of(new Stalls(3_000_000, 2_000_000, 6_000_000)), new Pressure(root).read());
    for (String wrong : new String[] {"", "some avg10=1\n", "some total=x\n", "full total=1\n"}) {
      file("io", wrong);
      assertThrows(IOException.class, () -> new Pressure(root).read(), wrong);
    }
  }

  private PowerState power() throws IOException {
    return new LinuxPower(root).read();
  }

  @Test
  void reads_batteries_of_the_machine_and_not_of_its_mouse() throws IOException {
    assertEquals(Optional.empty(), power().onBattery(), "no such folder: not told");
    file("class/power_supply/AC/type", "Mains\n");
    file("class/power_supply/hid-1/type", "Battery\n");
    file("class/power_supply/hid-1/scope", "Device\n");
    file("class/power_supply/hid-1/status", "Discharging\n");
    assertEquals(Optional.of(false), power().onBattery());
    assertEquals(OptionalDouble.empty(), power().charge());

    file("class/power_supply/BAT0/type", "Battery\n");
    file("class/power_supply/BAT0/status", "Discharging\n");
    file("class/power_supply/BAT0/energy_now", "30000000\n");
    file("class/power_supply/BAT0/energy_full", "60000000\n");
    assertEquals(Optional.of(true), power().onBattery());
    assertEquals(OptionalDouble.of(0.5), power().charge());

    file("class/power_supply/BAT0/energy_now", "soon\n");
    assertThrows(IOException.class, this::power);
  }

  @Test
  void heat_is_a_counter_that_rises_between_two_readings() throws IOException {
    assertEquals(Optional.empty(), power().throttled(), "no counter: not told");
    String counter = "devices/system/cpu/cpu0/thermal_throttle/core_throttle_count";
    file(counter, "17\n");
    file("devices/system/cpu/cpufreq/policy0/x", "1\n");
    LinuxPower power = new LinuxPower(root);

    assertEquals(Optional.of(false), power.read().throttled());
    file(counter, "18\n");
    assertEquals(Optional.of(true), power.read().throttled());
    assertEquals(Optional.of(false), power.read().throttled());
  }

  @Test
  void reads_the_environment_of_a_process() throws IOException {
    file("42/environ", "HOME=/home/me\0OLLAMA_MODELS=/data/a=b\0odd\0HOME=later\0");

    assertEquals(
        Optional.of(Map.of("HOME", "/home/me", "OLLAMA_MODELS", "/data/a=b")),
        ProcFs.environment(root, 42));
    assertEquals(Optional.empty(), ProcFs.environment(root, 43));
  }

  @Test
  void a_mount_with_quotas_says_so() throws IOException {
    Path here = root.toRealPath();
    String name = Files.getFileStore(here).name();
    String type = Files.getFileStore(here).type();
    Path mounts = root.resolve("mounts");
    for (String options :
        new String[] {"rw,relatime,usrquota", "rw,uquota,gquota", "rw,jqfmt=vfsv1,usrjquota=a"}) {
      Files.writeString(mounts, "x /other x quota 0 0\n" + name + " / " + type + " " + options);
      assertTrue(new FileSystems(mounts).state(here).quotas(), options);
    }
    for (String options : new String[] {"rw,relatime,noquota", "rw,relatime", "ro"}) {
      Files.writeString(mounts, name + " / " + type + " " + options + " 0 0\n");
      assertEquals(false, new FileSystems(mounts).state(here).quotas(), options);
    }
  }
}
