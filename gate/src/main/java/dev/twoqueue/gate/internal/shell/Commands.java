package dev.twoqueue.gate.internal.shell;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was found in a script so far. */
final class Commands {
  private static final int MOST = 5_000;

  private final List<CommandDraft> drafts = new ArrayList<>();
  private @Nullable String problem;
  private int chains;

  int newChain() {
    return ++chains;
  }

  void add(CommandDraft draft) {
    if (drafts.size() < MOST) {
      drafts.add(draft);
    } else {
      problem("it has more than " + MOST + " commands");
    }
  }

  void problem(String text) {
    if (problem == null) {
      problem = text;
    }
  }

  ShellScript script() {
    // A draft comes after the one that it reads from, so each is made once, without recursion.
    IdentityHashMap<CommandDraft, ShellCommand> made = new IdentityHashMap<>();
    for (CommandDraft draft : drafts) {
      made.put(
          draft,
          new ShellCommand(
              draft.words,
              Optional.ofNullable(draft.input),
              draft.from == null ? Optional.empty() : Optional.ofNullable(made.get(draft.from)),
              draft.chain,
              draft.unconditional));
    }
    return new ShellScript(drafts.stream().map(made::get).toList(), Optional.ofNullable(problem));
  }
}
