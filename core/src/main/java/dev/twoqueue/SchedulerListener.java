package dev.twoqueue;

/** Is told what the scheduler does. */
@FunctionalInterface
public interface SchedulerListener {

  /**
   * Takes one event. Events come in order, one at a time, on the scheduler's callback executor. A
   * listener that throws is logged; one that is slow loses the newest events once {@link
   * SchedulerBuilder#eventBuffer} of them wait for it, and is told how many by {@link
   * SchedulerEvent.Lost}.
   *
   * @param event what happened
   */
  void onEvent(SchedulerEvent event);
}
