package dev.twoqueue.ollama.forecast;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the header of one file says.
 *
 * @param info its keys
 * @param tensors the sizes of the tensors that it describes
 * @param hasOutput whether an output layer is among them
 * @param fileBytes the size of the file
 */
record GgufHeader(
    Map<String, @Nullable Object> info, TensorSummary tensors, boolean hasOutput, long fileBytes) {}
