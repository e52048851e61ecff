package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.ollama.internal.http.BoundedInput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An answer that is too large, or that would become so in memory, is not read to its end. */
@Timeout(30)
class AnswerBoundsTest {

  @Test
  void boundHoldsForTheBytesThatAreRead() throws IOException {
    byte[] endless = new byte[100_000];
    BoundedInput input = new BoundedInput(new ByteArrayInputStream(endless), 5000);
    assertThrows(BoundedInput.TooLargeException.class, input::readAllBytes);
    assertEquals(5000, input.count());
    BoundedInput exact = new BoundedInput(new ByteArrayInputStream(endless), 100_000);
    assertEquals(100_000, exact.readAllBytes().length);
  }

  /** Three bytes that state an empty vector would take forty in memory. */
  @Test
  void moreVectorsThanTexts_areNotReadOn() throws Exception {
    byte[] block = "[],".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
    try (RawServer server =
            RawServer.answering(
                (head, out) -> {
                  RawServer.write(
                      out, "HTTP/1.1 200 OK\r\nContent-Length: 60000000\r\n\r\n{\"embeddings\":[");
                  for (int i = 0; i < 2000; i++) {
                    out.write(block);
                  }
                });
        OllamaClient client = OllamaClient.connect(server.url())) {
      OllamaException e =
          assertThrows(
              OllamaException.ProtocolViolation.class,
              () -> client.embed(EmbedRequest.of("m", List.of("a", "b"))));
      assertTrue(e.toString().contains("more embeddings for 2 texts"), e::toString);
      server.disconnected.await();
      assertTrue(server.sent.get() < 16_000_000, "read on: " + server.sent);
    }
  }

  @Test
  void answerThatGrowsForEver_isCutOff() {
    String line = "{\"response\":\"" + "a".repeat(100_000) + "\",\"done\":false}\n";
    try (RawServer server =
            RawServer.answering(
                (head, out) -> {
                  RawServer.write(out, RawServer.chunkedHead());
                  while (true) {
                    RawServer.write(out, RawServer.chunk(line));
                  }
                });
        OllamaClient client = OllamaClient.connect(server.url())) {
      OllamaException e =
          assertThrows(
              OllamaException.ProtocolViolation.class,
              () -> client.generate(GenerateRequest.of("m", "x"), chunk -> {}));
      assertTrue(e.toString().contains("more than 2000000"), e::toString);
    }
  }
}
