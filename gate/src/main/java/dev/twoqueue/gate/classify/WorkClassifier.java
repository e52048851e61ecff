package dev.twoqueue.gate.classify;

import dev.twoqueue.TaskClass;
import dev.twoqueue.gate.internal.shell.ShellCommand;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a piece of work does to this machine, before it is done. Runs nothing, opens no file
 * or connection, and takes bounded time whatever it is given. Immutable and thread-safe.
 *
 * <p>What no rule knows is {@link WorkClass.Unknown}, which is never to be taken for light: {@link
 * #taskClass} applies the {@link UnknownPolicy}.
 */
public final class WorkClassifier {
  private final WorkRules rules;
  private final UnknownPolicy unknown;
  private final Hosts hosts;

  private WorkClassifier(WorkRules rules, UnknownPolicy unknown, Set<String> own) {
    this.rules = rules;
    this.unknown = unknown;
    this.hosts = new Hosts(own, rules.book().here(), rules.book().elsewhere());
  }

  /**
   * By the standard rules; the unknown counts as heavy; this machine's names are those that its
   * environment tells.
   *
   * @return a classifier
   */
  public static WorkClassifier standard() {
    return of(WorkRules.standard());
  }

  /**
   * By other rules.
   *
   * @param rules tried in their order
   * @return a classifier; the unknown counts as heavy
   */
  public static WorkClassifier of(WorkRules rules) {
    Objects.requireNonNull(rules, "rules must not be null");
    return new WorkClassifier(rules, UnknownPolicy.heavy(), OwnNames.find());
  }

  /**
   * The same with another policy for the unknown.
   *
   * @param policy asked by {@link #taskClass}
   * @return a copy
   */
  public WorkClassifier unknown(UnknownPolicy policy) {
    return new WorkClassifier(
        rules, Objects.requireNonNull(policy, "policy must not be null"), hosts.own());
  }

  /**
   * The same with other names of this machine: a request to one of them does not leave it.
   *
   * @param names host names and addresses; loopback addresses need not be named
   * @return a copy
   */
  public WorkClassifier ownNames(Collection<String> names) {
    return new WorkClassifier(
        rules,
        unknown,
        names.stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  /**
   * The rules.
   *
   * @return as they are tried
   */
  public WorkRules rules() {
    return rules;
  }

  /**
   * The class of a command line, as it would be typed into a shell. Of several commands the
   * heaviest counts.
   *
   * @param line any text
   * @return never null
   */
  public WorkClass command(String line) {
    Objects.requireNonNull(line, "line must not be null");
    return new ScriptReader(rules.book(), hosts).read(line, Environment.EMPTY, 0, new Work());
  }

  /**
   * The class of a program with its arguments, as they are given to the system.
   *
   * @param words the program first
   * @return never null
   * @throws IllegalArgumentException when there is no program
   */
  public WorkClass command(List<String> words) {
    return command(words, Map.of());
  }

  /**
   * The class of a program with its arguments and its environment, where some variables tell where
   * the work is done: {@code OLLAMA_HOST}, {@code OPENAI_BASE_URL}.
   *
   * @param words the program first
   * @param environment all its variables
   * @return never null
   * @throws IllegalArgumentException when there is no program
   */
  public WorkClass command(List<String> words, Map<String, String> environment) {
    ShellCommand command = ShellCommand.of(Objects.requireNonNull(words, "words must not be null"));
    if (command.words().isEmpty()) {
      throw new IllegalArgumentException("words must name a program");
    }
    return new ScriptReader(rules.book(), hosts)
        .read(command, Environment.of(environment), 0, new Work());
  }

  /**
   * The class of a request.
   *
   * @param method such as POST
   * @param url where it goes
   * @param body as text; null or empty for none
   * @return never null
   */
  public WorkClass request(String method, String url, @Nullable String body) {
    return new RequestReader(rules.book(), hosts)
        .read(
            Objects.requireNonNull(method, "method must not be null"),
            Objects.requireNonNull(url, "url must not be null"),
            body == null || body.isBlank() ? null : body);
  }

  /**
   * The class of a call of a model, by its name alone. A name says less than a request: a model
   * that is known here may run anywhere.
   *
   * @param name as a server or a library spells it
   * @return never null
   */
  public WorkClass model(String name) {
    return new ModelReader(rules.book())
        .read(Objects.requireNonNull(name, "name must not be null"));
  }

  /**
   * The queue for work of a class. Light work joins the fleet: it needs no slot of its own, but
   * nothing of it should run beside a local-heavy task unseen.
   *
   * @param work its class
   * @return local-heavy or fleet
   */
  public TaskClass taskClass(WorkClass work) {
    if (work instanceof WorkClass.Unknown notKnown) {
      return unknown.decide(notKnown);
    }
    return work instanceof WorkClass.LocalHeavy ? TaskClass.LOCAL_HEAVY : TaskClass.FLEET;
  }
}
