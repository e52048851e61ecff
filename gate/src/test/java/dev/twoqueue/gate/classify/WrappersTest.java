package dev.twoqueue.gate.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** What is around a command, and how it is written, changes nothing. */
class WrappersTest {
  /** In front of a command that begins with a program. */
  private static final List<String> PREFIXES =
      List.of(
          "sudo",
          "sudo -u me",
          "sudo -E",
          "doas",
          "env",
          "env X=1 Y=2",
          "X=1",
          "nice",
          "nice -n 19",
          "ionice -c 3",
          "time",
          "time -p",
          "timeout 10",
          "timeout -s KILL 10m",
          "nohup",
          "setsid",
          "caffeinate -i",
          "stdbuf -oL",
          "command",
          "exec",
          "uv run",
          "uv run --with x",
          "uvx",
          "poetry run",
          "pipenv run",
          "npx",
          "npx -y",
          "pnpm exec",
          "yarn exec",
          "bundle exec",
          "docker exec c",
          "docker exec -it c",
          "docker compose exec app",
          "podman exec -w /x c",
          "conda run -n x",
          "direnv exec .",
          "mise exec --",
          "flock lock",
          "systemd-run --user",
          "taskset -c 0,1",
          "strace -f",
          "xvfb-run -a",
          "/usr/bin/env",
          "chronic",
          "unbuffer",
          "op run --",
          "aws-vault exec dev --",
          "doppler run --");

  /** Around a whole script. */
  private static final List<String> SHELLS =
      List.of(
          "bash -c %s",
          "sh -lc %s",
          "zsh -ic %s",
          "bash -euo pipefail -c %s",
          "sudo bash -c %s",
          "su -c %s me",
          "docker exec c sh -c %s",
          "ssh localhost %s",
          "eval %s",
          "watch -n 5 %s",
          "tmux new-session -d -s x %s",
          "xargs -n1 sh -c %s");

  private static final Pattern BEGINS_WITH_PROGRAM =
      Pattern.compile("(?!(if|for|while|export|eval|alias|history|cd)\\b)[\\w./-]+ .*[^&]");
  private static final Pattern PLAIN = Pattern.compile("[\\w./: =,@-]+");

  private final WorkClassifier classifier = WorkClassifier.standard().ownNames(List.of());

  private static Arbitrary<Corpus> rows(Pattern input) {
    return Arbitraries.of(
        Stream.concat(Corpus.read("corpus.tsv").stream(), Corpus.read("corpus-second.tsv").stream())
            .filter(row -> row.type().equals("command"))
            .filter(row -> input.matcher(row.input()).matches())
            .toList());
  }

  @Provide
  Arbitrary<Corpus> programs() {
    return rows(BEGINS_WITH_PROGRAM);
  }

  @Provide
  Arbitrary<Corpus> scripts() {
    return rows(Pattern.compile(".*"));
  }

  @Provide
  Arbitrary<Corpus> plain() {
    return rows(PLAIN);
  }

  @Provide
  Arbitrary<String> prefix() {
    return Arbitraries.of(PREFIXES);
  }

  @Provide
  Arbitrary<String> shell() {
    return Arbitraries.of(SHELLS);
  }

  private void keepsItsClass(Corpus row, String wrapped) {
    WorkClass found = classifier.command(wrapped);
    assertEquals(row.expectedWords(), Corpus.words(found), () -> wrapped + ": " + found);
  }

  @Property(tries = 800)
  void a_wrapper_or_several_keep_the_class(
      @ForAll("programs") Corpus row,
      @ForAll @Size(min = 1, max = 4) List<@net.jqwik.api.From("prefix") String> prefixes) {
    keepsItsClass(row, String.join(" ", prefixes) + " " + row.input());
  }

  @Property(tries = 400)
  void a_shell_or_several_keep_the_class(
      @ForAll("scripts") Corpus row,
      @ForAll @Size(min = 1, max = 3) List<@net.jqwik.api.From("shell") String> shells) {
    String wrapped = row.input();
    for (String shell : shells) {
      wrapped = shell.formatted("'" + wrapped.replace("'", "'\\''") + "'");
    }
    keepsItsClass(row, wrapped);
  }

  @Property(tries = 300)
  void spaces_and_quotes_keep_the_class(@ForAll("plain") Corpus row, @ForAll long seed) {
    Random random = new Random(seed);
    String written =
        Stream.of(row.input().split(" ", -1))
            .map(word -> quoted(word, random.nextInt(4)))
            .collect(Collectors.joining(" ".repeat(1 + random.nextInt(3))));
    keepsItsClass(row, "  " + written + " ");
  }

  private static String quoted(String word, int how) {
    boolean isSyntax = word.contains("=") || word.isEmpty();
    return switch (isSyntax ? 0 : how) {
      case 1 -> "'" + word + "'";
      case 2 -> "\"" + word + "\"";
      case 3 -> word.charAt(0) + "''" + (word.length() > 1 ? "\\" : "") + word.substring(1);
      default -> word;
    };
  }

  @Property(tries = 300)
  void a_light_command_beside_it_keeps_a_heavy_one_heavy(
      @ForAll("scripts") Corpus row, @ForAll("joined") String joined) {
    if (row.expected().equals("local-heavy")) {
      WorkClass found = classifier.command(joined.formatted(row.input()));
      assertEquals(WorkClass.LocalHeavy.class, found.getClass(), () -> row + ": " + found);
    }
  }

  @Provide
  Arbitrary<String> joined() {
    return Arbitraries.of(
        "ls; %s",
        "%s; ls",
        "true && %s",
        "%s || true",
        "(%s)",
        "{ %s; }",
        "cat x | { %s; }",
        "echo $(%s)",
        "echo \"$(%s)\"",
        "x=$(%s); echo $x",
        "diff <(%s) y",
        "if true; then %s; fi",
        "for i in 1 2; do %s; done",
        "case x in a) ls;; *) %s;; esac",
        "f() { %s; }; f",
        "claude -p hi; %s",
        "cat <<EOF\n$(%s)\nEOF",
        "bash <<'EOF'\n%s\nEOF");
  }

  @Property(tries = 400)
  void any_text_has_a_class_and_is_light_only_by_a_rule(@ForAll("texts") String text) {
    for (WorkClass found :
        List.of(
            classifier.command(text),
            classifier.model(text),
            classifier.request("POST", text, text),
            classifier.request("POST", "http://localhost:11434/api/chat", text))) {
      boolean isLight =
          !(found instanceof WorkClass.LocalHeavy || found instanceof WorkClass.Unknown);
      assertFalse(isLight && found.rule().isEmpty(), () -> text + ": " + found);
    }
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "'",
            "\"",
            "`",
            "$(",
            ")",
            "(",
            "{",
            "}",
            "|",
            "&&",
            ";",
            "<<",
            "<",
            ">",
            "#",
            "\\",
            "\n",
            "$",
            "*",
            "ollama",
            "pull",
            "bash",
            "-c",
            "sudo",
            "[[",
            "]]",
            "case",
            "in",
            "esac",
            "for",
            "=",
            " ",
            " ",
            "http://",
            "{\"model\":",
            "é",
            "\u0000",
            "\uD800");
    return Arbitraries.oneOf(
        Arbitraries.strings().all().ofMaxLength(200),
        pieces.list().ofMaxSize(60).map(list -> String.join("", list)));
  }
}
