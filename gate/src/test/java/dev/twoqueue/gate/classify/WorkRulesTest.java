package dev.twoqueue.gate.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.TaskClass;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules are data: listed, added, replaced, and refused where they cannot be read. */
@NullUnmarked // nulls are passed on purpose
class WorkRulesTest {
  private final WorkClassifier standard = WorkClassifier.standard();

  @Test
  void a_host_adds_rules() {
    // snippet: own-rules
    WorkRules rules =
        WorkRules.standard()
            .with(
                "our rules",
                """
                version 1
                program render-farm
                  values --scene
                  --help -> light
                  submit -> fleet farm
                  -> heavy other
                request POST llm.acme.example /v1/** -> fleet acme
                model acme/** -> fleet acme
                """);
    WorkClassifier classifier = WorkClassifier.of(rules);
    // end snippet

    assertEquals("local-heavy other", words(classifier.command("render-farm --scene a.blend")));
    assertEquals("fleet farm", words(classifier.command("sudo render-farm submit")));
    assertEquals("neither ", words(classifier.command("render-farm --help")));
    assertEquals("fleet acme", words(classifier.model("acme/secret")));
    assertEquals(
        "fleet acme", words(classifier.request("POST", "https://llm.acme.example/v1/x", null)));
    assertEquals("unknown ", words(standard.command("render-farm")));
  }

  @Test
  void a_host_replaces_rules() {
    WorkRules rules =
        WorkRules.standard()
            .without("pytest")
            .with("ours", "version 1\nprogram pytest\n  -> light");

    assertEquals("neither ", words(WorkClassifier.of(rules).command("python -m pytest")));
    assertEquals("local-heavy test-sweep", words(standard.command("python -m pytest")));
  }

  @Test
  void a_host_adds_a_rule_before_those_of_a_program() {
    WorkRules rules =
        WorkRules.standard().with("ours", "version 1\nprogram make\n  nightly -> heavy test-sweep");
    WorkClassifier classifier = WorkClassifier.of(rules);

    assertEquals("local-heavy test-sweep", words(classifier.command("make nightly")));
    assertEquals("neither ", words(classifier.command("make clean")));
  }

  @Test
  void every_rule_is_listed_once_with_its_line() {
    List<WorkRule> rules = WorkRules.standard().list();
    Set<String> ids = new HashSet<>();

    assertTrue(rules.size() > 500, () -> rules.size() + " rules");
    rules.forEach(rule -> assertTrue(ids.add(rule.id()), () -> rule + " is there twice"));
    rules.forEach(rule -> assertTrue(rule.origin().startsWith("standard:"), rule::toString));
  }

  @Test
  void an_answer_names_a_rule_of_the_list() {
    WorkClass found = standard.command("ollama pull x");

    WorkRule rule =
        WorkRules.standard().list().stream()
            .filter(each -> each.id().equals(found.rule()))
            .findFirst()
            .orElseThrow();
    assertEquals("pull -> heavy pull model=1", rule.text());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "program x~1: the first line must be 'version 1'",
        "version 2~1: only version 1 can be read",
        "version 1;nonsense x~2: what is 'nonsense'?",
        "version 1;program x;  -> heavier~3: there is no outcome 'heavier'",
        "version 1;program x;  -> heavy wrong~3: there is no kind 'wrong'",
        "version 1;program x;  -> heavy~3: a kind is missing",
        "version 1;program x;  -> light twice~3: what is [twice]?",
        "version 1;program x;  a b~3: '->' is missing",
        "version 1;program~2: a name is missing",
        "version 1;  a -> light~2: an indented line belongs to a program",
        "version 1;model \"a -> light~2: a quote is not closed",
        "version 1;request POST here -> light~2: a request has a method, a host and a path",
        "version 1;request POST here / x=y -> light~2: a field's test is",
        "version 1;program x;  !word -> light~3: only an option can be ruled out"
      })
  void a_rule_that_cannot_be_read_is_named_by_its_line(String text, String problem) {
    RuleSyntaxException wrong =
        assertThrows(
            RuleSyntaxException.class,
            () -> WorkRules.none().with("ours", text.replace(';', '\n')));

    assertTrue(wrong.getMessage().startsWith("ours:" + problem), wrong::getMessage);
  }

  @Test
  void a_policy_decides_for_the_unknown_alone() {
    WorkClass unknown = standard.command("./nightly");
    WorkClass heavy = standard.command("ollama pull x");

    assertEquals(TaskClass.LOCAL_HEAVY, standard.taskClass(unknown));
    assertEquals(TaskClass.FLEET, standard.unknown(UnknownPolicy.fleet()).taskClass(unknown));
    assertEquals(TaskClass.LOCAL_HEAVY, standard.unknown(UnknownPolicy.fleet()).taskClass(heavy));
    assertEquals(TaskClass.FLEET, standard.taskClass(standard.command("ls")));
  }

  @Test
  void who_is_asked_and_does_not_answer_gets_it_counted_as_heavy() {
    WorkClass unknown = standard.command("./nightly");
    UnknownPolicy throwing =
        UnknownPolicy.ask(
            work -> {
              throw new IllegalStateException("nobody there");
            });

    assertEquals(TaskClass.LOCAL_HEAVY, standard.unknown(throwing).taskClass(unknown));
    assertEquals(
        TaskClass.LOCAL_HEAVY,
        standard.unknown(UnknownPolicy.ask(work -> null)).taskClass(unknown));
    assertEquals(
        TaskClass.FLEET,
        standard.unknown(UnknownPolicy.ask(work -> TaskClass.FLEET)).taskClass(unknown));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OLLAMA_HOST=gpu-box sudo ollama pull x",
        "OLLAMA_HOST=gpu-box env -i ollama pull x",
        "OLLAMA_HOST=gpu-box; ollama pull x",
        "false && export OLLAMA_HOST=gpu-box; ollama pull x",
        "(export OLLAMA_HOST=gpu-box); ollama pull x",
        "export OLLAMA_HOST=gpu-box | cat; ollama pull x",
        "if false; then export OLLAMA_HOST=gpu-box; fi; ollama pull x",
        "OLLAMA_HOST=$H ollama pull x",
        "OLLAMA_HOST=gpu-box docker exec o ollama pull x",
        "nohup ollama pull x -v",
        "nohup pytest -v",
        "sudo pytest -v -l",
        "pnpm exec pytest -v",
        "parallel ollama pull ::: a --dry-run",
        "bash -c 'ollama pull x' --help",
        "$(ollama pull x)",
        "systemd-run --slice test ollama pull x",
        "find . -exec ollama pull x ;",
        "nix develop -c ollama pull x"
      })
  void what_only_looks_as_if_it_were_elsewhere_or_harmless_is_heavy(String line) {
    assertInstanceOf(WorkClass.LocalHeavy.class, standard.command(line), line);
  }

  @Test
  void a_machines_own_name_is_this_machine() {
    WorkClassifier named = standard.ownNames(List.of("GPU-Box"));

    assertEquals("local-heavy pull", words(named.command("OLLAMA_HOST=gpu-box ollama pull x")));
    assertEquals("neither ", words(standard.command("OLLAMA_HOST=gpu-box ollama pull x")));
  }

  @Test
  void a_list_of_words_is_no_shell_text() {
    assertEquals("neither ", words(standard.command(List.of("echo", "$(ollama pull x)"))));
    assertEquals(
        "local-heavy oracle",
        words(
            standard.command(
                List.of("claude", "-p", "hi"),
                Map.of("ANTHROPIC_BASE_URL", "http://localhost:1"))));
  }

  @Test
  void wrong_arguments_are_named() {
    assertThrows(NullPointerException.class, () -> standard.command((String) null));
    assertThrows(NullPointerException.class, () -> standard.model(null));
    assertThrows(NullPointerException.class, () -> standard.request(null, "http://x", null));
    assertThrows(IllegalArgumentException.class, () -> standard.command(List.of()));
    assertThrows(NullPointerException.class, () -> UnknownPolicy.ask(null));
    assertSame(WorkRules.standard(), WorkRules.standard());
  }

  private static String words(WorkClass work) {
    return Corpus.words(work);
  }
}
