package dev.twoqueue.ollama;

/**
 * A piece of a streamed answer.
 *
 * @param text the next piece of the answer; may be empty
 * @param thinking the next piece of the model's thinking; mostly empty
 */
public record OllamaChunk(String text, String thinking) {}
