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
    long physical = sysctl(output, "hw.memsize");
    Pages pages = new Pages(output, pageSize(output), physical);
    long used =
        pages.bytes("Pages active")
            + pages.bytes("Pages inactive")
            + pages.bytes("Pages speculative")
            + pages.bytes("Pages wired down")
            + pages.bytes("Pages occupied by compressor")
            - pages.bytes("Pages purgeable")
            - pages.bytes("File-backed pages");
    if (used <= 0) {
      throw new IOException("vm_stat tells of " + used + " bytes in use, which makes no sense");
    }
    OptionalLong metal = number(output, "iogpu.wired_limit_mb");
    return state(
        physical,
        Math.max(0, physical - used),
        pages.bytes("Pages wired down"),
        metal.orElse(0),
        pressure(output));
  }

  /** What vm_stat tells; no line of it can be more than there is. */
  private record Pages(String output, long size, long physical) {
    long bytes(String name) throws IOException {
      long pages =
          number(output, name)
              .orElseThrow(() -> new IOException("vm_stat did not tell '" + name + "'"));
      if (pages > physical / size) {
        throw new IOException("vm_stat tells of more memory than there is: " + name);
      }
      return pages * size;
    }
  }

  /**
   * The state of a Mac.
   *
   * @param metalMebibytes Metal's limit as set by hand; 0 for the default of the system
   */
  static MemoryState state(
      long physical, long available, long wired, long metalMebibytes, MemoryPressure pressure) {
    boolean set = metalMebibytes > 0;
    long metal =
        set ? Math.min(metalMebibytes, physical >> 20) << 20 : MetalDefault.bytes(physical);
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
    return Math.max(1, Long.parseLong(matcher.group(1)));
  }

  private static long sysctl(String output, String name) throws IOException {
    long value =
        number(output, name).orElseThrow(() -> new IOException("sysctl did not tell " + name));
    if (value == 0) {
      throw new IOException("sysctl tells that " + name + " is 0");
    }
    return value;
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
