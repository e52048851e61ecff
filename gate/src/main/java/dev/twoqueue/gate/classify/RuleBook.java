package dev.twoqueue.gate.classify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Rules in the form in which they are used. Within each list the first that holds counts.
 *
 * @param served names of models that a server on this machine passes on, or that embed
 * @param models names of models
 */
record RuleBook(
    List<Program> programs,
    ProgramIndex index,
    List<ModelRule> served,
    List<ModelRule> models,
    List<RequestRule> requests,
    List<Glob> here,
    List<Glob> elsewhere,
    Map<String, String> providers) {

  RuleBook(
      List<Program> programs,
      List<ModelRule> served,
      List<ModelRule> models,
      List<RequestRule> requests,
      List<Glob> here,
      List<Glob> elsewhere,
      Map<String, String> providers) {
    this(
        List.copyOf(programs),
        new ProgramIndex(programs),
        List.copyOf(served),
        List.copyOf(models),
        List.copyOf(requests),
        List.copyOf(here),
        List.copyOf(elsewhere),
        Map.copyOf(providers));
  }

  /** What a model's name says. */
  record ModelRule(WorkRule rule, Glob names, Outcome outcome) {}

  static RuleBook empty() {
    return new RuleBook(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), Map.of());
  }

  /** These rules, before those of another. */
  RuleBook before(RuleBook other) {
    Map<String, String> names = new HashMap<>(other.providers);
    names.putAll(providers);
    return new RuleBook(
        joined(other, RuleBook::programs),
        joined(other, RuleBook::served),
        joined(other, RuleBook::models),
        joined(other, RuleBook::requests),
        joined(other, RuleBook::here),
        joined(other, RuleBook::elsewhere),
        names);
  }

  private <T> List<T> joined(RuleBook other, Function<RuleBook, List<T>> part) {
    List<T> all = new ArrayList<>(part.apply(this));
    all.addAll(part.apply(other));
    return all;
  }

  /** Without the programs that a name belongs to. */
  RuleBook without(String program) {
    return new RuleBook(
        programs.stream().filter(each -> !each.names().matches(program)).toList(),
        served,
        models,
        requests,
        here,
        elsewhere,
        providers);
  }
}
