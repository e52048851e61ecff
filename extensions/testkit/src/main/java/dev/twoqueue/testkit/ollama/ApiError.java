package dev.twoqueue.testkit.ollama;

/** An answer that is not 200. */
final class ApiError extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;

  ApiError(int status, String text) {
    super(text);
    this.status = status;
  }

  static ApiError notFound(String model) {
    return new ApiError(404, "model '" + model + "' not found");
  }

  int status() {
    return status;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
