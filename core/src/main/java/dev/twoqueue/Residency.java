package dev.twoqueue;

import java.util.List;
import java.util.stream.Collectors;

/** What the model server holds, as observed and never as assumed. */
public sealed interface Residency {

  /**
   * The server answered.
   *
   * <p>The constructor throws {@link NullPointerException} when the list or an entry is null.
   *
   * @param models all that it holds, workers and always-resident ones
   */
  record Observed(List<ResidentModel> models) implements Residency {
    public Observed {
      models = Arguments.copyOf(models, "models");
    }

    /**
     * The worker models among them.
     *
     * @return those that would be evicted before another worker model is loaded
     */
    public List<ResidentModel> workers() {
      return onlyWorkers()
          ? models // with every look, and mostly there is nothing else
          : models.stream().filter(Observed::isWorker).toList();
    }

    private boolean onlyWorkers() {
      for (int i = 0; i < models.size(); i++) {
        if (!isWorker(models.get(i))) {
          return false;
        }
      }
      return true;
    }

    private static boolean isWorker(ResidentModel model) {
      return model.role() == ResidentModel.Role.WORKER;
    }

    @Override
    public String toString() {
      return models.isEmpty()
          ? "nothing resident"
          : models.stream().map(ResidentModel::model).collect(Collectors.joining(", "));
    }
  }

  /**
   * Nobody could say. Never taken for "nothing is resident".
   *
   * <p>The constructor throws {@link IllegalArgumentException} when the reason is blank.
   *
   * @param reason why, for people
   */
  record Unknown(String reason) implements Residency {
    public Unknown {
      Arguments.notBlank(reason, "reason");
    }

    @Override
    public String toString() {
      return "unknown: " + reason;
    }
  }

  /**
   * The given models are resident and no others.
   *
   * @param models what the server holds
   * @return the observation
   */
  static Residency of(List<ResidentModel> models) {
    return new Observed(models);
  }

  /**
   * Nobody could say.
   *
   * @param reason why, for people
   * @return the observation
   */
  static Residency unknown(String reason) {
    return new Unknown(reason);
  }
}
