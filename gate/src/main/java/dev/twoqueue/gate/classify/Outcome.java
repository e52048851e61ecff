package dev.twoqueue.gate.classify;

import dev.twoqueue.LocalKind;
import java.util.List;
import java.util.Optional;

/** What a rule says of what it met: a class, or where to look on. */
sealed interface Outcome {

  /**
   * Where a value stands.
   *
   * @param names options, or fields of a body
   * @param position of a word behind the subcommand, from 1; 0 for none
   */
  record Source(List<String> names, int position) {
    static final Source NONE = new Source(List.of(), 0);
  }

  /** Saturates this machine. */
  record Heavy(LocalKind kind, Source model) implements Outcome {}

  /** Asks a model server on this machine, which may pass the call on, or only embed. */
  record Served(LocalKind kind, Source model) implements Outcome {}

  /** Embeds: light, unless with a model that is no embedding model. */
  record Embedding(Source model) implements Outcome {}

  /** Waits on a provider. */
  record Remote(String provider) implements Outcome {}

  /** Light. */
  record Light() implements Outcome {}

  /** Cannot be known. */
  record Unclear() implements Outcome {}

  /** Asks the model that it is told to, of a provider or of this machine. */
  record Agent(Optional<String> provider, Source model, Source address) implements Outcome {}

  /**
   * Starts the command in its words, behind some that are its own.
   *
   * @param after the option that the command stands behind; {@link Source#NONE} for the first word
   */
  record Run(int skip, Source after, boolean clearsEnvironment) implements Outcome {}

  /** Starts what is in a container image: the words behind its name, or what it is made for. */
  record Image() implements Outcome {}

  /** Runs a text: an option's value, or all its words. */
  record Script(Source text, boolean clearsEnvironment) implements Outcome {}

  /** Runs the text that it reads. */
  record Input() implements Outcome {}

  /** Runs a module that an option names. */
  record Module(String option) implements Outcome {}

  /** Runs the file that its first word names. */
  record File() implements Outcome {}

  /** Runs its words on the machine that the first one names. */
  record OnHost() implements Outcome {}

  /** Makes a request. */
  record Fetch(Source method, Source body, Source head, Source get, Source url, boolean hasItems)
      implements Outcome {}
}
