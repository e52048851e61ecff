package dev.twoqueue.testkit.ollama;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A model's name in full: {@code host/namespace/model:tag}. Two that differ in case alone are
 * equal.
 */
final class ModelName {
  private static final String DEFAULT_HOST = "registry.ollama.ai";
  private static final String DEFAULT_NAMESPACE = "library";
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.:-]{0,349}");
  private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,79}");
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}");

  private final String host;
  private final String namespace;
  private final String model;
  private final String tag;
  private final String key;

  private ModelName(String host, String namespace, String model, String tag) {
    this.host = host;
    this.namespace = namespace;
    this.model = model;
    this.tag = tag;
    this.key = full().toLowerCase(Locale.ROOT);
  }

  /** Empty when it is not a name. */
  static Optional<ModelName> parse(String text) {
    String path = text;
    String tag = "latest";
    int colon = text.lastIndexOf(':');
    if (colon > text.lastIndexOf('/')) {
      path = text.substring(0, colon);
      tag = text.substring(colon + 1);
    }
    List<String> parts = List.of(path.split("/", -1));
    int count = parts.size();
    if (count > 3) {
      return Optional.empty();
    }
    String host = count == 3 ? parts.get(0) : DEFAULT_HOST;
    String namespace = count >= 2 ? parts.get(count - 2) : DEFAULT_NAMESPACE;
    String model = parts.get(count - 1);
    boolean valid =
        HOST.matcher(host).matches()
            && NAMESPACE.matcher(namespace).matches()
            && PART.matcher(model).matches()
            && PART.matcher(tag).matches();
    return valid ? Optional.of(new ModelName(host, namespace, model, tag)) : Optional.empty();
  }

  /** For names that a builder was given. */
  static ModelName of(String text) {
    Check.notBlank(text, "name");
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException("name is not a model's name: " + text));
  }

  String full() {
    return host + "/" + namespace + "/" + model + ":" + tag;
  }

  /** As the server shows it: without what is the default, save the tag. */
  String shortest() {
    boolean library = namespace.equals(DEFAULT_NAMESPACE);
    String prefix = host.equals(DEFAULT_HOST) ? "" : host + "/" + namespace + "/";
    if (prefix.isEmpty() && !library) {
      prefix = namespace + "/";
    }
    return prefix + model + ":" + tag;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ModelName that && key.equals(that.key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  @Override
  public String toString() {
    return shortest();
  }
}
