package dev.twoqueue.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A command line for people: one line, short, obvious secrets masked. */
final class CommandText {
  static final int LONGEST = 120;
  private static final String MASK = "***";
  private static final String SECRET_WORD =
      "(?:api[-_]?key|access[-_]?key|private[-_]?key|token|secret|passw(?:or)?d|passphrase|pwd"
          + "|credentials?|auth(?:orization)?|bearer|signature)";

  /** {@code --api-key}: the secret is the next word. */
  private static final Pattern SECRET_OPTION =
      Pattern.compile("(?i)--?[\\w-]*" + SECRET_WORD + "[\\w-]*");

  /** {@code token=X}, {@code --api-key=X}, {@code ?token=X&…}, {@code "apiKey": "X"}. */
  private static final Pattern SECRET_ASSIGNED =
      Pattern.compile(
          "(?i)([\\w.-]*"
              + SECRET_WORD
              + "[\\w-]*[\"']?\\s*[=:]\\s*)(?:(?:bearer|basic)\\s+)?"
              + "[^&\\s,;}]+");

  private static final Pattern BEARER = Pattern.compile("(?i)\\b(bearer|basic)\\s+[^\\s\"']+");
  private static final Pattern USER_INFO = Pattern.compile("://[^/@\\s]*@");

  /** Tokens that show by their prefix what they are. */
  private static final Pattern KNOWN_TOKEN =
      Pattern.compile("\\b(?:hf_|sk-|gh[pousr]_|github_pat_|xox[a-z]-|glpat-|AKIA)[\\w-]{8,}");

  private static final Pattern NOT_PRINTABLE = Pattern.compile("[\\s\\p{Cntrl}\\p{Cf}]+");

  private CommandText() {}

  static String of(List<String> commandLine) {
    List<String> shown = new ArrayList<>();
    int length = 0;
    boolean secretFollows = false;
    for (String word : commandLine) {
      if (length > LONGEST) {
        break; // what follows would be cut off anyway, and a command line can be megabytes long
      }
      String masked = secretFollows ? MASK : masked(word);
      secretFollows = !secretFollows && SECRET_OPTION.matcher(word).matches();
      shown.add(masked);
      length += masked.length() + 1;
    }
    return cut(NOT_PRINTABLE.matcher(String.join(" ", shown)).replaceAll(" ").strip());
  }

  private static String masked(String word) {
    String text = word.length() > 8 * LONGEST ? word.substring(0, 8 * LONGEST) : word;
    text = USER_INFO.matcher(text).replaceAll("://" + MASK + "@");
    text = SECRET_ASSIGNED.matcher(text).replaceAll("$1" + MASK);
    text = BEARER.matcher(text).replaceAll("$1 " + MASK);
    return KNOWN_TOKEN.matcher(text).replaceAll(MASK);
  }

  private static String cut(String text) {
    if (text.length() <= LONGEST) {
      return text;
    }
    int end = LONGEST - 1;
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + "…";
  }
}
