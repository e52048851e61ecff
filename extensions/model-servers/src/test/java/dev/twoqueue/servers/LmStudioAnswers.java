package dev.twoqueue.servers;

/** The documented answers of LM Studio. */
final class LmStudioAnswers {
  static final String V1 = "GET /api/v1/models";
  static final String V0 = "GET /api/v0/models";
  static final String LOAD = "POST /api/v1/models/load";
  static final String UNLOAD = "POST /api/v1/models/unload";
  static final String UNEXPECTED =
      "{\"error\":\"Unexpected endpoint or method. (GET /api/v1/models)\"}";
  static final String LOADED =
      "{\"type\":\"llm\",\"instance_id\":\"m\",\"load_time_seconds\":9.099,\"status\":\"loaded\"}";

  private LmStudioAnswers() {}

  static String models(String... instances) {
    return "{\"models\":[{\"type\":\"llm\",\"publisher\":\"p\",\"key\":\"m\",\"architecture\":null,"
        + "\"quantization\":{\"name\":\"Q4_0\",\"bits_per_weight\":4},\"size_bytes\":241410208,"
        + "\"loaded_instances\":["
        + String.join(",", instances)
        + "],\"max_context_length\":32768,\"format\":\"gguf\",\"description\":null},"
        + "{\"type\":\"embedding\",\"key\":\"e\",\"size_bytes\":274290560,\"loaded_instances\":"
        + "[{\"id\":\"e\",\"config\":{\"context_length\":2048}}]}]}";
  }

  static String instance(String id, int context) {
    return "{\"id\":\"" + id + "\",\"config\":{\"context_length\":" + context + "}}";
  }
}
