package dev.twoqueue.gate.classify;

import dev.twoqueue.LocalKind;
import dev.twoqueue.gate.internal.shell.Word;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A program that asks a model: of the provider that it is made for, or wherever it is told to. */
final class AgentReader {
  private static final Pattern ADDRESS_VARIABLE =
      Pattern.compile("(?i).*(_BASE_URL|_API_BASE|_API_URL|_ENDPOINT|_URL_BASE)");

  private final RuleBook book;
  private final Hosts hosts;

  AgentReader(RuleBook book, Hosts hosts) {
    this.book = book;
    this.hosts = hosts;
  }

  WorkClass read(
      Outcome.Agent agent, ProgramRule.Match match, Invocation invocation, String reason) {
    WorkRule rule = match.rule().rule();
    Optional<Word> model = match.find(agent.model());
    String name = model.filter(Word::literal).map(Word::text).orElse(null);
    WorkClass byName =
        name == null
            ? byProvider(agent, rule, reason, model.isPresent())
            : byModel(agent, name, rule, reason);
    if (byName instanceof WorkClass.LocalHeavy) {
      return byName;
    }
    Heaviest byAddress = new Heaviest();
    addresses(agent, match, invocation)
        .forEach(address -> byAddress.add(at(address, name, rule, reason)));
    return byAddress.or(byName);
  }

  private static Stream<Word> addresses(
      Outcome.Agent agent, ProgramRule.Match match, Invocation invocation) {
    return Stream.concat(
        match.find(agent.address()).stream(),
        invocation.environment().possible(name -> ADDRESS_VARIABLE.matcher(name).matches()));
  }

  private WorkClass at(Word word, @Nullable String model, WorkRule rule, String reason) {
    Optional<Address> address = word.literal() ? Address.of(word.text()) : Optional.empty();
    Hosts.Place place = address.map(each -> hosts.of(each.host())).orElse(Hosts.Place.UNKNOWN);
    if (place == Hosts.Place.HERE) {
      return new ModelReader(book)
          .served(LocalKind.ORACLE, model, rule, reason + ", of a server on this machine");
    }
    Optional<String> provider =
        address.flatMap(each -> new RequestReader(book, hosts).provider(each));
    return provider.isPresent()
        ? new WorkClass.Fleet(provider.get(), Optional.ofNullable(model), reason, rule.id())
        : new WorkClass.Unknown(reason + ", of a server that no rule knows", rule.id());
  }

  private static WorkClass byProvider(
      Outcome.Agent agent, WorkRule rule, String reason, boolean hasModel) {
    return agent
        .provider()
        .<WorkClass>map(
            provider -> new WorkClass.Fleet(provider, Optional.empty(), reason, rule.id()))
        .orElseGet(
            () ->
                new WorkClass.Unknown(
                    reason + (hasModel ? ": its model cannot be told" : " names no model"),
                    rule.id()));
  }

  private WorkClass byModel(Outcome.Agent agent, String name, WorkRule rule, String reason) {
    WorkClass named = new ModelReader(book).read(name);
    if (named instanceof WorkClass.LocalHeavy || agent.provider().isEmpty()) {
      return named;
    }
    return new WorkClass.Fleet(agent.provider().get(), Optional.of(name), reason, rule.id());
  }
}
