package dev.twoqueue;

import java.util.Optional;

/**
 * A gate or the forecast refused the task before any of it ran. Where memory was the reason the
 * message says what is needed, free and reserved, and by how much it is over, by part.
 */
public final class TaskRefusedException extends TwoQueueException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final transient Optional<MemoryForecast> forecast;

  /**
   * A refusal.
   *
   * @param task the task's name
   * @param reason why
   * @param forecast the memory forecast, where there is one
   */
  public TaskRefusedException(String task, String reason, Optional<MemoryForecast> forecast) {
    super(
        "The task was refused: "
            + reason
            + forecast
                .filter(f -> !f.fits())
                .map(f -> System.lineSeparator() + f.describe() + System.lineSeparator())
                .orElse(""),
        "task '" + task + "', pre-flight",
        forecast.filter(f -> !f.fits()).isPresent()
            ? "Use a smaller model, context or quantisation, or free memory."
            : "Remove the reason and submit it again.");
    this.reason = reason;
    this.forecast = forecast;
  }

  /**
   * Why.
   *
   * @return as the gate said it
   */
  public String reason() {
    return reason;
  }

  /**
   * Need against memory.
   *
   * @return empty where memory was not looked at, and after deserialisation
   */
  @SuppressWarnings("OptionalAssignedToNull") // a transient field is null after deserialisation
  public Optional<MemoryForecast> forecast() {
    return forecast == null ? Optional.empty() : forecast;
  }
}
