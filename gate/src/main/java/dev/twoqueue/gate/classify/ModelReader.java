package dev.twoqueue.gate.classify;

import dev.twoqueue.LocalKind;
import dev.twoqueue.gate.classify.RuleBook.ModelRule;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From a model's name to its class. */
record ModelReader(RuleBook book) {

  /** A model that is asked for by name alone. */
  WorkClass read(String name) {
    if (name.isBlank() || name.length() > Glob.LONGEST) {
      return new WorkClass.Unknown("a name of " + name.length() + " characters is no model's", "");
    }
    return first(book.served(), name)
        .or(() -> first(book.models(), name))
        .map(rule -> of(rule, name, LocalKind.ORACLE))
        .orElseGet(() -> new WorkClass.Unknown("no rule knows the model " + name, ""));
  }

  /**
   * A model that a server on this machine is asked for.
   *
   * @param name null where it cannot be read
   * @param rule the rule that met the call
   */
  WorkClass served(LocalKind kind, @Nullable String name, WorkRule rule, String reason) {
    if (name == null || name.isBlank()) {
      return new WorkClass.LocalHeavy(kind, Optional.empty(), reason, rule.id());
    }
    return first(book.served(), name)
        .map(met -> of(met, name, kind))
        .orElseGet(() -> new WorkClass.LocalHeavy(kind, Optional.of(name), reason, rule.id()));
  }

  /** An embedding: light, unless its model is known for more. */
  WorkClass embedding(@Nullable String name, WorkRule rule) {
    if (name != null && first(book.served(), name).isEmpty()) {
      WorkClass known = read(name);
      if (known instanceof WorkClass.LocalHeavy) {
        return new WorkClass.LocalHeavy(
            LocalKind.LOAD,
            Optional.of(name),
            "an embedding by " + name + ", which is no embedding model, loads it",
            rule.id());
      }
    }
    return new WorkClass.Neither("an embedding passes the queues by", rule.id());
  }

  private static WorkClass of(ModelRule rule, String name, LocalKind kind) {
    String id = rule.rule().id();
    Optional<String> model = Optional.of(name);
    if (rule.outcome() instanceof Outcome.Remote remote) {
      return new WorkClass.Fleet(
          remote.provider(), model, name + " is a model of " + remote.provider(), id);
    }
    if (rule.outcome() instanceof Outcome.Light) {
      return new WorkClass.Neither(name + " is an embedding model", id);
    }
    if (rule.outcome() instanceof Outcome.Unclear) {
      return new WorkClass.Unknown(name + " may run here or elsewhere", id);
    }
    return new WorkClass.LocalHeavy(kind, model, name + " is a model of this machine", id);
  }

  private static Optional<ModelRule> first(List<ModelRule> rules, String name) {
    String text = name.strip();
    return rules.stream().filter(rule -> rule.names().matches(text)).findFirst();
  }
}
