package dev.twoqueue.gate.classify;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Rules that say what counts as heavy. Immutable. The format is that of {@code docs/classify.md}.
 */
public final class WorkRules {
  private static final class Standard {
    static final WorkRules RULES = read();

    private static WorkRules read() {
      try (InputStream in = WorkRules.class.getResourceAsStream("standard.rules")) {
        String text =
            new String(
                Objects.requireNonNull(in, "standard.rules is missing").readAllBytes(),
                StandardCharsets.UTF_8);
        return parse("standard", text, Set.of());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final RuleBook book;
  private final Set<String> broad;

  private WorkRules(RuleBook book, Set<String> broad) {
    this.book = book;
    this.broad = broad;
  }

  /**
   * The rules that come with the library.
   *
   * @return always the same
   */
  public static WorkRules standard() {
    return Standard.RULES;
  }

  /**
   * No rules: everything is unknown.
   *
   * @return always the same
   */
  public static WorkRules none() {
    return new WorkRules(RuleBook.empty(), Set.of());
  }

  /**
   * These rules, and some more that are tried before them. Where a program has rules in both, the
   * first that meets the command counts, those of the new ones first.
   *
   * @param origin where the text comes from, for messages and {@link WorkRule#origin}
   * @param text the rules; its first line is {@code version 1}
   * @return a copy
   * @throws RuleSyntaxException when the text cannot be read
   */
  public WorkRules with(String origin, String text) {
    WorkRules added =
        parse(
            Objects.requireNonNull(origin, "origin must not be null"),
            Objects.requireNonNull(text, "text must not be null"),
            broad);
    return new WorkRules(added.book.before(book), added.broad);
  }

  /**
   * These rules without those for some programs: what is to be replaced.
   *
   * @param programs base names
   * @return a copy
   */
  public WorkRules without(String... programs) {
    RuleBook left = book;
    for (String program : programs) {
      left = left.without(Objects.requireNonNull(program, "program must not be null"));
    }
    return new WorkRules(left, broad);
  }

  private static WorkRules parse(String origin, String text, Set<String> broad) {
    RuleParser parser = new RuleParser(origin, broad);
    RuleBook book = parser.parse(text);
    return new WorkRules(book, new HashSet<>(parser.broad()));
  }

  /**
   * All rules, in the order in which they are tried.
   *
   * @return unmodifiable
   */
  public List<WorkRule> list() {
    List<WorkRule> all = new ArrayList<>();
    book.programs().forEach(program -> program.rules().forEach(rule -> all.add(rule.rule())));
    Stream.concat(book.served().stream(), book.models().stream())
        .forEach(rule -> all.add(rule.rule()));
    book.requests().forEach(rule -> all.add(rule.rule()));
    return List.copyOf(all);
  }

  /**
   * The name that the rules use for a provider: {@code google} is {@code gemini}.
   *
   * @param name any name
   * @return the same where no rule knows another
   */
  public String provider(String name) {
    return book.providers().getOrDefault(name, name);
  }

  RuleBook book() {
    return book;
  }
}
