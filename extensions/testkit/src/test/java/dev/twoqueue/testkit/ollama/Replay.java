package dev.twoqueue.testkit.ollama;

import static dev.twoqueue.testkit.internal.http.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.testkit.internal.http.Http;
import dev.twoqueue.testkit.ollama.Recording.Exchange;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Asks a server what another was asked, and compares the answers. */
final class Replay {
  private final Essence recorded = new Essence();
  private final Essence simulated = new Essence();
  private final URI server;

  Replay(URI server) {
    this.server = server;
  }

  void run(List<Exchange> exchanges, Set<String> notCompared) {
    for (int index = 0; index < exchanges.size(); index++) {
      Exchange exchange = exchanges.get(index);
      int watches = index + 1;
      while (watches < exchanges.size() && exchanges.get(watches).isWatch()) {
        watches++;
      }
      List<Exchange> watched = exchanges.subList(index + 1, watches);
      if (watched.isEmpty()) {
        if (notCompared.contains(exchange.name())) {
          ask(exchange);
        } else {
          compare(exchange, ask(exchange));
        }
        continue;
      }
      List<String> before = Essence.names(Http.get(server, "/api/ps"));
      CompletableFuture<Http.Reply> reply = CompletableFuture.supplyAsync(() -> ask(exchange));
      if (!exchange.overlaps(watched.get(0))) {
        reply.join();
      }
      watch(exchange.name(), before, watched, reply);
      compare(exchange, reply.join());
      index = watches - 1;
    }
  }

  /** Polls ps, as the recorder did, until it lists what it listed in the end. */
  private void watch(
      String during,
      List<String> before,
      List<Exchange> watched,
      CompletableFuture<Http.Reply> reply) {
    List<List<String>> expected =
        Stream.concat(Stream.of(before), watched.stream().map(each -> Essence.names(each.reply())))
            .toList();
    List<String> last = expected.get(expected.size() - 1);
    List<List<String>> seen = new ArrayList<>();
    long deadline = System.nanoTime() + 30_000_000_000L;
    boolean done = false;
    while (!done) {
      done = reply.isDone();
      List<String> names = Essence.names(Http.get(server, "/api/ps"));
      if (seen.isEmpty() || !seen.get(seen.size() - 1).equals(names)) {
        seen.add(names);
      }
      done = done && names.equals(last);
      assertTrue(System.nanoTime() - deadline < 0, during + ": ps shows " + seen);
      LockSupport.parkNanos(500_000);
    }
    // A poll can miss what was short; what it saw must have been recorded, in that order.
    int next = 0;
    for (List<String> names : seen) {
      int found = expected.subList(next, expected.size()).indexOf(names);
      assertTrue(found >= 0, during + ": ps showed " + seen + ", recorded was " + expected);
      next += found;
    }
  }

  private Http.Reply ask(Exchange exchange) {
    return Http.send(
        server, exchange.method(), exchange.path(), exchange.headers(), exchange.body());
  }

  /**
   * How soon ps forgets a model that leaves is the machine's affair: it is asked again for that.
   */
  private void compare(Exchange exchange, Http.Reply reply) {
    String expected = String.join("\n", recorded.of(exchange.reply()));
    String[] actual = {String.join("\n", simulated.of(reply))};
    if (exchange.path().equals("/api/ps") && exchange.method().equals("GET")) {
      eventually(
          () -> exchange.name() + ": expected " + expected + " but was " + actual[0],
          () -> {
            boolean same = expected.equals(actual[0]);
            actual[0] = String.join("\n", simulated.of(ask(exchange)));
            return same;
          });
    } else {
      assertEquals(expected, actual[0], exchange.name());
    }
  }
}
