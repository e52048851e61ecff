package dev.twoqueue.gate.classify;

import dev.twoqueue.gate.internal.shell.ShellCommand;
import dev.twoqueue.gate.internal.shell.Word;
import java.util.List;
import java.util.Optional;

/**
 * A program with its arguments, as it is started.
 *
 * @param words the program and its arguments; at least one
 * @param input the text that it reads, where that is in the command line
 * @param from the command whose output it reads
 * @param depth how many wrappers are around it
 */
record Invocation(
    List<Word> words,
    Environment environment,
    Optional<String> input,
    Optional<ShellCommand> from,
    int depth) {

  List<Word> arguments() {
    return words.subList(1, words.size());
  }

  /** The command that this one starts. */
  Invocation starting(List<Word> inner, Environment innerEnvironment) {
    return new Invocation(inner, innerEnvironment, input, from, depth + 1);
  }
}
