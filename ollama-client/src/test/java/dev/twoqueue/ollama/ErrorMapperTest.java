package dev.twoqueue.ollama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.twoqueue.ollama.internal.http.ApiRequest;
import dev.twoqueue.ollama.internal.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words that Ollama has for an error, those that no recording holds included. */
class ErrorMapperTest {
  private static final ApiRequest ASK = ApiRequest.post("api/generate", Json.object(), "m");

  private static OllamaException of(ApiRequest request, int status, String body) {
    return ErrorMapper.ofStatus(request, status, body.getBytes(StandardCharsets.UTF_8));
  }

  private static String json(String error) {
    return Json.object().put("error", error).toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 | model 'm' not found | ModelNotFound",
        "404 | model \"m\" not found, try pulling it first | ModelNotFound",
        "400 | model is required | BadRequest",
        "400 | missing request body | BadRequest",
        "400 | invalid model name | BadRequest",
        "400 | \"m\" does not support chat | Unsupported",
        "400 | the input length exceeds the context length | BadRequest",
        "400 | m does not support tools | Unsupported",
        "499 | request canceled | Cancelled",
        "503 | server busy, please try again.  maximum pending requests exceeded | ServerBusy",
        "500 | model requires more system memory (9.9 GiB) than is available (1.1 GiB)|OutOfMemory",
        "500 | memory layout cannot be allocated | OutOfMemory",
        "500 | llama runner process has terminated: exit status 2 | RunnerDied",
        "500 | llama-server process has terminated: signal: killed | RunnerDied",
        "500 | llama-server process has terminated: cudaMalloc failed: out of memory | OutOfMemory",
        "500 | llama-server reported out-of-memory during startup: x | OutOfMemory",
        "500 | timed out waiting for llama-server to start - progress 0.00 | RunnerDied",
        "500 | model runner has unexpectedly stopped, this may be due to resource limitations or"
            + " an internal error, check ollama server logs for details | RunnerDied",
        "500 | model failed to load, this may be due to resource limitations | RunnerDied",
        "500 | CUDA error: out of memory | OutOfMemory",
        "500 | ErrorOutOfDeviceMemory: vk_error_out_of_device_memory | OutOfMemory",
        "500 | ggml_backend_alloc: failed to allocate buffer of size 5 | OutOfMemory",
        "500 | hipMalloc failed | OutOfMemory",
        "500 | insufficient memory (00000008:kIOGPUCommandBufferCallbackErrorOutOfMemory)"
            + "| OutOfMemory",
        "500 | not enough memory resources are available | OutOfMemory",
        "500 | open blob: no space left on device | NoSpace",
        "500 | pull model manifest: file does not exist | ModelNotFound",
        "500 | unauthorized: access denied | Unauthorised",
        "500 | pull model manifest: 429: slow down | ServerBusy",
        "500 | option \"num_ctx\" must be of type integer | BadRequest",
        "501 | This server does not support embeddings. Start it with `--embeddings` | Unsupported",
        "501 | not here | Unsupported",
        "401 | unauthorized | Unauthorised",
        "403 | this model requires a subscription, upgrade for access | Unauthorised",
        "429 | you have reached your hourly usage limit | ServerBusy",
        "502 | upstream error | ServerError",
        "500 | something new | ServerError",
      })
  void errorInJson_isToldByItsWordsAndStatus(int status, String error, String member) {
    OllamaException e = of(ASK, status, json(error));
    assertEquals(member, e.getClass().getSimpleName());
    assertEquals(status, e.status().orElse(0));
    assertTrue(e.toString().contains("POST /api/generate"), e::toString);
    // The same words in the middle of a stream come with status 200, and mean the same where the
    // status was not all that told it.
    if (status == 500) {
      OllamaException line = ErrorMapper.ofLine(ASK, 200, error);
      assertEquals(member, line.getClass().getSimpleName());
      assertEquals(200, line.status().orElse(0));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 | 404 page not found | ProtocolViolation",
        "405 | 405 method not allowed | ProtocolViolation",
        "403 | '' | Unauthorised",
        "401 | '' | Unauthorised",
        "429 | '' | ServerBusy",
        "503 | '' | ServerBusy",
        "500 | <html>oops | ServerError",
        "501 | '' | Unsupported",
        "502 | Bad Gateway | ServerError",
        "304 | '' | ProtocolViolation",
        "400 | {\"error\":5} | ProtocolViolation",
      })
  void errorThatIsNoJson_isToldByItsStatus(int status, String body, String member) {
    assertEquals(member, of(ASK, status, body).getClass().getSimpleName());
  }

  @Test
  void cloudModelWithoutSignIn_saysWhichAndWhereToSignIn() {
    OllamaException.Unauthorised e =
        assertInstanceOf(
            OllamaException.Unauthorised.class,
            of(
                ApiRequest.post("api/chat", Json.object(), "gpt-oss:120b-cloud"),
                401,
                "{\"error\":\"unauthorized\",\"signin_url\":\"https://ollama.com/connect?k=1\"}"));
    assertEquals("gpt-oss:120b-cloud", e.model().orElse(""));
    assertEquals("https://ollama.com/connect?k=1", e.signInUrl().orElse(""));
    OllamaException.Unauthorised plain =
        assertInstanceOf(
            OllamaException.Unauthorised.class,
            of(ASK, 401, "{\"error\":\"unauthorized\",\"signin_url\":7}"));
    assertTrue(plain.signInUrl().isEmpty());
    assertTrue(
        assertInstanceOf(OllamaException.Unauthorised.class, of(ApiRequest.get("api/ps"), 403, ""))
            .model()
            .isEmpty());
  }

  @Test
  void notFoundWithoutAModel_isAnEndpointThatIsMissing() {
    assertInstanceOf(
        OllamaException.ProtocolViolation.class,
        of(ApiRequest.get("api/ps"), 404, json("route not found")));
    assertEquals(
        "m",
        assertInstanceOf(OllamaException.ModelNotFound.class, of(ASK, 404, json("x not found")))
            .model()
            .orElse(""));
  }

  /** A caller's switch over the family is complete; a new member must be met with thought. */
  @Test
  void familyIsSealed() {
    assertTrue(OllamaException.class.isSealed());
    Set<String> members =
        Arrays.stream(OllamaException.class.getPermittedSubclasses())
            .map(Class::getSimpleName)
            .collect(Collectors.toSet());
    assertEquals(
        Set.of(
            "ModelNotFound",
            "BadRequest",
            "Unsupported",
            "OutOfMemory",
            "NoSpace",
            "RunnerDied",
            "ServerBusy",
            "RegistryFailed",
            "Unreachable",
            "TimedOut",
            "Cancelled",
            "StreamBroken",
            "Unauthorised",
            "ProtocolViolation",
            "ServerError"),
        members);
  }
}
