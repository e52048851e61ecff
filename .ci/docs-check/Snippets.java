import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Code in Markdown is what stands between markers in a file that compiles. */
final class Snippets {
  private static final Pattern BEGIN =
      Pattern.compile("\\s*(?://|<!--) snippet: ([\\w-]+)(?: -->)?\\s*");
  private static final Pattern END = Pattern.compile("\\s*(?://|<!--) end snippet(?: -->)?\\s*");
  private static final Pattern TAKES = Pattern.compile("<!-- snippet: (\\S+#\\S+) -->\\s*");

  private final DocsCheck check;
  private final boolean fix;
  private final Map<String, List<String>> snippets = new TreeMap<>();
  private final Set<String> taken = new HashSet<>();

  Snippets(DocsCheck check, boolean fix) {
    this.check = check;
    this.fix = fix;
  }

  int check() throws IOException {
    check.repository.withSuffix(".java", ".xml").forEach(this::collect);
    for (String file : check.repository.withSuffix(".md")) {
      compare(file);
    }
    snippets.keySet().stream()
        .filter(name -> !taken.contains(name))
        .forEach(name -> check.problem(name, 0, "no Markdown file takes this snippet"));
    return snippets.size();
  }

  private void collect(String file) {
    String name = null;
    List<String> body = new ArrayList<>();
    int number = 0;
    for (String line : Repository.read(file).lines().toList()) {
      number++;
      Matcher begin = BEGIN.matcher(line);
      boolean begins = begin.matches();
      boolean ends = END.matcher(line).matches();
      if (begins ? name != null : ends && name == null) {
        check.problem(file, number, "a snippet begins in a snippet, or ends outside of one");
      }
      if (begins) {
        name = begin.group(1);
        body = new ArrayList<>();
      } else if (ends && name != null) {
        if (snippets.put(file + "#" + name, dedent(body)) != null) {
          check.problem(file, number, "two snippets have this name: " + name);
        }
        name = null;
      } else {
        body.add(line);
      }
    }
    if (name != null) {
      check.problem(file, number, "this snippet has no end: " + name);
    }
  }

  private static List<String> dedent(List<String> lines) {
    return String.join("\n", lines).stripIndent().lines().toList();
  }

  private void compare(String file) throws IOException {
    List<String> lines = Repository.read(file).lines().toList();
    List<String> result = new ArrayList<>();
    String wanted = null;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      result.add(line);
      if (!line.startsWith("```")) {
        Matcher takes = TAKES.matcher(line);
        wanted = takes.matches() ? takes.group(1) : line.isBlank() ? wanted : null;
        continue;
      }
      int end = closingFence(lines, i);
      List<String> shown = lines.subList(i + 1, end);
      result.addAll(wanted == null ? foreign(file, i, shown) : owned(file, i, shown, wanted));
      if (end < lines.size()) {
        result.add(lines.get(end));
      }
      i = end;
      wanted = null;
    }
    if (fix && !result.equals(lines)) {
      Files.writeString(Path.of(file), String.join("\n", result) + "\n");
      System.out.println("updated " + file);
    }
  }

  private static int closingFence(List<String> lines, int opening) {
    int end = opening + 1;
    while (end < lines.size() && !lines.get(end).startsWith("```")) {
      end++;
    }
    return end;
  }

  private List<String> foreign(String file, int fence, List<String> shown) {
    if (Repository.read(file).lines().toList().get(fence).startsWith("```java")) {
      check.problem(file, fence + 1, "Java that is taken from no code that compiles");
    }
    return shown;
  }

  private List<String> owned(String file, int fence, List<String> shown, String name) {
    taken.add(name);
    List<String> source = snippets.get(name);
    if (source == null) {
      check.problem(file, fence, "no such snippet: " + name);
      return shown;
    }
    if (!fix && !source.equals(shown)) {
      check.problem(file, fence + 1, "differs from " + name + ": run with --fix");
    }
    return source;
  }
}
