package dev.twoqueue.gate.classify;

import dev.twoqueue.LocalKind;
import java.util.Objects;
import java.util.Optional;

/** What a piece of work does to this machine, and how that is known. Immutable. */
public sealed interface WorkClass {

  /**
   * Why.
   *
   * @return a few words for people; never blank
   */
  String reason();

  /**
   * The rule that said so.
   *
   * @return its {@link WorkRule#id}; empty where no rule met the work
   */
  String rule();

  /**
   * Saturates this machine.
   *
   * @param kind what it does
   * @param model the model that it is about, as it was named; empty where none is, or none could be
   *     read
   * @param reason why
   * @param rule the rule that said so
   */
  record LocalHeavy(LocalKind kind, Optional<String> model, String reason, String rule)
      implements WorkClass {
    public LocalHeavy {
      Objects.requireNonNull(kind, "kind must not be null");
      Objects.requireNonNull(model, "model must not be null");
      check(reason, rule);
    }
  }

  /**
   * Waits on a service elsewhere.
   *
   * @param provider the service, by the name that the rules use, or the name of its host
   * @param model the model that it is about, as it was named; empty where none could be read
   * @param reason why
   * @param rule the rule that said so
   */
  record Fleet(String provider, Optional<String> model, String reason, String rule)
      implements WorkClass {
    public Fleet {
      Objects.requireNonNull(provider, "provider must not be null");
      Objects.requireNonNull(model, "model must not be null");
      check(reason, rule);
    }
  }

  /**
   * Light: neither saturates the machine nor waits on a model elsewhere.
   *
   * @param reason why
   * @param rule the rule that said so
   */
  record Neither(String reason, String rule) implements WorkClass {
    public Neither {
      check(reason, rule);
    }
  }

  /**
   * No rule tells. Never to be taken for light; an {@link UnknownPolicy} says for what.
   *
   * @param reason what is not known
   * @param rule the rule that says that it cannot be known; empty where no rule met the work
   */
  record Unknown(String reason, String rule) implements WorkClass {
    public Unknown {
      check(reason, rule);
    }
  }

  private static void check(String reason, String rule) {
    if (reason.isBlank()) {
      throw new IllegalArgumentException("reason must not be blank");
    }
    Objects.requireNonNull(rule, "rule must not be null");
  }
}
