package dev.twoqueue.gate.classify;

import dev.twoqueue.gate.classify.Outcome.Source;
import dev.twoqueue.gate.classify.RuleBook.ModelRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the format of {@code docs/classify.md}, line by line. */
final class RuleParser {
  private static final String VERSION = "1";
  private static final String ARROW = "->";

  private final String origin;
  private final List<Program> programs = new ArrayList<>();
  private final List<ModelRule> served = new ArrayList<>();
  private final List<ModelRule> models = new ArrayList<>();
  private final List<RequestRule> requests = new ArrayList<>();
  private final List<Glob> here = new ArrayList<>();
  private final List<Glob> elsewhere = new ArrayList<>();
  private final Map<String, String> providers = new HashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final Set<String> broad;
  private @Nullable ProgramDraft program;
  private boolean hasVersion;
  private String line = "";
  private int number;

  /** The lines of a program that were read so far. */
  private static final class ProgramDraft {
    final String names;
    final List<ProgramRule> rules = new ArrayList<>();
    Set<String> values = Set.of();
    Set<String> flags = Set.of();
    boolean stopsAtWord;
    boolean longWithOneDash;
    Source server = Source.NONE;
    String serverVariable = "";

    ProgramDraft(String names) {
      this.names = names;
    }
  }

  /** A parser for a text from somewhere, with the words that select more than one test. */
  RuleParser(String origin, Set<String> broad) {
    this.origin = origin;
    this.broad = new HashSet<>(broad);
  }

  RuleBook parse(String text) {
    for (String each : text.lines().toList()) {
      number++;
      line = each;
      try {
        List<String> tokens = RuleTokens.split(each);
        if (!tokens.isEmpty()) {
          read(tokens, Character.isWhitespace(each.charAt(0)));
        }
      } catch (RuleSyntaxException e) {
        throw e;
      } catch (IllegalArgumentException e) {
        throw new RuleSyntaxException(origin, number, e.getMessage() + ": " + each.strip());
      }
    }
    endProgram();
    return new RuleBook(programs, served, models, requests, here, elsewhere, providers);
  }

  Set<String> broad() {
    return broad;
  }

  private void read(List<String> tokens, boolean isIndented) {
    if (isIndented) {
      inProgram(tokens);
      return;
    }
    endProgram();
    List<String> rest = tokens.subList(1, tokens.size());
    if (tokens.get(0).equals("version")) {
      if (!rest.equals(List.of(VERSION))) {
        throw new IllegalArgumentException("only version " + VERSION + " can be read");
      }
      hasVersion = true;
      return;
    }
    if (!hasVersion) {
      throw new IllegalArgumentException("the first line must be 'version " + VERSION + "'");
    }
    switch (tokens.get(0)) {
      case "program" -> program = new ProgramDraft(String.join("|", words(rest)));
      case "light" -> programs.add(tool(words(rest)));
      case "broad" -> rest.forEach(word -> broad.add(word.toLowerCase(Locale.ROOT)));
      case "here" -> here.add(Glob.of(Hosts.labels(String.join("|", words(rest)))));
      case "elsewhere" -> elsewhere.add(Glob.of(Hosts.labels(String.join("|", words(rest)))));
      case "provider" -> words(rest).forEach(name -> providers.put(name, rest.get(0)));
      case "served" -> served.add(model("served", rest));
      case "model" -> models.add(model("model", rest));
      case "request" -> requests.add(request(rest));
      default -> throw new IllegalArgumentException("what is '" + tokens.get(0) + "'?");
    }
  }

  private static List<String> words(List<String> rest) {
    if (rest.isEmpty()) {
      throw new IllegalArgumentException("a name is missing");
    }
    return rest;
  }

  private WorkRule rule(String group) {
    int count = counts.merge(group, 1, Integer::sum);
    return new WorkRule(group + "/" + count, line.strip(), origin + ":" + number);
  }

  private Program tool(List<String> names) {
    ProgramRule light =
        new ProgramRule(
            rule("light"),
            List.of(),
            List.of(),
            new Options.Spelling(Set.of(), Set.of(), false),
            false,
            new Outcome.Light());
    return new Program(Glob.of(String.join("|", names)), List.of(light), Source.NONE, "", true);
  }

  private ModelRule model(String group, List<String> tokens) {
    int arrow = arrow(tokens);
    return new ModelRule(
        rule(group),
        Glob.of(String.join("|", words(tokens.subList(0, arrow)))),
        RuleTokens.outcome(tokens.subList(arrow + 1, tokens.size())));
  }

  private RequestRule request(List<String> tokens) {
    int arrow = arrow(tokens);
    if (arrow < 3) {
      throw new IllegalArgumentException("a request has a method, a host and a path");
    }
    String methods = tokens.get(0);
    return new RequestRule(
        rule("request"),
        methods.equals("*") ? Set.of() : Set.copyOf(Condition.alternatives(methods)),
        Glob.of(tokens.get(1)),
        Glob.of(tokens.get(2)),
        tokens.subList(3, arrow).stream().map(RequestRule.FieldTest::of).toList(),
        RuleTokens.outcome(tokens.subList(arrow + 1, tokens.size())));
  }

  private static int arrow(List<String> tokens) {
    int arrow = tokens.indexOf(ARROW);
    if (arrow < 0) {
      throw new IllegalArgumentException("'" + ARROW + "' is missing");
    }
    return arrow;
  }

  private void inProgram(List<String> tokens) {
    ProgramDraft draft = program;
    if (draft == null) {
      throw new IllegalArgumentException("an indented line belongs to a program");
    }
    List<String> rest = tokens.subList(1, tokens.size());
    if (tokens.contains(ARROW)) {
      draft.rules.add(programRule(draft, tokens));
      return;
    }
    switch (tokens.get(0)) {
      case "values" -> draft.values = Set.copyOf(rest);
      case "flags" -> draft.flags = Set.copyOf(rest);
      case "options-first" -> draft.stopsAtWord = true;
      case "one-dash-long" -> draft.longWithOneDash = true;
      case "server" -> {
        draft.serverVariable = words(rest).get(0);
        draft.server = new Source(rest.subList(1, rest.size()), 0);
      }
      default -> throw new IllegalArgumentException("'" + ARROW + "' is missing");
    }
  }

  private ProgramRule programRule(ProgramDraft draft, List<String> tokens) {
    List<ValueTest> subcommand = new ArrayList<>();
    List<Condition> conditions = new ArrayList<>();
    int arrow = arrow(tokens);
    for (String token : tokens.subList(0, arrow)) {
      RuleTokens.condition(token, broad)
          .ifPresentOrElse(
              conditions::add,
              () -> subcommand.add(token.equals("*") ? word -> true : ValueTest.of(token, broad)));
    }
    return new ProgramRule(
        rule(draft.names.split("\\|", 2)[0]),
        List.copyOf(subcommand),
        List.copyOf(conditions),
        new Options.Spelling(draft.values, draft.flags, draft.longWithOneDash),
        draft.stopsAtWord,
        RuleTokens.outcome(tokens.subList(arrow + 1, tokens.size())));
  }

  private void endProgram() {
    ProgramDraft draft = program;
    program = null;
    if (draft != null) {
      boolean isStarter = draft.rules.stream().anyMatch(ProgramRule::starts);
      programs.add(
          new Program(
              Glob.of(draft.names),
              draft.rules.stream().map(rule -> isStarter ? rule.ofStarter() : rule).toList(),
              draft.server,
              draft.serverVariable,
              false));
    }
  }
}
