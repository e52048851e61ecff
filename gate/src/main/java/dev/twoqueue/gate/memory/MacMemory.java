package dev.twoqueue.gate.memory;

import dev.twoqueue.MemoryPart;
import dev.twoqueue.MemoryPressure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * macOS on Apple silicon, from what {@code vm_stat} and {@code sysctl} print.
 *
 * <p>Available, as Ollama counts it: memory − (active + inactive + speculative + wired + compressor
 * − purgeable − file-backed). The GPU may take Metal's recommended working set; what of it is in
 * use no command tells, and since resident models are wired, all wired memory counts as the GPU's.
 */
final class MacMemory {
  private static final Pattern PAGE_SIZE = Pattern.compile("page size of ([0-9]{1,9}) bytes");

  private MacMemory() {}

  static MemoryState parse(String output) throws IOException {
    long page = pageSize(output);
    long physical = sysctl(output, "hw.memsize");
    long used =
        pages(output, "Pages active")
            + pages(output, "Pages inactive")
            + pages(output, "Pages speculative")
            + pages(output, "Pages wired down")
            + pages(output, "Pages occupied by compressor")
            - pages(output, "Pages purgeable")
            - pages(output, "File-backed pages");
    long available = Math.max(0, physical - Math.multiplyExact(Math.max(0, used), page));
    long wired = Math.multiplyExact(pages(output, "Pages wired down"), page);
    OptionalLong metal = number(output, "iogpu.wired_limit_mb");
    MemoryPressure pressure = pressure(output);
    return state(physical, available, wired, metal.orElse(0), pressure);
  }

  /**
   * The state of a Mac.
   *
   * @param metalMebibytes Metal's limit as set by hand; 0 for the default of the system
   */
  static MemoryState state(
      long physical, long available, long wired, long metalMebibytes, MemoryPressure pressure) {
    boolean set = metalMebibytes > 0;
    long metal = set ? metalMebibytes << 20 : MetalDefault.bytes(physical);
    String source =
        "Metal's working set ("
            + (set
                ? "set by sysctl iogpu.wired_limit_mb"
                : "not set, so the default that was measured for this size")
            + ")";
    List<String> notes = new ArrayList<>();
    notes.add("all wired memory counts as the GPU's, since macOS does not tell how much is");
    if (pressure == MemoryPressure.UNKNOWN) {
      notes.add("memory pressure is not told: no kern.memorystatus_vm_pressure_level");
    } else if (pressure.isHigh()) {
      notes.add("the system says that memory is short (pressure level " + pressure + ")");
    }
    long limit = Math.min(metal, physical);
    return new MemoryState(
        "macOS",
        physical,
        Math.min(available, physical),
        List.of(new MemoryLimit(limit, Math.max(0, limit - wired), source, false)),
        List.<MemoryPart>of(),
        pressure,
        notes);
  }

  private static MemoryPressure pressure(String output) throws IOException {
    OptionalLong level = number(output, "kern.memorystatus_vm_pressure_level");
    if (level.isEmpty()) {
      return MemoryPressure.UNKNOWN;
    }
    return switch ((int) Math.min(level.getAsLong(), 9)) {
      case 1 -> MemoryPressure.NORMAL;
      case 2 -> MemoryPressure.WARNING;
      case 4 -> MemoryPressure.CRITICAL;
      default -> throw new IOException("not a pressure level of macOS: " + level.getAsLong());
    };
  }

  private static long pageSize(String output) throws IOException {
    Matcher matcher = PAGE_SIZE.matcher(output);
    if (!matcher.find()) {
      throw new IOException("vm_stat did not tell the size of a page");
    }
    return Long.parseLong(matcher.group(1));
  }

  private static long pages(String output, String name) throws IOException {
    return number(output, name)
        .orElseThrow(() -> new IOException("vm_stat did not tell '" + name + "'"));
  }

  private static long sysctl(String output, String name) throws IOException {
    return number(output, name).orElseThrow(() -> new IOException("sysctl did not tell " + name));
  }

  /** The number after {@code name:} at the beginning of a line. */
  private static OptionalLong number(String output, String name) throws IOException {
    for (String line : output.split("\n", -1)) {
      if (line.startsWith(name + ":")) {
        String value = line.substring(name.length() + 1).strip();
        String digits = value.endsWith(".") ? value.substring(0, value.length() - 1) : value;
        if (!digits.matches("[0-9]{1,15}")) {
          throw new IOException("not a number after " + name + ": " + value);
        }
        return OptionalLong.of(Long.parseLong(digits));
      }
    }
    return OptionalLong.empty();
  }
}
