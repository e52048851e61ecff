package dev.twoqueue.ollama;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A model's name in its normal form, {@code host/namespace/model:tag}. The server compares names
 * without regard to case and prints the shortest form, always with a tag; so does {@link
 * #toString}.
 *
 * <p>Made by {@link #parse}; the constructor checks nothing and is for that method's use.
 *
 * @param host the registry, {@code registry.ollama.ai} by default
 * @param namespace {@code library} by default
 * @param model the model
 * @param tag {@code latest} by default
 */
public record ModelName(String host, String namespace, String model, String tag) {
  private static final String DEFAULT_HOST = "registry.ollama.ai";
  private static final String DEFAULT_NAMESPACE = "library";
  private static final String DEFAULT_TAG = "latest";
  private static final Pattern HOST = Pattern.compile("[a-z0-9_][a-z0-9_.:-]{0,349}");
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9_][a-z0-9_-]{0,79}");
  private static final Pattern PART = Pattern.compile("[a-z0-9_][a-z0-9_.-]{0,79}");

  /**
   * Reads a name as the server does.
   *
   * @param text for example {@code llama3.3:70b}
   * @return its normal form, in lower case
   * @throws IllegalArgumentException when it is blank or no valid name
   */
  public static ModelName parse(String text) {
    String rest = Arguments.notBlank(text, "model").toLowerCase(Locale.ROOT);
    int scheme = rest.indexOf("://");
    if (scheme >= 0) {
      rest = rest.substring(scheme + 3);
    }
    if (rest.endsWith(":local")) {
      rest = rest.substring(0, rest.length() - ":local".length());
    }
    int slash = rest.lastIndexOf('/');
    String last = rest.substring(slash + 1);
    boolean cloudSuffix = last.endsWith(":cloud") && last.indexOf(':') < last.lastIndexOf(':');
    if (cloudSuffix) { // model:tag:cloud is another spelling of model:tag-cloud
      last = last.substring(0, last.length() - ":cloud".length()) + "-cloud";
    }
    int colon = last.indexOf(':');
    String model = colon < 0 ? last : last.substring(0, colon);
    String tag = colon < 0 ? DEFAULT_TAG : last.substring(colon + 1);
    String before = slash < 0 ? "" : rest.substring(0, slash);
    int hostEnd = before.lastIndexOf('/');
    String host = hostEnd < 0 ? DEFAULT_HOST : before.substring(0, hostEnd);
    String namespace = slash < 0 ? DEFAULT_NAMESPACE : before.substring(hostEnd + 1);
    check(HOST, host, text, "host");
    check(NAMESPACE, namespace, text, "namespace");
    check(PART, model, text, "model");
    check(PART, tag, text, "tag");
    return new ModelName(host, namespace, model, tag);
  }

  private static void check(Pattern form, String part, String text, String which) {
    if (!form.matcher(part).matches()) {
      String shown = text.length() > 100 ? text.substring(0, 100) + "…" : text;
      throw new IllegalArgumentException(
          "model '"
              + shown
              + "' is no valid name: its "
              + which
              + " is '"
              + part.substring(0, Math.min(part.length(), 100))
              + "'");
    }
  }

  /**
   * Whether a server forwards this model to a remote service: it never becomes resident here.
   *
   * @return true for the tags {@code cloud} and {@code …-cloud}
   */
  public boolean isCloud() {
    return tag.equals("cloud") || tag.endsWith("-cloud");
  }

  /**
   * The shortest form, as {@code /api/ps} prints it.
   *
   * @return never without a tag
   */
  @Override
  public String toString() {
    String shortest = model + ":" + tag;
    if (!host.equals(DEFAULT_HOST)) {
      return host + "/" + namespace + "/" + shortest;
    }
    return namespace.equals(DEFAULT_NAMESPACE) ? shortest : namespace + "/" + shortest;
  }
}
