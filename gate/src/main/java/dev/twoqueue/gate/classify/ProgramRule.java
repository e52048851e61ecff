package dev.twoqueue.gate.classify;

import dev.twoqueue.gate.internal.shell.Word;
import java.util.List;
import java.util.Optional;

/**
 * What a program's rule asks and says.
 *
 * @param subcommand the first words
 * @param stopsAtWord whether the options end with the first word that is none
 */
record ProgramRule(
    WorkRule rule,
    List<ValueTest> subcommand,
    List<Condition> conditions,
    Options.Spelling spelling,
    boolean stopsAtWord,
    Outcome outcome) {

  /** Whether it leads to another command. */
  boolean starts() {
    return outcome instanceof Outcome.Run
        || outcome instanceof Outcome.Script
        || outcome instanceof Outcome.Image
        || outcome instanceof Outcome.OnHost;
  }

  /**
   * The same for a program that starts others: what makes it light must be an option of its own,
   * not one of the command that it starts.
   */
  ProgramRule ofStarter() {
    boolean stops = outcome instanceof Outcome.Light && subcommand.isEmpty();
    return stops ? new ProgramRule(rule, subcommand, conditions, spelling, true, outcome) : this;
  }

  /** How a command meets this rule. */
  record Match(ProgramRule rule, Options options, List<Word> remaining) {
    /** The option's value or the word that a source names. */
    Optional<Word> find(Outcome.Source source) {
      Optional<Word> named =
          options.options().stream()
              .filter(option -> source.names().contains(option.name()))
              .map(Options.Option::value)
              .findFirst();
      return named.or(
          () ->
              source.position() > 0 && remaining.size() >= source.position()
                  ? Optional.of(remaining.get(source.position() - 1))
                  : Optional.empty());
    }

    /** Where the words begin that belong to a command of their own. */
    int rest(Outcome.Source after) {
      return options.options().stream()
          .filter(option -> after.names().contains(option.name()))
          .findFirst()
          .map(Options.Option::end)
          .orElse(options.rest());
    }

    /** Whether it has one of these flags, alone or among others: {@code -sI}. */
    boolean has(Outcome.Source flags) {
      return options.options().stream().anyMatch(option -> isOneOf(flags, option.name()));
    }

    private boolean isOneOf(Outcome.Source flags, String option) {
      boolean isCluster =
          option.length() > 2 && option.charAt(1) != '-' && rule.spelling.areFlags(option);
      return flags.names().contains(option)
          || (isCluster
              && flags.names().stream()
                  .anyMatch(flag -> flag.length() == 2 && option.indexOf(flag.charAt(1)) > 0));
    }
  }

  Optional<Match> match(Invocation invocation) {
    Options options = Options.read(invocation.arguments(), spelling, extent());
    List<Word> words = options.positionals();
    if (words.size() < subcommand.size()) {
      return Optional.empty();
    }
    for (int i = 0; i < subcommand.size(); i++) {
      if (!subcommand.get(i).holds(words.get(i))) {
        return Optional.empty();
      }
    }
    List<Word> remaining = words.subList(subcommand.size(), words.size());
    boolean holds =
        conditions.stream().allMatch(each -> each.holds(options, remaining, invocation));
    return holds ? Optional.of(new Match(this, options, remaining)) : Optional.empty();
  }

  private Options.Extent extent() {
    int words = subcommand.size();
    if (outcome instanceof Outcome.Run run) {
      boolean isBehindOption = !run.after().equals(Outcome.Source.NONE);
      return isBehindOption
          ? Options.Extent.ALL
          : new Options.Extent(words + run.skip(), run.skip() == 0);
    }
    boolean isScript =
        outcome instanceof Outcome.Script script && script.text().equals(Outcome.Source.NONE);
    if (isScript || outcome instanceof Outcome.Module) {
      return new Options.Extent(words, true);
    }
    boolean takesOne =
        stopsAtWord || outcome instanceof Outcome.Image || outcome instanceof Outcome.OnHost;
    return takesOne ? new Options.Extent(words + 1, false) : Options.Extent.ALL;
  }
}
