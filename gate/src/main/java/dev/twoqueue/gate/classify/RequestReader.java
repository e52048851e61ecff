package dev.twoqueue.gate.classify;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From a request to its class. */
final class RequestReader {
  private final RuleBook book;
  private final Hosts hosts;
  private final ModelReader models;

  RequestReader(RuleBook book, Hosts hosts) {
    this.book = book;
    this.hosts = hosts;
    this.models = new ModelReader(book);
  }

  WorkClass read(String method, String url, @Nullable String body) {
    Optional<Address> address = Address.of(url);
    if (address.isEmpty()) {
      return new WorkClass.Unknown("the address cannot be read", "");
    }
    Request request =
        new Request(
            method.toUpperCase(Locale.ROOT),
            address.get(),
            hosts.of(address.get().host()),
            body == null ? Optional.empty() : JsonFields.of(body));
    String shown = request.method() + " " + address.get().host() + address.get().path();
    return book.requests().stream()
        .filter(rule -> rule.holds(request))
        .findFirst()
        .map(rule -> of(rule, request, shown))
        .orElseGet(() -> new WorkClass.Unknown("no rule knows " + shown, ""));
  }

  private WorkClass of(RequestRule met, Request request, String shown) {
    String id = met.rule().id();
    Outcome outcome = met.outcome();
    if (outcome instanceof Outcome.Heavy heavy) {
      return new WorkClass.LocalHeavy(heavy.kind(), request.text(heavy.model().names()), shown, id);
    }
    if (outcome instanceof Outcome.Served served) {
      boolean isSure = !request.isAmbiguous(served.model().names());
      Optional<String> model = isSure ? request.text(served.model().names()) : Optional.empty();
      return models.served(served.kind(), model.orElse(null), met.rule(), shown);
    }
    if (outcome instanceof Outcome.Embedding embedding) {
      return models.embedding(request.text(embedding.model().names()).orElse(null), met.rule());
    }
    if (outcome instanceof Outcome.Remote remote) {
      return new WorkClass.Fleet(
          remote.provider().equals("host") ? request.address().host() : remote.provider(),
          request.text(List.of("model")),
          shown,
          id);
    }
    if (outcome instanceof Outcome.Light) {
      return new WorkClass.Neither(shown, id);
    }
    return new WorkClass.Unknown(shown, id);
  }

  /** The provider behind an address of an API; empty where no rule knows one. */
  Optional<String> provider(Address address) {
    Request any =
        new Request(
            "POST",
            new Address(address.host(), "/v1/x", ""),
            Hosts.Place.UNKNOWN,
            Optional.empty());
    return book.requests().stream()
        .filter(rule -> rule.holds(any))
        .findFirst()
        .filter(rule -> rule.outcome() instanceof Outcome.Remote)
        .map(rule -> ((Outcome.Remote) rule.outcome()).provider());
  }
}
