package dev.twoqueue.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullUnmarked // nulls are passed on purpose, and fields set by JUnit
class ProcessRuleTest {
  /** Words are separated by single spaces; a tilde stands for a space within a word. */
  private static boolean isConflict(String line) {
    List<String> words =
        Arrays.stream(line.split(" ", -1)).map(word -> word.replace('~', ' ')).toList();
    HostProcess process = FakeHost.process(1, 0, 0, words.toArray(new String[0]));
    return ProcessRule.defaults().stream()
        .anyMatch(rule -> rule.match(process) == ProcessRule.Match.SURE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pytest",
        "pytest -q tests",
        "/opt/venv/bin/pytest -n auto",
        "/opt/venv/bin/python /opt/venv/bin/pytest tests",
        "python -m pytest",
        "/usr/bin/python3 -m pytest -x",
        "/usr/bin/python3.12 -X dev -W ignore -u -m pytest",
        "python3 -mpytest",
        "python3 -m pytest.__main__",
        "pypy3 -m pytest",
        "python -m coverage run --branch -m pytest tests",
        "/usr/bin/python3 /usr/bin/coverage run -m pytest",
        "python3 -m py.test",
        "C:\\Python312\\python.exe -m pytest",
        "C:\\venv\\Scripts\\pytest.exe",
        "ollama pull llama3.3:70b",
        "/usr/local/bin/ollama pull --insecure x",
        "ollama --verbose pull x",
        "C:\\Ollama\\OLLAMA.EXE pull x",
        "lms load qwen --gpu max",
        "lms get qwen",
        "node /usr/lib/lms load qwen",
        "oracle_dispatch",
        "./oracle_dispatch --now",
        "/bin/sh /srv/bin/oracle_dispatch",
        "/bin/bash -x /srv/bin/oracle_dispatch.sh",
        "bash -o pipefail oracle_dispatch",
        "bash -euo pipefail oracle_dispatch",
        "python3 -Im pytest",
        "python3 -Xdev -m pytest",
        "python3 oracle_dispatch.py",
        "-oracle_dispatch",
        "sudo ollama pull x",
        "sudo -u ollama FOO=1 ollama pull x",
        "uv run pytest",
        "uv run --with pytest-xdist pytest -n 4",
        "/home/me/.local/bin/uv run python -m pytest",
        "poetry run pytest",
        "env -u HOME A=1 B=2 nice -n 5 pytest",
        "timeout -k 5 60 pytest",
        "ollama create mine -f Modelfile",
        "hf download org/model",
        "/venv/bin/python /venv/bin/hf download org/model",
        "huggingface-cli download org/model"
      })
  void conflicts(String line) {
    assertEquals(true, isConflict(line), line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "grep pytest",
        "grep -r pytest .",
        "vim pytest.ini",
        "tail -f oracle_dispatch.log",
        "less /srv/oracle_dispatch",
        "pytest-watch",
        "python3 -m pytest_benchmark",
        "python3 -c import~pytest",
        "python3 -c import~pytest -m pytest",
        "python3 script.py -m pytest",
        "python3 -m pip install pytest",
        "python3 -m",
        "python3 -W pytest",
        "python3",
        "bash -c ollama~pull~x",
        "bash -lc pytest",
        "bash --rcfile pytest -i",
        "node -r pytest app.js",
        "perl -pe pytest",
        "sudo -l ollama",
        "uv pip install pytest",
        "uv run app.py pytest",
        "env PATH=pytest",
        "timeout 10",
        "nice -n 5 grep pytest",
        "hf upload download",
        "ollama show create",
        "ssh host pytest",
        "coverage run app.py",
        "coverage report -m pytest",
        "ollama serve",
        "ollama",
        "ollama run pull",
        "ollama runner --model pull",
        "ollama ps",
        "lms server start",
        "lms ls",
        "my-ollama pull x",
        "/home/pytest/bin/vim",
        "nginx:~worker~process~pytest"
      })
  void is_harmless(String line) {
    assertEquals(false, isConflict(line), line);
  }

  @Test
  void a_process_without_a_command_line_has_ended() {
    HostProcess zombie = FakeHost.process(1, 0, 0);

    assertEquals(ProcessRule.Match.NONE, ProcessRule.of("pytest").match(zombie));
  }

  @Test
  void hidden_arguments_are_not_taken_as_safe() {
    assertEquals(
        ProcessRule.Match.SURE, ProcessRule.of("pytest").match(FakeHost.hidden(1, "pytest")));
    assertEquals(
        ProcessRule.Match.HIDDEN_ARGUMENTS,
        ProcessRule.of("ollama", "pull").match(FakeHost.hidden(1, "ollama")));
    assertEquals(
        ProcessRule.Match.NONE,
        ProcessRule.of("ollama", "pull").match(FakeHost.hidden(1, "python3")));
  }

  @Test
  void a_rule_of_the_hosts_own_has_as_many_words_as_it_needs() {
    ProcessRule rule = ProcessRule.of("Docker", "buildx", "build");

    assertEquals("docker buildx build", rule.describe());
    assertEquals(
        ProcessRule.Match.SURE,
        rule.match(FakeHost.process(1, 0, 0, "docker", "--debug", "buildx", "build", ".")));
    assertEquals(
        ProcessRule.Match.NONE, rule.match(FakeHost.process(1, 0, 0, "docker", "buildx", "ls")));
  }

  @Test
  void a_rule_may_name_the_interpreter_itself() {
    HostProcess process = FakeHost.process(1, 0, 0, "/usr/bin/node", "build.js", "all");

    assertEquals(ProcessRule.Match.SURE, ProcessRule.of("node").match(process));
    assertEquals(ProcessRule.Match.SURE, ProcessRule.of("build", "all").match(process));
  }

  @Test
  void wrong_arguments_are_named() {
    assertThrows(IllegalArgumentException.class, () -> ProcessRule.of(" "));
    assertThrows(IllegalArgumentException.class, () -> ProcessRule.of("/usr/bin/pytest"));
    assertThrows(IllegalArgumentException.class, () -> ProcessRule.of("bin\\pytest"));
    assertThrows(IllegalArgumentException.class, () -> ProcessRule.of("ollama", ""));
    assertThrows(NullPointerException.class, () -> ProcessRule.of(null));
    assertThrows(NullPointerException.class, () -> new ProcessRule("ollama", null));
  }
}
