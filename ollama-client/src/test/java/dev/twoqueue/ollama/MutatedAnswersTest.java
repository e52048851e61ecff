package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;
import dev.twoqueue.ollama.RecordedServer.Recorded;
import dev.twoqueue.ollama.internal.http.Json;
import dev.twoqueue.ollama.internal.http.Where;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Recorded answers with damaged bytes: a typed error or the result that the damaged answer states,
 * never another exception, never a hang, and no more memory than the answer is worth. A thousand of
 * them; {@code -Dtwoqueue.mutations=10000} takes more, {@code -Dtwoqueue.seed=…} other ones.
 */
@Timeout(600)
class MutatedAnswersTest {
  private static final int TRIES = Integer.getInteger("twoqueue.mutations", 1000);
  private static final long SEED = Long.getLong("twoqueue.seed", 42);
  private static final Duration LIMIT = Duration.ofMillis(500);

  /** Every call in here ends by its own deadlines; this leaves room for a busy machine. */
  private static final Duration HANGS_FROM = Duration.ofSeconds(30);

  /** For one call, on all its threads: the answers have 80 kB at most. */
  private static final long MOST_ALLOCATED = 16_000_000;

  private static final long MOST_KEPT = 16_000_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final AtomicReference<byte[]> answer = new AtomicReference<>(new byte[0]);
  private volatile boolean closes = true;
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private long mostAllocated;

  /** What was sent: whole, or what the client must read of it. */
  private record Damaged(Recorded recorded, ByteString sent, ByteString body, boolean framed) {}

  @Test
  void damagedAnswers_giveTypedErrorsOrWhatTheyState() {
    List<Recorded> answers = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String version : RecordedServer.VERSIONS) {
      for (Recorded recorded : RecordedServer.all(version)) {
        boolean more = seen.add(recorded.path() + recorded.text()); // "nothing resident" often came
        if (recorded.status() > 0 && RecordedCalls.hasMethod(recorded) && more) {
          answers.add(recorded);
        }
      }
    }
    OkHttpClient unpooled = // what is left of a damaged answer must not reach the next one
        new OkHttpClient.Builder()
            .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
            .build();
    try (RawServer server =
            RawServer.answering(
                (head, out) -> {
                  out.write(answer.get());
                  out.flush();
                  if (closes) {
                    throw new IOException("closes");
                  }
                });
        OllamaClient client =
            OllamaClient.builder()
                .address(server.url())
                .httpClient(unpooled)
                .timeouts(new OllamaTimeouts(LIMIT, LIMIT, LIMIT, LIMIT, LIMIT, LIMIT, LIMIT))
                .build()) {
      long before = -1;
      for (int i = 0; i < TRIES; i++) {
        before = i == TRIES / 10 ? liveBytes() : before; // all classes are loaded by then
        SplittableRandom random = new SplittableRandom(SEED + i);
        Damaged damaged = damage(answers.get(random.nextInt(answers.size())), random);
        closes = random.nextInt(100) > 0;
        try {
          check(damaged, client);
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError(
              "seed " + SEED + ", try " + i + ": " + damaged.recorded() + "\n" + shown(damaged), e);
        }
      }
      long kept = liveBytes() - before;
      System.out.printf(
          "%d mutations, seed %d: %s; at most %d kB allocated by a call, %d kB kept at the end%n",
          TRIES, SEED, outcomes, mostAllocated / 1000, kept / 1000);
      assertTrue(kept < MOST_KEPT, kept + " bytes are kept");
      assertTrue(outcomes.getOrDefault("right result", 0) > TRIES / 50, outcomes::toString);
      assertTrue(outcomes.getOrDefault("ProtocolViolation", 0) > TRIES / 20, outcomes::toString);
    }
  }

  /** Half of the time only the body, in an intact frame; else any byte from the status line on. */
  private static Damaged damage(Recorded recorded, SplittableRandom random) {
    Mutations mutations = new Mutations(random);
    byte[] body = recorded.text().getBytes(StandardCharsets.UTF_8);
    if (random.nextBoolean()) {
      byte[] changed = mutations.of(body);
      return new Damaged(
          recorded, ByteString.of(frame(recorded, changed, random)), ByteString.of(changed), true);
    }
    byte[] changed = mutations.of(frame(recorded, body, random));
    return new Damaged(recorded, ByteString.of(changed), ByteString.of(body), false);
  }

  private static byte[] frame(Recorded recorded, byte[] body, SplittableRandom random) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + recorded.status() + " X\r\n");
    boolean chunked = recorded.response().path("headers").has("Transfer-Encoding");
    head.append("Content-Type: application/json; charset=utf-8\r\n");
    head.append(chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + body.length);
    byte[] start = head.append("\r\n\r\n").toString().getBytes(StandardCharsets.UTF_8);
    return concat(start, chunked ? chunks(body, random) : body);
  }

  private static byte[] chunks(byte[] body, SplittableRandom random) {
    byte[] all = new byte[0];
    for (int from = 0; from < body.length; ) {
      int to = Math.min(body.length, from + random.nextInt(1, 4000));
      String size = Integer.toHexString(to - from) + "\r\n";
      all = concat(all, size.getBytes(StandardCharsets.US_ASCII));
      all = concat(concat(all, Arrays.copyOfRange(body, from, to)), new byte[] {'\r', '\n'});
      from = to;
    }
    return concat(all, "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private void check(Damaged damaged, OllamaClient client) {
    answer.set(damaged.sent().toByteArray());
    long begin = System.nanoTime();
    long allocated = allocatedBytes();
    String outcome;
    try {
      Object result = RecordedCalls.of(damaged.recorded()).apply(client);
      if (damaged.framed()) {
        RecordedOutcomes.check(stating(damaged.recorded(), damaged.body().toByteArray()), result);
        outcome = "right result";
      } else {
        outcome = "result of a damaged frame";
      }
    } catch (OllamaException typed) {
      outcome = typed.getClass().getSimpleName();
      assertTrue(typed.received().length() <= Where.SHOWN + 1);
    }
    allocated = allocatedBytes() - allocated;
    outcomes.merge(outcome, 1, Integer::sum);
    mostAllocated = Math.max(mostAllocated, allocated);
    assertTrue(allocated < MOST_ALLOCATED, allocated + " bytes were allocated");
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    assertTrue(took.compareTo(HANGS_FROM) < 0, "took " + took);
  }

  /** The same exchange as if it had been recorded with this body, cut into its lines. */
  private static Recorded stating(Recorded recorded, byte[] body) {
    ObjectNode json = recorded.json().deepCopy();
    ObjectNode response = json.putObject("response").put("ended", "complete");
    JsonNode was = recorded.response();
    response.set("status", was.get("status"));
    response.set("headers", was.get("headers"));
    boolean lines = was.path("chunks").size() > 1 || recorded.path().equals("/api/pull");
    for (byte[] line : lines ? split(body) : List.of(body)) {
      // Text may not keep what is no UTF-8; such a body never gives a result to be checked.
      response
          .withArray("chunks")
          .addObject()
          .put("text", new String(line, StandardCharsets.UTF_8));
    }
    return new Recorded(recorded.version(), recorded.scenario(), json);
  }

  /** Up to the line that ends the answer: what comes behind it is nobody's business. */
  private static List<byte[]> split(byte[] body) {
    List<byte[]> lines = new ArrayList<>();
    for (String text : new String(body, StandardCharsets.UTF_8).split("\n", -1)) {
      byte[] line = text.getBytes(StandardCharsets.UTF_8);
      if (!text.isBlank()) {
        lines.add(line);
        if (isLast(line)) {
          break;
        }
      }
    }
    return lines;
  }

  private static boolean isLast(byte[] line) {
    try {
      JsonNode node = Json.tree(line);
      return node.path("done").asBoolean() || node.path("status").asText().equals("success");
    } catch (IOException e) {
      return false;
    }
  }

  private long allocatedBytes() {
    long sum = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    Thread[] all = new Thread[256];
    int count = Thread.enumerate(all);
    for (Thread thread : Arrays.copyOf(all, count)) {
      if (thread.getName().startsWith("two-queue-ollama-")) {
        sum += Math.max(0, threads.getThreadAllocatedBytes(thread.getId()));
      }
    }
    return sum;
  }

  private static long liveBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static String shown(Damaged damaged) {
    return damaged.sent().substring(0, Math.min(2000, damaged.sent().size())).utf8();
  }
}
