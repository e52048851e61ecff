package dev.twoqueue.gate.classify;

import dev.twoqueue.gate.internal.shell.Word;
import java.util.Arrays;
import java.util.List;

/** What a rule asks of a command, beside its subcommand. */
sealed interface Condition {

  /** How many words may be named for "each" to hold: more of them are no single test. */
  int FEW = 3;

  boolean holds(Options options, List<Word> remaining, Invocation invocation);

  /** {@code -k|--keyword=one}: an option, with a value that passes a test. */
  record HasOption(List<String> names, ValueTest test, boolean isWanted) implements Condition {
    @Override
    public boolean holds(Options options, List<Word> remaining, Invocation invocation) {
      return isWanted
          == options.options().stream()
              .anyMatch(option -> names.contains(option.name()) && test.holds(option.value()));
    }
  }

  /** {@code each=*.py}: few words, and all of them pass. */
  record Each(ValueTest test) implements Condition {
    @Override
    public boolean holds(Options options, List<Word> remaining, Invocation invocation) {
      return !remaining.isEmpty()
          && remaining.size() <= FEW
          && remaining.stream().allMatch(test::holds);
    }
  }

  /** {@code some=/**}: a word that passes. */
  record Some(ValueTest test) implements Condition {
    @Override
    public boolean holds(Options options, List<Word> remaining, Invocation invocation) {
      return remaining.stream().anyMatch(test::holds);
    }
  }

  /** {@code next=jest}: the word with which the command begins that this one starts. */
  record Next(ValueTest test) implements Condition {
    @Override
    public boolean holds(Options options, List<Word> remaining, Invocation invocation) {
      List<Word> arguments = invocation.arguments();
      return options.rest() < arguments.size() && test.holds(arguments.get(options.rest()));
    }
  }

  /** {@code none}: no word. */
  record None() implements Condition {
    @Override
    public boolean holds(Options options, List<Word> remaining, Invocation invocation) {
      return remaining.isEmpty();
    }
  }

  /** {@code alone}: neither words nor a pipe or text to read. */
  record NoInput() implements Condition {
    @Override
    public boolean holds(Options options, List<Word> remaining, Invocation invocation) {
      return invocation.input().isEmpty() && invocation.from().isEmpty();
    }
  }

  /** {@code env:NAME=1}: a variable that is set for this command. */
  record Variable(String name, ValueTest test) implements Condition {
    @Override
    public boolean holds(Options options, List<Word> remaining, Invocation invocation) {
      return invocation.environment().sure(name).filter(test::holds).isPresent();
    }
  }

  static List<String> alternatives(String source) {
    return Arrays.asList(source.split("\\|", -1));
  }
}
