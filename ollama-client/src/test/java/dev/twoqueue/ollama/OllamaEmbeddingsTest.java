package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.testkit.ollama.SimulatedModel;
import dev.twoqueue.testkit.ollama.SimulatedOllama;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Embeddings beside the queue: I9. */
@Timeout(60)
class OllamaEmbeddingsTest {
  @Test
  void embeddings_passByWithoutKeepAlive() {
    try (SimulatedOllama server =
            SimulatedOllama.builder()
                .model(SimulatedModel.of("llama3.2:3b"))
                .model(
                    SimulatedModel.builder("nomic-embed-text")
                        .capabilities("embedding")
                        .loadTime(Duration.ofMillis(5))
                        .build())
                .maxLoadedModels(2)
                .start();
        OllamaClient client =
            OllamaClient.builder()
                .address(server.url())
                .alwaysResident("nomic-embed-text")
                .build()) {
      OllamaEmbeddings embeddings = client.embeddings("nomic-embed-text");
      embeddings.pin();
      assertTrue(client.ps().get(0).isPinned());
      float[] one = embeddings.embed("a text");
      assertTrue(one.length > 0);
      List<float[]> many = embeddings.embed(List.of("a text", "another"));
      assertArrayEquals(one, many.get(0));
      assertEquals(2, many.size());
      assertTrue(client.ps().get(0).isPinned());
      assertFalse(client.tags().isEmpty());
    }
  }

  @Test
  void embeddings_areBounded() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    CountDownLatch answer = new CountDownLatch(1);
    try (RawServer server =
            RawServer.answering(
                (head, out) -> {
                  requests.incrementAndGet();
                  await(answer);
                  RawServer.write(out, RawServer.whole(200, "{\"embeddings\":[[1.5]]}"));
                });
        OllamaClient client = OllamaClient.connect(server.url())) {
      OllamaEmbeddings embeddings = client.embeddings("e").withConcurrency(1);
      CompletableFuture<float[]> first = CompletableFuture.supplyAsync(() -> embeddings.embed("x"));
      server.requested.await();
      AtomicReference<Object> second = new AtomicReference<>("nothing");
      Thread waiting =
          new Thread(
              () -> {
                try {
                  second.set(embeddings.embed("y"));
                } catch (OllamaException e) {
                  second.set(e);
                }
              });
      waiting.start();
      Eventually.holds(
          "it waits for a place", () -> waiting.getState() == Thread.State.TIMED_WAITING);
      waiting.interrupt();
      waiting.join();
      assertInstanceOf(OllamaException.Cancelled.class, second.get());
      assertEquals(1, requests.get());
      answer.countDown();
      assertArrayEquals(new float[] {1.5f}, first.get());
      assertEquals(1, embeddings.embed("z").length);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
