package dev.twoqueue.gate.classify;

import dev.twoqueue.gate.internal.shell.ShellCommand;
import dev.twoqueue.gate.internal.shell.ShellScript;
import dev.twoqueue.gate.internal.shell.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** From a script to its class: that of its heaviest command. */
final class ScriptReader {
  private static final Pattern ASSIGNMENT = Pattern.compile("(\\w+)\\+?=(.*)", Pattern.DOTALL);
  private static final int MOST_VARIABLES = 100;
  private static final String NOT_A_RULE = "";

  /** The variable of the folder that a script is in. */
  static final String FOLDER = "PWD";

  private final RuleBook book;
  private final Hosts hosts;

  ScriptReader(RuleBook book, Hosts hosts) {
    this.book = book;
    this.hosts = hosts;
  }

  /** A variable that a command of the script hands to those behind it. */
  private record Export(String name, Word value, int chain, boolean unconditional) {}

  WorkClass read(String text, Environment environment, int depth, Work work) {
    ShellScript script = ShellScript.read(text);
    Heaviest heaviest = new Heaviest();
    script
        .problem()
        .ifPresent(
            problem ->
                heaviest.add(
                    new WorkClass.Unknown("it cannot be read to its end: " + problem, NOT_A_RULE)));
    List<Export> exports = new ArrayList<>();
    for (ShellCommand command : script.commands()) {
      if (heaviest.isFinal()) {
        break;
      }
      collectExports(command, exports);
      Environment own = exports.isEmpty() ? environment : with(environment, exports, command);
      heaviest.add(read(command, own, depth, work));
    }
    if (exports.size() > MOST_VARIABLES) {
      heaviest.add(new WorkClass.Unknown("it sets more variables than are read", NOT_A_RULE));
    }
    return heaviest.or(new WorkClass.Neither("there is no command in it", "empty"));
  }

  WorkClass read(ShellCommand command, Environment environment, int depth, Work work) {
    List<Word> words = command.words();
    int first = 0;
    Environment own = environment;
    while (first < words.size() && ASSIGNMENT.matcher(words.get(first).text()).matches()) {
      if (first > MOST_VARIABLES) {
        return new WorkClass.Unknown("it sets more variables than are read", NOT_A_RULE);
      }
      Export set = assignment(words.get(first), command);
      own = own.with(set.name, set.value, true);
      first++;
    }
    if (first == words.size()) {
      return new WorkClass.Neither("it only sets variables", "assignment");
    }
    return new CommandReader(book, hosts, work)
        .read(
            new Invocation(
                words.subList(first, words.size()), own, command.input(), command.from(), depth));
  }

  private static Export assignment(Word word, ShellCommand command) {
    String text = word.text();
    int equals = text.indexOf('=');
    String name = text.substring(0, equals).replace("+", "");
    return new Export(
        name,
        new Word(text.substring(equals + 1), word.literal()),
        command.chain(),
        command.unconditional());
  }

  private static void collectExports(ShellCommand command, List<Export> exports) {
    List<Word> words = command.words();
    boolean exporting = !words.isEmpty() && words.get(0).equals(Word.of("export"));
    if (words.size() == 2 && words.get(0).equals(Word.of("cd"))) {
      exports.add(new Export(FOLDER, words.get(1), command.chain(), command.unconditional()));
    }
    for (Word word : words.subList(exporting ? 1 : 0, words.size())) {
      boolean sets = ASSIGNMENT.matcher(word.text()).matches();
      if (sets && exports.size() <= MOST_VARIABLES) {
        Export export = assignment(word, command);
        // Without "export" it may be the shell's alone, so nothing can be sure about it.
        exports.add(exporting ? export : new Export(export.name, export.value, -1, false));
      } else if (!exporting) {
        return;
      }
    }
  }

  private static Environment with(
      Environment environment, List<Export> exports, ShellCommand command) {
    Environment all = environment;
    for (Export export : exports) {
      boolean isSure = export.unconditional || export.chain == command.chain();
      all = all.with(export.name, export.value, isSure);
    }
    return all;
  }
}
