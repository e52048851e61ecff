package dev.twoqueue.gate.classify;

import dev.twoqueue.gate.internal.shell.ShellCommand;
import dev.twoqueue.gate.internal.shell.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** From a program with its arguments to the class of what it does. */
final class CommandReader {
  private final RuleBook book;
  private final Hosts hosts;
  private final Work work;

  CommandReader(RuleBook book, Hosts hosts, Work work) {
    this.book = book;
    this.hosts = hosts;
    this.work = work;
  }

  WorkClass read(Invocation invocation) {
    Word program = invocation.words().get(0);
    if (!program.literal()) {
      return unknown("which program '" + shown(program.text()) + "' is cannot be told");
    }
    return read(ProgramName.of(program.text()), invocation);
  }

  WorkClass read(ProgramName name, Invocation invocation) {
    if (!work.allows(invocation.depth())) {
      return unknown("there are too many commands in commands");
    }
    for (Program program : book.index().candidates(name)) {
      boolean isIt = name.is(program);
      if (isIt || name.maybe(program)) {
        Optional<WorkClass> found = read(program, invocation);
        if (found.isPresent()) {
          return isIt ? found.get() : notLight(found.get(), name);
        }
      }
    }
    boolean asksForHelp =
        name.kind() == ProgramName.Kind.INSTALLED
            && invocation.words().size() == 2
            && isHelp(invocation.words().get(1));
    return asksForHelp
        ? new WorkClass.Neither(name.name() + " only tells about itself", "help")
        : unknown("no rule knows the program " + shown(name.name()));
  }

  private static boolean isHelp(Word word) {
    return word.literal() && (word.text().equals("--help") || word.text().equals("--version"));
  }

  private static WorkClass notLight(WorkClass found, ProgramName name) {
    return found instanceof WorkClass.LocalHeavy
        ? found
        : unknown("what the script " + shown(name.name()) + " does cannot be told");
  }

  private Optional<WorkClass> read(Program program, Invocation invocation) {
    for (ProgramRule rule : program.rules()) {
      Optional<ProgramRule.Match> match = rule.match(invocation);
      if (match.isPresent()) {
        WorkClass local = read(match.get(), invocation);
        return Optional.of(
            new ServerReader(book, hosts).read(program, match.get(), invocation, local));
      }
    }
    return Optional.empty();
  }

  private WorkClass read(ProgramRule.Match match, Invocation invocation) {
    Outcome outcome = match.rule().outcome();
    WorkRule rule = match.rule().rule();
    String reason = reason(match, invocation);
    if (outcome instanceof Outcome.Heavy heavy) {
      return new WorkClass.LocalHeavy(
          heavy.kind(), text(match.find(heavy.model())), reason, rule.id());
    }
    if (outcome instanceof Outcome.Served served) {
      Optional<String> model = text(match.find(served.model()));
      return new ModelReader(book).served(served.kind(), model.orElse(null), rule, reason);
    }
    if (outcome instanceof Outcome.Remote remote) {
      return new WorkClass.Fleet(remote.provider(), Optional.empty(), reason, rule.id());
    }
    if (outcome instanceof Outcome.Light) {
      return new WorkClass.Neither(reason, rule.id());
    }
    if (outcome instanceof Outcome.Agent agent) {
      return new AgentReader(book, hosts).read(agent, match, invocation, reason);
    }
    if (outcome instanceof Outcome.Fetch fetch) {
      return new FetchReader(new RequestReader(book, hosts)).read(fetch, match, reason);
    }
    if (outcome instanceof Outcome.Unclear || outcome instanceof Outcome.Embedding) {
      return new WorkClass.Unknown(reason, rule.id());
    }
    return further(match, invocation, reason);
  }

  /** Outcomes that lead to another command. */
  private WorkClass further(ProgramRule.Match match, Invocation invocation, String reason) {
    Outcome outcome = match.rule().outcome();
    if (outcome instanceof Outcome.Run run) {
      return started(run, match, invocation, reason);
    }
    if (outcome instanceof Outcome.OnHost) {
      return onHost(match, invocation, reason);
    }
    if (outcome instanceof Outcome.Image) {
      return image(match, invocation, reason);
    }
    if (outcome instanceof Outcome.Script script) {
      return script(script, match, invocation, reason);
    }
    if (outcome instanceof Outcome.Input) {
      return input(match, invocation, reason);
    }
    if (outcome instanceof Outcome.Module module) {
      return module(module, match, invocation, reason);
    }
    return match.remaining().isEmpty()
        ? new WorkClass.Unknown(reason, match.rule().rule().id())
        : file(match, invocation);
  }

  private WorkClass started(
      Outcome.Run run, ProgramRule.Match match, Invocation invocation, String reason) {
    int rest = match.rest(run.after());
    List<Word> arguments = invocation.arguments();
    if (rest >= arguments.size()) {
      return new WorkClass.Neither(reason + " starts nothing", match.rule().rule().id());
    }
    Environment environment =
        run.clearsEnvironment() ? invocation.environment().cleared() : invocation.environment();
    WorkClass inner = inner(arguments.subList(rest, arguments.size()), invocation, environment);
    if (match.options().restIsSure() || rest + 1 >= arguments.size()) {
      return inner;
    }
    // The option before it is not known: its value may have been taken for the program.
    Heaviest heaviest = new Heaviest();
    heaviest.add(inner);
    heaviest.add(inner(arguments.subList(rest + 1, arguments.size()), invocation, environment));
    return heaviest.or(inner);
  }

  private WorkClass inner(List<Word> words, Invocation invocation, Environment environment) {
    ShellCommand command = new ShellCommand(words, invocation.input(), invocation.from(), 0, false);
    return new ScriptReader(book, hosts).read(command, environment, invocation.depth() + 1, work);
  }

  private WorkClass onHost(ProgramRule.Match match, Invocation invocation, String reason) {
    String id = match.rule().rule().id();
    if (match.remaining().isEmpty()) {
      return new WorkClass.Unknown(reason + " names no host", id);
    }
    Word host = match.remaining().get(0);
    boolean isHere =
        host.literal()
            && Address.of(host.text())
                .filter(address -> hosts.of(address.host()) == Hosts.Place.HERE)
                .filter(address -> !address.host().matches("[\\d.]+") || isLoopback(address))
                .isPresent();
    List<Word> rest = rest(match, invocation);
    if (isHere && !rest.isEmpty()) {
      return text(rest, invocation, true);
    }
    return host.literal() || !rest.isEmpty()
        ? new WorkClass.Neither(reason + " works on another machine", id)
        : new WorkClass.Unknown(reason, id);
  }

  /** Whoever logs in to a private address hardly means this machine, unlike whoever calls one. */
  private static boolean isLoopback(Address address) {
    return address.host().startsWith("127.");
  }

  private WorkClass image(ProgramRule.Match match, Invocation invocation, String reason) {
    String id = match.rule().rule().id();
    if (match.remaining().isEmpty() || !match.remaining().get(0).literal()) {
      return new WorkClass.Unknown(reason, id);
    }
    ProgramName image = ProgramName.image(match.remaining().get(0).text());
    List<Word> rest = rest(match, invocation);
    List<Word> asProgram = new ArrayList<>();
    asProgram.add(Word.of(image.name()));
    asProgram.addAll(rest);
    WorkClass made =
        read(image, invocation.starting(asProgram, invocation.environment().cleared()));
    boolean isItsOwn =
        !made.rule().isEmpty() || rest.isEmpty() || rest.get(0).text().startsWith("-");
    return isItsOwn ? made : inner(rest, invocation, invocation.environment().cleared());
  }

  private WorkClass script(
      Outcome.Script script, ProgramRule.Match match, Invocation invocation, String reason) {
    Optional<Word> named = match.find(script.text());
    if (!script.text().equals(Outcome.Source.NONE)) {
      return named.isEmpty()
          ? new WorkClass.Unknown(reason, match.rule().rule().id())
          : text(List.of(named.get()), invocation, script.clearsEnvironment());
    }
    List<Word> rest = rest(match, invocation);
    return rest.isEmpty()
        ? new WorkClass.Neither(reason + " runs nothing", match.rule().rule().id())
        : text(rest, invocation, script.clearsEnvironment());
  }

  /** A script that is put together of words, as far as they can be told. */
  private WorkClass text(List<Word> words, Invocation invocation, boolean clears) {
    Environment environment =
        clears ? invocation.environment().cleared() : invocation.environment();
    String text = words.stream().map(Word::text).collect(Collectors.joining(" "));
    if (!work.allows(invocation.depth() + 1)) {
      return unknown("there are too many commands in commands");
    }
    return new ScriptReader(book, hosts).read(text, environment, invocation.depth() + 1, work);
  }

  private WorkClass input(ProgramRule.Match match, Invocation invocation, String reason) {
    if (invocation.input().isPresent()) {
      return text(List.of(Word.of(invocation.input().get())), invocation, false);
    }
    List<Word> before = invocation.from().map(ShellCommand::words).orElse(List.of());
    boolean isEcho =
        !before.isEmpty()
            && (before.get(0).equals(Word.of("echo")) || before.get(0).equals(Word.of("printf")))
            && before.stream().allMatch(Word::literal);
    return isEcho
        ? text(before.subList(1, before.size()), invocation, false)
        : new WorkClass.Unknown(
            reason + " runs what it reads, which cannot be told", match.rule().rule().id());
  }

  private WorkClass module(
      Outcome.Module module, ProgramRule.Match match, Invocation invocation, String reason) {
    Options.Option option =
        match.options().options().stream()
            .filter(each -> each.name().equals(module.option()))
            .findFirst()
            .orElseThrow();
    List<Word> arguments = invocation.arguments();
    if (!option.value().literal() || option.value().text().isEmpty()) {
      return new WorkClass.Unknown(reason, match.rule().rule().id());
    }
    List<Word> words = new ArrayList<>();
    words.add(option.value());
    words.addAll(arguments.subList(option.end(), arguments.size()));
    return read(
        ProgramName.module(option.value().text()),
        invocation.starting(words, invocation.environment()));
  }

  private WorkClass file(ProgramRule.Match match, Invocation invocation) {
    Word file = match.remaining().get(0);
    if (!file.literal()) {
      return unknown("which script '" + shown(file.text()) + "' is cannot be told");
    }
    List<Word> words = new ArrayList<>();
    words.add(file);
    words.addAll(rest(match, invocation));
    String folder =
        invocation
            .environment()
            .possible(ScriptReader.FOLDER::equals)
            .filter(Word::literal)
            .map(word -> word.text() + "/")
            .findFirst()
            .orElse("");
    return read(
        ProgramName.file(folder + file.text()),
        invocation.starting(words, invocation.environment()));
  }

  private static List<Word> rest(ProgramRule.Match match, Invocation invocation) {
    List<Word> arguments = invocation.arguments();
    return arguments.subList(Math.min(match.options().rest(), arguments.size()), arguments.size());
  }

  private static Optional<String> text(Optional<Word> word) {
    return word.filter(Word::literal).map(Word::text).filter(text -> !text.isBlank());
  }

  private static String reason(ProgramRule.Match match, Invocation invocation) {
    String program = shown(ProgramName.of(invocation.words().get(0).text()).name());
    int words = match.rule().subcommand().size();
    return match.options().positionals().stream()
        .limit(words)
        .map(word -> " " + shown(word.text()))
        .collect(Collectors.joining("", program, ""));
  }

  /** Short, and of one line. */
  static String shown(String text) {
    String line = text.replaceAll("[\\s\\p{Cntrl}\\p{Cf}]+", " ").strip();
    String some = line.isEmpty() ? "?" : line;
    return some.length() <= 60 ? some : some.substring(0, 59) + "…";
  }

  private static WorkClass unknown(String reason) {
    return new WorkClass.Unknown(reason, "");
  }
}
