package dev.twoqueue.gate.classify;

import dev.twoqueue.LocalKind;
import dev.twoqueue.gate.classify.Outcome.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads the words of a rule's line. A fault is an {@link IllegalArgumentException}. */
final class RuleTokens {
  private RuleTokens() {}

  /** Words are separated by spaces; double quotes keep spaces together. */
  static List<String> split(String line) {
    List<String> tokens = new ArrayList<>();
    StringBuilder token = new StringBuilder();
    boolean isQuoted = false;
    boolean isOpen = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        isQuoted = !isQuoted;
        isOpen = true;
      } else if (c == '#' && !isQuoted && !isOpen) {
        return tokens; // a comment
      } else if ((c != ' ' && c != '\t') || isQuoted) {
        token.append(c);
        isOpen = true;
      } else if (isOpen) {
        tokens.add(token.toString());
        token.setLength(0);
        isOpen = false;
      }
    }
    if (isQuoted) {
      throw new IllegalArgumentException("a quote is not closed");
    }
    if (isOpen) {
      tokens.add(token.toString());
    }
    return tokens;
  }

  /** A condition; empty where the token is a word of the subcommand. */
  static Optional<Condition> condition(String token, Set<String> broad) {
    if (token.equals("none")) {
      return Optional.of(new Condition.None());
    }
    if (token.equals("alone")) {
      return Optional.of(new Condition.NoInput());
    }
    int equals = token.indexOf('=');
    String name = equals < 0 ? token : token.substring(0, equals);
    ValueTest test = equals < 0 ? word -> true : ValueTest.of(token.substring(equals + 1), broad);
    if (name.startsWith("env:")) {
      return Optional.of(new Condition.Variable(name.substring("env:".length()), test));
    }
    if (equals > 0 && name.equals("each")) {
      return Optional.of(new Condition.Each(test));
    }
    if (equals > 0 && name.equals("next")) {
      return Optional.of(new Condition.Next(test));
    }
    if (equals > 0 && name.equals("some")) {
      return Optional.of(new Condition.Some(test));
    }
    boolean isWanted = !name.startsWith("!");
    String options = isWanted ? name : name.substring(1);
    if (options.startsWith("-") || options.startsWith("+")) {
      return Optional.of(new Condition.HasOption(Condition.alternatives(options), test, isWanted));
    }
    if (!isWanted) {
      throw new IllegalArgumentException("only an option can be ruled out, was " + token);
    }
    return Optional.empty();
  }

  static Outcome outcome(List<String> tokens) {
    Settings settings = new Settings(tokens);
    Outcome outcome = outcome(settings);
    settings.checkAllUsed();
    return outcome;
  }

  private static Outcome outcome(Settings settings) {
    String what = settings.next("an outcome");
    return switch (what) {
      case "heavy" -> new Outcome.Heavy(settings.kind(), settings.source("model"));
      case "served" -> new Outcome.Served(settings.kind(), settings.source("model"));
      case "embedding" -> new Outcome.Embedding(settings.source("model"));
      case "fleet" -> new Outcome.Remote(settings.next("a provider"));
      case "light" -> new Outcome.Light();
      case "unknown" -> new Outcome.Unclear();
      case "agent" -> {
        String provider = settings.next("a provider, or any");
        yield new Outcome.Agent(
            provider.equals("any") ? Optional.empty() : Optional.of(provider),
            settings.source("model"),
            settings.source("address"));
      }
      case "run" ->
          new Outcome.Run(
              settings.number("skip"), settings.source("after"), settings.flag("clean"));
      case "image" -> new Outcome.Image();
      case "script" -> new Outcome.Script(settings.source("text"), settings.flag("clean"));
      case "input" -> new Outcome.Input();
      case "module" -> new Outcome.Module(settings.next("an option"));
      case "file" -> new Outcome.File();
      case "on-host" -> new Outcome.OnHost();
      case "fetch" ->
          new Outcome.Fetch(
              settings.source("method"),
              settings.source("body"),
              settings.source("head"),
              settings.source("get"),
              settings.source("url"),
              settings.flag("items"));
      default -> throw new IllegalArgumentException("there is no outcome '" + what + "'");
    };
  }

  /** The words behind the arrow. */
  private static final class Settings {
    private final List<String> left;

    Settings(List<String> tokens) {
      this.left = new ArrayList<>(tokens);
    }

    String next(String what) {
      if (left.isEmpty()) {
        throw new IllegalArgumentException(what + " is missing");
      }
      return left.remove(0);
    }

    LocalKind kind() {
      String name = next("a kind");
      try {
        return LocalKind.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("there is no kind '" + name + "'", e);
      }
    }

    boolean flag(String name) {
      return left.remove(name);
    }

    int number(String name) {
      return source(name).position();
    }

    Source source(String name) {
      for (String token : left) {
        if (token.startsWith(name + "=")) {
          left.remove(token);
          String value = token.substring(name.length() + 1);
          return value.matches("[1-9]")
              ? new Source(List.of(), Integer.parseInt(value))
              : new Source(Condition.alternatives(value), 0);
        }
      }
      return Source.NONE;
    }

    void checkAllUsed() {
      if (!left.isEmpty()) {
        throw new IllegalArgumentException("what is " + left + "?");
      }
    }
  }
}
