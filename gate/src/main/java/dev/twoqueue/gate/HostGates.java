package dev.twoqueue.gate;

import dev.twoqueue.Gate;
import dev.twoqueue.gate.internal.Arguments;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The host's pre-flight check as one gate: load, conflicting processes, free disk, memory.
 *
 * <pre>{@code
 * Gate gate = HostGates.standard();
 *
 * Gate other = HostGates.builder()
 *     .load(LoadGate.absolute(4.0))
 *     .disk(DiskGate.standard().withKeepFreeBytes(100_000_000_000L))
 *     .withoutProcesses()
 *     .build();
 * }</pre>
 */
public final class HostGates {
  private HostGates() {}

  /**
   * All four with their defaults: {@link LoadGate} (a third of the cores), {@link ProcessGate},
   * {@link DiskGate} (30 GB) and {@link MemoryGate}.
   *
   * @return one gate, named "host"; thread-safe
   */
  public static Gate standard() {
    return builder().build();
  }

  /**
   * Begins with the defaults, each of which can be replaced or left out.
   *
   * @return a builder; not thread-safe
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds a host's gate. */
  public static final class Builder {
    private enum Part {
      LOAD,
      PROCESSES,
      DISK,
      MEMORY,
      POWER,
      QUIET_HOURS
    }

    /** A dead network mount hangs. */
    private static final Duration DISK_TIMEOUT = Duration.ofSeconds(3);

    private final Map<Part, Gate> gates = new EnumMap<>(Part.class);

    private Builder() {
      gates.put(Part.LOAD, LoadGate.standard());
      gates.put(Part.PROCESSES, ProcessGate.standard());
      gates.put(Part.DISK, Gates.withTimeout(DiskGate.standard(), DISK_TIMEOUT));
      gates.put(Part.MEMORY, MemoryGate.standard());
    }

    /**
     * Replaces the check of the load.
     *
     * @param gate usually a {@link LoadGate}
     * @return this
     */
    public Builder load(Gate gate) {
      return with(Part.LOAD, gate);
    }

    /**
     * Leaves the load out.
     *
     * @return this
     */
    public Builder withoutLoad() {
      return without(Part.LOAD);
    }

    /**
     * Replaces the check of conflicting processes.
     *
     * @param gate usually a {@link ProcessGate}
     * @return this
     */
    public Builder processes(Gate gate) {
      return with(Part.PROCESSES, gate);
    }

    /**
     * Leaves conflicting processes out.
     *
     * @return this
     */
    public Builder withoutProcesses() {
      return without(Part.PROCESSES);
    }

    /**
     * Replaces the check of the free disk space.
     *
     * @param gate usually a {@link DiskGate}
     * @return this
     */
    public Builder disk(Gate gate) {
      return with(Part.DISK, gate);
    }

    /**
     * Leaves the disk out.
     *
     * @return this
     */
    public Builder withoutDisk() {
      return without(Part.DISK);
    }

    /**
     * Replaces the check of the memory.
     *
     * @param gate usually a {@link MemoryGate}
     * @return this
     */
    public Builder memory(Gate gate) {
      return with(Part.MEMORY, gate);
    }

    /**
     * Leaves the memory out. No gate then sets a task's forecast against anything.
     *
     * @return this
     */
    public Builder withoutMemory() {
      return without(Part.MEMORY);
    }

    /**
     * Adds a check of battery and heat, which is not among the defaults.
     *
     * @param gate usually a {@link PowerGate}
     * @return this
     */
    public Builder power(Gate gate) {
      return with(Part.POWER, gate);
    }

    /**
     * Adds hours at which nothing heavy starts.
     *
     * @param gate usually {@link QuietHours}
     * @return this
     */
    public Builder quietHours(Gate gate) {
      return with(Part.QUIET_HOURS, gate);
    }

    /**
     * Builds.
     *
     * @return one gate, named "host"; thread-safe, if all parts are
     * @throws IllegalArgumentException when everything was left out
     */
    public Gate build() {
      return Gates.all("host", List.copyOf(gates.values()));
    }

    private Builder with(Part part, Gate gate) {
      gates.put(part, Arguments.notNull(gate, "gate"));
      return this;
    }

    private Builder without(Part part) {
      gates.remove(part);
      return this;
    }
  }
}
