package dev.twoqueue.gate.classify;

import java.util.Objects;

/**
 * A rule as it was written.
 *
 * @param id unique among the rules that are listed together, for example {@code ollama/3}: the
 *     third of the rules for ollama
 * @param text the rule's line
 * @param origin where it was read, for example {@code standard:120}
 */
public record WorkRule(String id, String text, String origin) {
  public WorkRule {
    Objects.requireNonNull(id, "id must not be null");
    Objects.requireNonNull(text, "text must not be null");
    Objects.requireNonNull(origin, "origin must not be null");
  }
}
