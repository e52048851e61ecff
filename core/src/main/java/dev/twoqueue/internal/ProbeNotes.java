package dev.twoqueue.internal;

import dev.twoqueue.Residency;
import dev.twoqueue.ResidencyProbe;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a probe says beside what is resident.
 *
 * @param swapTimes by model
 * @param warnings for people
 */
record ProbeNotes(Map<String, Duration> swapTimes, List<String> warnings) {
  static final ProbeNotes NONE = new ProbeNotes(Map.of(), List.of());

  private static final Logger LOG = LoggerFactory.getLogger(ProbeNotes.class);
  private static final int MOST_WARNINGS = 16;
  private static final Duration LONGEST = Duration.ofDays(1);

  /** What was seen, and what was said with it. */
  record Seen(Residency residency, Optional<ProbeNotes> notes) {}

  /**
   * Asks a probe. Notes are for people: where they cannot be had, what was seen counts all the
   * same.
   *
   * @return null when the probe sees null
   */
  static @Nullable Seen ask(ResidencyProbe probe) throws Exception {
    Residency residency = probe.observe();
    if (residency == null) {
      return null;
    }
    try {
      Map<String, Duration> times = new HashMap<>(probe.swapTimes());
      times.values().removeIf(time -> time.isNegative() || time.compareTo(LONGEST) > 0);
      List<String> warnings = probe.warnings();
      warnings = List.copyOf(warnings.subList(0, Math.min(warnings.size(), MOST_WARNINGS)));
      return new Seen(residency, Optional.of(new ProbeNotes(Map.copyOf(times), warnings)));
    } catch (Throwable failed) {
      LOG.debug("The residency probe's swap times and warnings cannot be had", failed);
      return new Seen(residency, Optional.empty());
    }
  }
}
