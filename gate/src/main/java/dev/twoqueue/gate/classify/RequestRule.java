package dev.twoqueue.gate.classify;

import java.util.List;
import java.util.Set;

/**
 * What a rule asks of a request.
 *
 * @param methods in upper case; empty for any
 * @param hosts names, or {@code here} for this machine, {@code elsewhere} for another of the
 *     host's, {@code anywhere}
 */
record RequestRule(
    WorkRule rule,
    Set<String> methods,
    Glob hosts,
    Glob paths,
    List<FieldTest> fields,
    Outcome outcome) {

  /**
   * {@code prompt=empty}, {@code keep_alive=zero}, {@code ?model}.
   *
   * @param name of a body's field in lower case, or of a query's parameter
   * @param test {@code empty}, {@code zero} or {@code present}
   */
  record FieldTest(String name, boolean inQuery, String test) {
    static FieldTest of(String token) {
      if (token.startsWith("?")) {
        return new FieldTest(token.substring(1), true, "present");
      }
      int equals = token.indexOf('=');
      String test = equals < 0 ? "" : token.substring(equals + 1);
      if (!Set.of("empty", "zero", "present").contains(test)) {
        throw new IllegalArgumentException(
            "a field's test is =empty, =zero or =present, was " + token);
      }
      return new FieldTest(token.substring(0, equals), false, test);
    }

    boolean holds(Request request) {
      if (inQuery) {
        return request.address().parameters().contains(name);
      }
      if (request.fields().isEmpty()) {
        return false; // a body that cannot be read says nothing
      }
      List<JsonFields.Value> values = request.fields().get().of(List.of(name));
      return switch (test) {
        case "empty" -> values.stream().allMatch(JsonFields.Value::isEmpty);
        case "zero" -> !values.isEmpty() && values.stream().allMatch(FieldTest::isZero);
        default -> values.stream().anyMatch(value -> !value.isEmpty());
      };
    }

    /** 0, "0", "0s": a duration that is none. */
    private static boolean isZero(JsonFields.Value value) {
      return value.text().matches("-?0+(\\.0+)?(ns|us|ms|s|m|h)?");
    }
  }

  boolean holds(Request request) {
    Address address = request.address();
    return (methods.isEmpty() || methods.contains(request.method()))
        && isAt(request)
        && paths.matches(address.path())
        && fields.stream().allMatch(field -> field.holds(request));
  }

  private boolean isAt(Request request) {
    return switch (hosts.source()) {
      case "anywhere" -> true;
      case "here" -> request.place() == Hosts.Place.HERE;
      case "elsewhere" -> request.place() == Hosts.Place.ELSEWHERE;
      default -> hosts.matches(request.address().host());
    };
  }
}
