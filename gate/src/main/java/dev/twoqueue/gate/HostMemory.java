package dev.twoqueue.gate;

import dev.twoqueue.MemoryBudget;
import dev.twoqueue.MemoryForecast;
import dev.twoqueue.MemoryPart;
import dev.twoqueue.gate.internal.Arguments;
import dev.twoqueue.gate.memory.MemoryFigures;
import dev.twoqueue.gate.memory.MemoryLimit;
import dev.twoqueue.gate.memory.MemoryState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * The memory budget of a machine, from what it tells and from named terms.
 *
 * <ul>
 *   <li><b>Total</b>: physical memory less the term "operating system" (5 %, at least 1 GiB), or
 *       the tightest other limit: the control groups of this process with all ancestors, Metal's
 *       working set on macOS, the commit limit on Windows.
 *   <li><b>Free</b>: what the system calls available, at most what is left under each limit.
 *   <li><b>Reserved</b>: kept free on purpose, by the terms "spikes" (1 GiB: what allocators and
 *       prompts take for a moment beyond any forecast), "fragmentation" (1 % of the total) and
 *       "kernel allocations" (0.25 %, at least 128 MiB: page tables, network and disk buffers). 2.1
 *       GiB of 91, 1.3 of 15.
 *   <li><b>Claimed</b>: pages that are yet to be written to disk (a download in flight), and what
 *       the host says that others will still take.
 * </ul>
 *
 * <p>Swap is not counted: a model that swaps is worse than one that waits. What a system does not
 * tell is a line of the budget, not a guess.
 *
 * <p>The control group is this JVM's. Where the model server runs outside of it, use {@link
 * #withoutControlGroups}.
 *
 * <p>Immutable, and thread-safe if figures and claims are.
 */
public final class HostMemory implements MemorySource {
  private static final long MIB = 1L << 20;

  /** What the operating system needs: not counted as memory at all. */
  public static final MemoryTerm OPERATING_SYSTEM =
      new MemoryTerm("operating system", 0.05, 1024 * MIB);

  /** What is kept free by default. */
  public static final List<MemoryTerm> MARGINS =
      List.of(
          MemoryTerm.of("spikes", 1024 * MIB),
          new MemoryTerm("fragmentation", 0.01, 0),
          new MemoryTerm("kernel allocations", 0.0025, 128 * MIB));

  private final MemoryFigures figures;
  private final MemoryTerm system;
  private final List<MemoryTerm> margins;
  private final Supplier<? extends Collection<MemoryPart>> claims;
  private final boolean controlGroups;

  private HostMemory(
      MemoryFigures figures,
      MemoryTerm system,
      List<MemoryTerm> margins,
      Supplier<? extends Collection<MemoryPart>> claims,
      boolean controlGroups) {
    this.figures = figures;
    this.system = system;
    this.margins = margins;
    this.claims = claims;
    this.controlGroups = controlGroups;
  }

  /**
   * This machine, with the default terms.
   *
   * @return the source
   */
  public static HostMemory standard() {
    return of(MemoryFigures.live());
  }

  /**
   * Another machine, or a recorded state of one, with the default terms.
   *
   * @param figures what it tells
   * @return the source
   */
  public static HostMemory of(MemoryFigures figures) {
    return new HostMemory(
        Arguments.notNull(figures, "figures"), OPERATING_SYSTEM, MARGINS, List::of, true);
  }

  /**
   * The same with another need of the operating system.
   *
   * @param need a share of the physical memory
   * @return a copy
   */
  public HostMemory withOperatingSystem(MemoryTerm need) {
    return new HostMemory(figures, Arguments.notNull(need, "need"), margins, claims, controlGroups);
  }

  /**
   * The same with other margins.
   *
   * @param terms what is kept free, as shares of the total; may be empty
   * @return a copy
   */
  public HostMemory withMargins(Collection<MemoryTerm> terms) {
    return new HostMemory(figures, system, Arguments.copyOf(terms, "terms"), claims, controlGroups);
  }

  /**
   * The same with what the host knows that others will still take: the growth of something that
   * runs, a download that it counts.
   *
   * @param others asked at every look; an exception fails the look, which holds
   * @return a copy
   */
  public HostMemory withClaims(Supplier<? extends Collection<MemoryPart>> others) {
    return new HostMemory(
        figures, system, margins, Arguments.notNull(others, "others"), controlGroups);
  }

  /**
   * The same without a look at control groups: for a JVM in a small container beside a model server
   * that is outside of it.
   *
   * @return a copy
   */
  public HostMemory withoutControlGroups() {
    return new HostMemory(figures, system, margins, claims, false);
  }

  @Override
  public MemoryBudget budget() throws IOException {
    MemoryState state = Arguments.notNull(figures.read(), "the state of the memory");
    List<String> notes = new ArrayList<>();
    long forSystem = system.of(state.physicalBytes()).bytes();
    long total = Math.max(0, state.physicalBytes() - forSystem);
    long free = state.availableBytes();
    notes.add(
        limitNote("physical memory", state.physicalBytes(), free)
            + ", "
            + MemoryForecast.gib(forSystem)
            + " kept for the "
            + system.name());
    for (MemoryLimit limit : state.limits()) {
      if (controlGroups || !limit.thisProcessOnly()) {
        total = Math.min(total, limit.limitBytes());
        free = Math.min(free, limit.availableBytes());
        notes.add(limitNote(limit.source(), limit.limitBytes(), limit.availableBytes()));
      }
    }
    notes.addAll(state.notes());
    return budget(state, total, Math.min(free, total), notes);
  }

  private MemoryBudget budget(MemoryState state, long total, long free, List<String> notes) {
    List<MemoryPart> reserved = new ArrayList<>(margins.size());
    for (MemoryTerm margin : margins) {
      reserved.add(margin.of(total));
    }
    List<MemoryPart> claimed = new ArrayList<>(state.pending());
    claimed.addAll(Arguments.copyOf(claims.get(), "claims"));
    return new MemoryBudget(
        total,
        free,
        List.of(),
        reserved,
        claimed,
        List.of(),
        state.pressure(),
        "the memory as " + state.machine() + " counts it",
        notes);
  }

  private static String limitNote(String source, long limit, long left) {
    return source + ": " + MemoryForecast.gib(limit) + ", " + MemoryForecast.gib(left) + " left";
  }
}
