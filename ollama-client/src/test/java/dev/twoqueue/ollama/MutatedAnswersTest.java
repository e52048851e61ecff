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
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Recorded answers with damaged bytes: a typed error or the result that the damaged answer states,
 * never another exception, never a hang, and no more memory than the answer is worth. Three hundred
 * of them; {@code -Djqwik.tries.default=10000} takes more.
 */
class MutatedAnswersTest {
  private static final Duration LIMIT = Duration.ofMillis(500);

  /** Every call in here ends by its own deadlines; this leaves room for a busy machine. */
  private static final Duration HANGS_FROM = Duration.ofSeconds(30);

  /** For one call, on all its threads: the answers have 80 kB at most. */
  private static final long MOST_ALLOCATED = 16_000_000;

  private static final long MOST_KEPT = 16_000_000;
  private static final int LOADED = 100; // tries, after which all classes are

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final List<Recorded> ANSWERS = answers();
  private static final AtomicReference<byte[]> NOW = new AtomicReference<>(new byte[0]);
  private static volatile boolean closes = true;
  private static @Nullable RawServer server;
  private static @Nullable OllamaClient client;
  private static int tries;
  private static long mostAllocated;
  private static long liveBefore;

  /** What was sent: whole, or what the client must read of it. */
  private record Damaged(Recorded recorded, ByteString sent, ByteString body, boolean framed) {
    @Override
    public String toString() {
      return recorded + "\n" + sent.substring(0, Math.min(2000, sent.size())).utf8();
    }
  }

  @BeforeContainer
  static void start() throws IOException {
    RawServer answering =
        RawServer.answering(
            (head, out) -> {
              out.write(NOW.get());
              out.flush();
              if (closes) {
                throw new IOException("closes");
              }
            });
    server = answering;
    OkHttpClient unpooled = // what is left of a damaged answer must not reach the next one
        new OkHttpClient.Builder()
            .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
            .build();
    client =
        OllamaClient.builder()
            .address(answering.url())
            .httpClient(unpooled)
            .timeouts(new OllamaTimeouts(LIMIT, LIMIT, LIMIT, LIMIT, LIMIT, LIMIT, LIMIT))
            .build();
  }

  @AfterContainer
  static void stop() {
    long kept = liveBytes() - liveBefore;
    Objects.requireNonNull(client).close();
    Objects.requireNonNull(server).close();
    System.out.printf(
        "%d damaged answers, at most %d kB allocated by a call, %d kB kept at the end%n",
        tries, mostAllocated / 1000, kept / 1000);
    assertTrue(tries <= LOADED || kept < MOST_KEPT, kept + " bytes are kept");
  }

  private static List<Recorded> answers() {
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
    return answers;
  }

  /** Half of the time only the body, in an intact frame; else any byte from the status line on. */
  @Provide
  Arbitrary<Damaged> damagedAnswers() {
    return Combinators.combine(
            Arbitraries.of(ANSWERS),
            mutations(),
            Arbitraries.of(true, false),
            Arbitraries.integers().between(1, 4000))
        .as(MutatedAnswersTest::damage)
        .withoutEdgeCases();
  }

  /** Flips are the most frequent. */
  private static Arbitrary<List<Mutation>> mutations() {
    Arbitrary<Integer> number =
        Arbitraries.integers().between(0, 1 << 20).withDistribution(RandomDistribution.uniform());
    Arbitrary<Mutation.Kind> kind =
        Arbitraries.frequency(
            Tuple.of(3, Mutation.Kind.FLIP_BIT),
            Tuple.of(2, Mutation.Kind.FLIP_BITS),
            Tuple.of(1, Mutation.Kind.CUT_OUT),
            Tuple.of(1, Mutation.Kind.DOUBLE),
            Tuple.of(1, Mutation.Kind.CUT_OFF),
            Tuple.of(1, Mutation.Kind.PUT_IN),
            Tuple.of(1, Mutation.Kind.REPLACE),
            Tuple.of(1, Mutation.Kind.NOISE),
            Tuple.of(1, Mutation.Kind.MOVE));
    Arbitrary<Mutation> one = Combinators.combine(kind, number, number, number).as(Mutation::new);
    return Arbitraries.oneOf(one.list().ofSize(1), one.list().ofMinSize(2).ofMaxSize(4));
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void damagedAnswers_giveTypedErrorsOrWhatTheyState(
      @ForAll("damagedAnswers") Damaged damaged, @ForAll @IntRange(max = 99) int percent) {
    tries++;
    liveBefore = tries == LOADED ? liveBytes() : liveBefore;
    closes = percent > 0;
    Statistics.label("outcome")
        .collect(outcome(damaged, Objects.requireNonNull(client)))
        .coverage(
            all -> {
              all.check("right result").count(times -> times > 0);
              all.check("ProtocolViolation").count(times -> times > 0);
            });
  }

  private static Damaged damage(
      Recorded recorded, List<Mutation> mutations, boolean framed, int chunk) {
    byte[] body = recorded.text().getBytes(StandardCharsets.UTF_8);
    byte[] changed = framed ? body : frame(recorded, body, chunk);
    for (Mutation mutation : mutations) {
      changed = mutation.of(changed);
    }
    return framed
        ? new Damaged(
            recorded, ByteString.of(frame(recorded, changed, chunk)), ByteString.of(changed), true)
        : new Damaged(recorded, ByteString.of(changed), ByteString.of(body), false);
  }

  private static byte[] frame(Recorded recorded, byte[] body, int chunk) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + recorded.status() + " X\r\n");
    boolean chunked = recorded.response().path("headers").has("Transfer-Encoding");
    head.append("Content-Type: application/json; charset=utf-8\r\n");
    head.append(chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + body.length);
    byte[] start = head.append("\r\n\r\n").toString().getBytes(StandardCharsets.UTF_8);
    return concat(start, chunked ? chunks(body, chunk) : body);
  }

  private static byte[] chunks(byte[] body, int chunk) {
    byte[] all = new byte[0];
    for (int from = 0; from < body.length; ) {
      int to = Math.min(body.length, from + chunk);
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

  private static String outcome(Damaged damaged, OllamaClient client) {
    NOW.set(damaged.sent().toByteArray());
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
    mostAllocated = Math.max(mostAllocated, allocated);
    assertTrue(allocated < MOST_ALLOCATED, allocated + " bytes were allocated");
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    assertTrue(took.compareTo(HANGS_FROM) < 0, "took " + took);
    return outcome;
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

  private static long allocatedBytes() {
    long sum = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    Thread[] all = new Thread[256];
    int count = Thread.enumerate(all);
    for (Thread thread : Arrays.copyOf(all, count)) {
      if (thread.getName().startsWith("two-queue-ollama-")) {
        sum += Math.max(0, THREADS.getThreadAllocatedBytes(thread.getId()));
      }
    }
    return sum;
  }

  private static long liveBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
