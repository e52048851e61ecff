package dev.twoqueue.gate.classify;

import dev.twoqueue.LocalKind;
import dev.twoqueue.gate.internal.shell.Word;
import java.util.Optional;

/** Tells on which machine a client's server does the work. */
record ServerReader(RuleBook book, Hosts hosts) {

  /** A client of a server on another machine leaves the work to that machine. */
  WorkClass read(Program program, ProgramRule.Match match, Invocation invocation, WorkClass local) {
    boolean hasServer = !program.serverVariable().isEmpty();
    if (!hasServer || !(local instanceof WorkClass.LocalHeavy heavy)) {
      return local;
    }
    Optional<Word> server =
        match
            .find(program.server())
            .or(() -> invocation.environment().sure(program.serverVariable()));
    Optional<Address> address =
        server.filter(Word::literal).flatMap(word -> Address.of(word.text()));
    if (address.isEmpty() || address.get().host().isEmpty()) {
      return local;
    }
    String host = address.get().host();
    if (!hosts.of(host).isElsewhere()) {
      return local;
    }
    String reason = heavy.reason() + ", on " + host;
    if (heavy.kind() != LocalKind.ORACLE) {
      return new WorkClass.Neither(reason, heavy.rule());
    }
    String provider = new RequestReader(book, hosts).provider(address.get()).orElse(host);
    return new WorkClass.Fleet(provider, heavy.model(), reason, heavy.rule());
  }
}
