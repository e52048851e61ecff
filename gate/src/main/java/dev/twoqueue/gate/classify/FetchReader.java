package dev.twoqueue.gate.classify;

import dev.twoqueue.gate.internal.shell.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A command that makes a request: curl, wget and their like. */
record FetchReader(RequestReader requests) {
  private static final Pattern ITEM =
      Pattern.compile("([\\w.-]+)(:=|==|=|:|@)(.*)", Pattern.DOTALL);

  /** What is to be requested. The body is null where there is none, or none that can be read. */
  private record Draft(String method, List<Word> urls, @Nullable String body) {}

  WorkClass read(Outcome.Fetch fetch, ProgramRule.Match match, String reason) {
    Draft draft = fetch.hasItems() ? withItems(match) : withOptions(fetch, match);
    Heaviest heaviest = new Heaviest();
    draft.urls.forEach(url -> heaviest.add(read(draft, url)));
    return heaviest.or(
        new WorkClass.Unknown(reason + " names no address", match.rule().rule().id()));
  }

  private WorkClass read(Draft draft, Word url) {
    WorkClass found = requests.read(draft.method, url.text(), draft.body);
    boolean hostIsSure = url.literal() || url.text().matches("\\w+://[\\w.:-]+/.*");
    boolean isTrusted =
        url.literal()
            || found instanceof WorkClass.LocalHeavy
            || (found instanceof WorkClass.Fleet && hostIsSure);
    return isTrusted ? found : new WorkClass.Unknown("the address is not known in full", "");
  }

  private static Draft withOptions(Outcome.Fetch fetch, ProgramRule.Match match) {
    List<Word> bodies = all(match, fetch.body());
    List<Word> urls = new ArrayList<>(match.remaining());
    urls.addAll(all(match, fetch.url()));
    Optional<String> method = match.find(fetch.method()).map(Word::text);
    boolean isHead = match.has(fetch.head());
    boolean isGet = match.has(fetch.get());
    String implied = isHead ? "HEAD" : bodies.isEmpty() || isGet ? "GET" : "POST";
    String body =
        bodies.size() == 1 && !bodies.get(0).text().startsWith("@") ? bodies.get(0).text() : null;
    return new Draft(method.orElse(implied), urls, body);
  }

  private static List<Word> all(ProgramRule.Match match, Outcome.Source source) {
    return match.options().options().stream()
        .filter(option -> source.names().contains(option.name()))
        .map(Options.Option::value)
        .toList();
  }

  /** HTTPie's way: a method, an address, then {@code field=text} and {@code field:=json}. */
  private static Draft withItems(ProgramRule.Match match) {
    List<Word> words = match.remaining();
    boolean hasMethod = words.size() > 1 && words.get(0).text().matches("[A-Z]+");
    int first = hasMethod ? 1 : 0;
    if (words.size() <= first) {
      return new Draft("GET", List.of(), null);
    }
    List<String> fields = new ArrayList<>();
    for (Word word : words.subList(first + 1, words.size())) {
      Matcher item = ITEM.matcher(word.text());
      if (item.matches() && item.group(2).equals("=")) {
        fields.add("\"" + item.group(1) + "\":\"" + escaped(item.group(3)) + "\"");
      } else if (item.matches() && item.group(2).equals(":=")) {
        fields.add("\"" + item.group(1) + "\":" + item.group(3));
      }
    }
    String implied = fields.isEmpty() ? "GET" : "POST";
    return new Draft(
        hasMethod ? words.get(0).text() : implied,
        List.of(words.get(first)),
        fields.isEmpty() ? null : fields.stream().collect(Collectors.joining(",", "{", "}")));
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
