package dev.twoqueue.testkit.ollama;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoqueue.testkit.internal.http.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A model at work on one answer, token by token. */
final class Answer {
  /** A prompt is read faster than an answer is written. */
  private static final int PROMPT_SPEED = 10;

  private static final int CHARACTERS_PER_TOKEN = 4;
  private static final Pattern TOKEN = Pattern.compile("\\s*\\S+");

  private final Server server;
  private final HttpExchange exchange;
  private final Runner runner;
  private final Runnable release;
  private final Form form;
  private final long began;
  private final long granted = System.nanoTime();
  private final double nanosPerToken;

  /** Wraps a piece of text as its endpoint does. */
  @FunctionalInterface
  interface Form {
    ObjectNode of(String text);
  }

  /**
   * @param release gives the runner back: called before the client is told that this is the end, so
   *     that what it then asks for meets an idle runner
   */
  Answer(
      Server server,
      HttpExchange exchange,
      Runner runner,
      Runnable release,
      Form form,
      long began) {
    this.server = server;
    this.exchange = exchange;
    this.runner = runner;
    this.release = release;
    this.form = form;
    this.began = began;
    double second = server.time().nanos(Duration.ofSeconds(1));
    this.nanosPerToken = second / runner.model.tokensPerSecond();
  }

  void give(ApiRequest request, int promptLength) throws IOException, ApiError {
    CompletableFuture<Void> turn = runner.turnstile.enter();
    try {
      Server.await(exchange, turn);
      server.log().heavyBegins();
      try {
        generate(request, 1 + promptLength / CHARACTERS_PER_TOKEN);
      } finally {
        server.log().heavyEnds();
      }
    } finally {
      runner.turnstile.leave(turn);
    }
  }

  private void generate(ApiRequest request, int promptTokens) throws IOException, ApiError {
    List<String> tokens =
        TOKEN.matcher(runner.model.response()).results().map(MatchResult::group).toList();
    int limit = request.options().path("num_predict").asInt(-1);
    boolean cut = limit > 0 && limit < tokens.size();
    List<String> said = cut ? tokens.subList(0, limit) : tokens;
    boolean streams = request.flag("stream", true);
    long start = System.nanoTime();
    double promptNanos = promptTokens * nanosPerToken / PROMPT_SPEED;
    for (int count = 1; count <= said.size(); count++) {
      pauseUntil(start + Math.round(promptNanos + count * nanosPerToken));
      if (runner.dead) {
        die();
        return;
      }
      if (streams) {
        line(form.of(said.get(count - 1)).put("done", false));
      }
    }
    ObjectNode last = form.of(streams ? "" : String.join("", said));
    last.put("done", true).put("done_reason", cut ? "length" : "stop");
    addFigures(last, promptTokens, said.size(), Math.round(promptNanos));
    release.run();
    if (streams) {
      line(last);
      exchange.endStream();
    } else {
      Answers.json(exchange, last);
    }
  }

  private void pauseUntil(long nanoTime) throws IOException {
    exchange.pause(Math.max(0, nanoTime - System.nanoTime()));
  }

  private void die() throws IOException, ApiError {
    String text = OllamaTexts.killedWhileAnswering(server.settings().version());
    release.run();
    if (!exchange.started()) {
      throw new ApiError(500, text);
    }
    line(Json.error(text));
    exchange.endStream();
  }

  private void line(ObjectNode line) throws IOException {
    if (!exchange.started()) {
      Answers.startLines(exchange);
    }
    Answers.line(exchange, line);
  }

  private void addFigures(ObjectNode last, int promptTokens, int tokens, long promptNanos) {
    if (last.has("response")) {
      ArrayNode context = last.putArray("context");
      for (int token = 1; token <= promptTokens + tokens; token++) {
        context.add(token);
      }
    }
    last.put("total_duration", System.nanoTime() - began)
        .put("load_duration", granted - began)
        .put("prompt_eval_count", promptTokens)
        .put("prompt_eval_duration", promptNanos)
        .put("eval_count", tokens)
        .put("eval_duration", Math.round(tokens * nanosPerToken));
  }
}
