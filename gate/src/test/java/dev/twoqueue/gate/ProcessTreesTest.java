package dev.twoqueue.gate;

import static dev.twoqueue.gate.FakeHost.process;
import static dev.twoqueue.gate.Requests.holds;
import static dev.twoqueue.gate.Requests.proceeds;
import static dev.twoqueue.gate.Requests.sweep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Processes above and below each other, model servers among them. */
@Timeout(30)
@NullUnmarked
class ProcessTreesTest {
  private final FakeHost host = new FakeHost();
  private final ProcessGate gate = ProcessGate.standard().withFigures(host);
  private final AtomicInteger asked = new AtomicInteger();

  private String held() throws Exception {
    return holds(gate.look(sweep())).reason();
  }

  @Test
  void of_a_wrapper_and_what_it_runs_only_that_is_shown() throws Exception {
    host.others.add(process(200, 1, 0, "sudo", "ollama", "pull", "x"));
    assertTrue(held().contains("pid 200"));

    host.others.add(process(201, 200, 0, "ollama", "pull", "x"));
    assertFalse(held().contains("pid 200"), this::toString);
    assertTrue(held().contains("pid 201"));
  }

  @Test
  void the_idle_server_and_its_own_runners_do_not_count() throws Exception {
    host.others.add(process(300, 1, 0, "/usr/bin/ollama", "serve"));
    host.others.add(process(301, 300, 0, "/usr/lib/ollama/llama-server", "--port", "1"));
    proceeds(gate.look(sweep()));

    host.others.add(process(302, 1, 0, "/usr/bin/ollama", "pull", "x"));
    assertTrue(held().contains("pid 302"));
  }

  @Test
  void a_process_that_has_called_exec_since_is_looked_at_anew() throws Exception {
    host.others.add(process(200, 1, 0, "sh", "-c", "ollama pull x"));
    proceeds(gate.look(sweep()));

    host.others.set(0, process(200, 1, 0, "ollama", "pull", "x"));
    held();
    host.others.clear();
    proceeds(gate.look(sweep()));
  }

  @Test
  void the_age_of_the_list_is_told() throws Exception {
    assertTrue(proceeds(gate.look(sweep())).endsWith(", as of 0.0 s ago"));
    host.listAge = Duration.ofMillis(1400);
    assertTrue(proceeds(gate.look(sweep())).endsWith(", as of 1.4 s ago"));
  }

  /** Answers every question with this status. */
  private ServerSocket server(String status) throws IOException {
    ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread =
        new Thread(
            () -> {
              while (!socket.isClosed()) {
                try (Socket one = socket.accept()) {
                  asked.incrementAndGet();
                  one.getInputStream().read();
                  one.getOutputStream()
                      .write(
                          ("HTTP/1.1 " + status + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                  return;
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
    return socket;
  }

  private static HostProcess llamaServer(Instant started, int port) {
    return new HostProcess(
        400,
        OptionalLong.of(1),
        "llama-server",
        Optional.of(List.of("/opt/llama-server", "-m", "x.gguf", "--port", "" + port)),
        Optional.of(started),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  @Test
  void a_foreign_llama_server_counts_while_it_loads() throws Exception {
    try (ServerSocket loading = server("503 Service Unavailable")) {
      host.others.add(llamaServer(Instant.now(), loading.getLocalPort()));
      String reason = held();
      assertTrue(reason.startsWith("llama-server loads: pid 400, since "), reason);
    }
  }

  @Test
  void one_that_is_ready_does_not_and_is_not_asked_at_each_look() throws Exception {
    try (ServerSocket ready = server("200 OK")) {
      host.others.add(llamaServer(Instant.now(), ready.getLocalPort()));
      for (int i = 0; i < 10; i++) {
        proceeds(gate.look(sweep()));
        host.pass(Duration.ofSeconds(1), 0, 0);
      }
      assertEquals(1, asked.get());
      host.pass(Duration.ofSeconds(30), 0, 0);
      proceeds(gate.look(sweep()));
      assertEquals(2, asked.get());
    }
  }

  @Test
  void one_that_is_silent_is_taken_as_loading_while_it_is_young() throws Exception {
    int nobody;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobody = socket.getLocalPort();
    }
    host.others.add(llamaServer(Instant.now(), nobody));
    assertTrue(held().startsWith("llama-server does not answer, and is taken as loading"));

    host.others.set(0, llamaServer(Instant.now().minusSeconds(601), nobody));
    proceeds(gate.look(sweep()));
  }

  @Test
  void it_is_asked_where_its_arguments_or_its_environment_say() throws Exception {
    try (ServerSocket ready = server("404 Not Found")) {
      String port = String.valueOf(ready.getLocalPort());
      assertEquals(
          ServerHealth.State.LOADED,
          ServerHealth.ask(List.of("--host=127.0.0.1", "--port=" + port), Map.of()));
      assertEquals(
          ServerHealth.State.LOADED,
          ServerHealth.ask(List.of("--host", "0.0.0.0"), Map.of("LLAMA_ARG_PORT", port)));
    }
    try (ServerSocket other = server("what?")) {
      assertEquals(
          ServerHealth.State.UNKNOWN,
          ServerHealth.ask(List.of("--port", "" + other.getLocalPort()), Map.of()));
    }
    assertEquals(
        ServerHealth.State.UNKNOWN,
        ServerHealth.ask(List.of("--host", "/run/llama.sock"), Map.of()));
    assertEquals(
        ServerHealth.State.UNKNOWN, ServerHealth.ask(List.of("--port", "99999"), Map.of()));
  }
}
