import java.util.ArrayList;
import java.util.List;

/**
 * Checks what no compiler sees: links and anchors between Markdown files, Java in Markdown against
 * the code that it was taken from, and names that belong to one machine. {@code .ci/check-docs}
 * compiles and runs it; with {@code --fix} it first brings the snippets in Markdown up to date.
 *
 * <p>A snippet is what stands between {@code // snippet: name} and {@code // end snippet} in Java,
 * or between the same words in XML comments. Markdown takes it with a line {@code <!-- snippet:
 * path/of/File.java#name -->} before the fenced block.
 */
final class DocsCheck {
  final Repository repository;
  private final List<String> problems = new ArrayList<>();

  private DocsCheck(Repository repository) {
    this.repository = repository;
  }

  public static void main(String[] args) throws Exception {
    boolean fix = List.of(args).equals(List.of("--fix"));
    if (args.length > 0 && !fix) {
      System.err.println("usage: .ci/check-docs [--fix]");
      System.exit(2);
    }
    DocsCheck check = new DocsCheck(Repository.open());
    int snippets = new Snippets(check, fix).check();
    int links = new Links(check).check();
    int files = new LocalNames(check).check();
    check.problems.forEach(System.err::println);
    System.out.printf(
        "Docs: %d links, %d snippets and %d files checked, %d problems%n",
        links, snippets, files, check.problems.size());
    System.exit(check.problems.isEmpty() ? 0 : 1);
  }

  void problem(String file, int line, String text) {
    problems.add(file + ":" + line + ": " + text);
  }
}
