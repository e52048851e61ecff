package dev.twoqueue.gate.classify;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A request as rules see it.
 *
 * @param method in upper case
 * @param place where its host is
 * @param fields of its body; empty where that is no JSON object that can be read
 */
record Request(String method, Address address, Hosts.Place place, Optional<JsonFields> fields) {

  /** The first text that one of these fields, or of the query's parameters, holds. */
  Optional<String> text(List<String> names) {
    Stream<String> inBody =
        fields.stream()
            .flatMap(all -> all.of(names).stream())
            .filter(JsonFields.Value::isString)
            .map(JsonFields.Value::text);
    return Stream.concat(inBody, names.stream().flatMap(name -> address.values(name).stream()))
        .filter(text -> !text.isBlank())
        .findFirst();
  }

  /** Whether a field holds two texts that differ, so that it cannot be told which one counts. */
  boolean isAmbiguous(List<String> names) {
    return fields.stream().flatMap(all -> all.of(names).stream()).distinct().count() > 1;
  }
}
