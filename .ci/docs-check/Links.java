import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every relative link leads to a file and, where it names one, to a heading or a line of it. */
final class Links {
  private static final Pattern FENCE =
      Pattern.compile(
          "^ {0,3}(```+|~~~+).*?^ {0,3}\\1[`~]*\\s*?$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern CODE = Pattern.compile("(`+)[^`].*?\\1", Pattern.DOTALL);
  private static final Pattern TARGET =
      Pattern.compile(
          "\\]\\(\\s*<?([^()\\s>]+)>?(?:\\s+\"[^\"]*\")?\\s*\\)" // [text](target "title")
              + "|^ {0,3}\\[[^\\]]+\\]:\\s*(\\S+)" // [name]: target
              + "|(?:href|src)=\"([^\"]*)\"",
          Pattern.MULTILINE);
  private static final Pattern USE = Pattern.compile("\\]\\[([^\\]\\n]+)\\]");
  private static final Pattern DEFINITION =
      Pattern.compile("^ {0,3}\\[([^\\]]+)\\]:", Pattern.MULTILINE);
  private static final Pattern HEADING =
      Pattern.compile("^ {0,3}#{1,6}\\s+(.*?)\\s*#*\\s*$", Pattern.MULTILINE);
  private static final Pattern NAMED = Pattern.compile("<a\\s+(?:id|name)=\"([^\"]+)\"");
  private static final Pattern ELSEWHERE = Pattern.compile("^[a-zA-Z][a-zA-Z0-9+.-]*:.*");
  private static final Pattern LINES = Pattern.compile("L(\\d+)(?:-L(\\d+))?");

  private final DocsCheck check;
  private final Map<String, Set<String>> anchors = new HashMap<>();

  Links(DocsCheck check) {
    this.check = check;
  }

  int check() {
    return check.repository.withSuffix(".md").stream().mapToInt(this::checkFile).sum();
  }

  private int checkFile(String file) {
    String prose = blank(CODE, blank(FENCE, Repository.read(file)));
    Set<String> defined = new HashSet<>();
    DEFINITION.matcher(prose).results().forEach(one -> defined.add(lower(one.group(1))));
    USE.matcher(prose)
        .results()
        .filter(use -> !defined.contains(lower(use.group(1))))
        .forEach(use -> tell(file, prose, use, "no link is defined as [" + use.group(1) + "]"));
    List<MatchResult> targets = TARGET.matcher(prose).results().toList();
    for (MatchResult match : targets) {
      String target =
          Stream.of(1, 2, 3).map(match::group).filter(group -> group != null).findFirst().get();
      if (!ELSEWHERE.matcher(target).matches()) {
        whatIsWrong(file, target).forEach(text -> tell(file, prose, match, text));
      }
    }
    return targets.size();
  }

  private Stream<String> whatIsWrong(String from, String target) {
    String[] parts = target.split("#", 2);
    String path = URLDecoder.decode(parts[0].replace("+", "%2B"), StandardCharsets.UTF_8);
    String file = path.isEmpty() ? from : resolve(from, path);
    if (!check.repository.has(file)) {
      return Stream.of("no such file: " + target);
    }
    if (parts.length == 1) {
      return Stream.empty();
    }
    boolean found =
        file.endsWith(".md") ? anchorsOf(file).contains(parts[1]) : hasLine(file, parts[1]);
    return found ? Stream.empty() : Stream.of("no such anchor: " + target);
  }

  private static String resolve(String from, String path) {
    Path base = path.startsWith("/") ? Path.of("") : Path.of(from).resolveSibling("");
    String relative = path.startsWith("/") ? path.substring(1) : path;
    return base.resolve(relative).normalize().toString().replace('\\', '/');
  }

  private static boolean hasLine(String file, String anchor) {
    Matcher lines = LINES.matcher(anchor);
    if (!lines.matches() || !Files.isRegularFile(Path.of(file))) {
      return false;
    }
    long last = Long.parseLong(lines.group(2) == null ? lines.group(1) : lines.group(2));
    return last <= Repository.read(file).lines().count();
  }

  /** As GitHub makes them: lower case, no punctuation, hyphens for spaces, numbered if equal. */
  private Set<String> anchorsOf(String file) {
    return anchors.computeIfAbsent(
        file,
        name -> {
          String text = blank(FENCE, Repository.read(name));
          Map<String, Integer> seen = new HashMap<>();
          Set<String> all = new HashSet<>();
          NAMED.matcher(text).results().forEach(one -> all.add(one.group(1)));
          for (MatchResult heading : HEADING.matcher(text).results().toList()) {
            String words = heading.group(1).replaceAll("!?\\[([^\\]]*)\\]\\([^)]*\\)", "$1");
            String slug = lower(words).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
            int times = seen.merge(slug, 1, Integer::sum);
            all.add(times == 1 ? slug : slug + "-" + (times - 1));
          }
          return all;
        });
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Takes matches out without moving what stands after them. */
  private static String blank(Pattern pattern, String text) {
    return pattern.matcher(text).replaceAll(match -> match.group().replaceAll("\\S", " "));
  }

  private void tell(String file, String text, MatchResult where, String what) {
    int line = (int) text.substring(0, where.start()).chars().filter(c -> c == '\n').count() + 1;
    check.problem(file, line, what);
  }
}
